"""What a listing asks of every finding about it."""

from __future__ import annotations

import pytest

from auditor.checks.listing import eased
from auditor.model import SEVERITIES, Severity


@pytest.mark.parametrize("severity", SEVERITIES)
def test_only_a_constrained_listing_eases_and_only_what_was_high(severity: Severity) -> None:
    assert eased(severity, "prohibited") == severity
    assert eased(severity, "constrained") == ("medium" if severity == "high" else severity)
