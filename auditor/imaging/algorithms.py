"""Names of algorithms, for those who only ask whether an index holds such hashes."""

from __future__ import annotations

ISCC = "iscc-image@0"
