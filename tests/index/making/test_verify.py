from __future__ import annotations

from pathlib import Path

import pytest

from auditor.errors import IndexProblem
from auditor.imaging.conformance import VectorResult
from auditor.index.making import verify as module
from auditor.index.making.verify import verify_index
from tests.index.samples import TODAY, make_index, person, record


def test_what_was_checked_is_said(tmp_path: Path) -> None:
    make_index(tmp_path / "i", [person()], [record(0)])
    result = verify_index(tmp_path / "i", today=TODAY, self_test=True)
    assert result.index.manifest.counts["works"] == 1
    said = "\n".join(result.checks)
    for what in ("index.json", "artists.parquet: SHA-256 and 1 rows", "ids are unique", "pdq@1, phash@1, pixels@1"):
        assert what in said
    assert result.warnings == ("it is not signed, so it cannot be told who made it.",)


def test_only_algorithms_that_the_index_has_are_tested(tmp_path: Path) -> None:
    make_index(tmp_path / "i")
    assert not any("self-test" in check for check in verify_index(tmp_path / "i", today=TODAY, self_test=True).checks)


def test_a_machine_that_computes_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_index(tmp_path / "i", [person()], [record(0)])
    monkeypatch.setattr(module, "run_vector", lambda vector: VectorResult("pdq@1", "noise", False, "3 bits differ"))
    with pytest.raises(IndexProblem, match=r"pdq@1 otherwise .*noise: 3 bits differ.*Install"):
        verify_index(tmp_path / "i", today=TODAY, self_test=True)


def test_files_beside_it_are_pointed_out(tmp_path: Path) -> None:
    make_index(tmp_path / "i")
    (tmp_path / "i" / "README.md").write_text("x")
    warnings = verify_index(tmp_path / "i", today=TODAY).warnings
    assert any("not covered by its digest: README.md" in warning for warning in warnings)
