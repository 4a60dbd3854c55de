"""What `auditor` offers to notebooks and scripts is pinned here: adding to it is a decision."""

from __future__ import annotations

import inspect
import subprocess
import sys

import auditor


def test_exported_names() -> None:
    assert sorted(auditor.__all__) == [
        "Artist",
        "AuditorError",
        "Coverage",
        "Finding",
        "Index",
        "Match",
        "Report",
        "ScanOptions",
        "Skip",
        "TextMatch",
        "Verdict",
        "Work",
        "__version__",
        "load_index",
        "scan",
    ]
    for name in auditor.__all__:
        assert getattr(auditor, name) is not None
    assert set(auditor.__all__) <= set(dir(auditor))


def test_everything_public_is_documented() -> None:
    for name in auditor.__all__:
        value = getattr(auditor, name)
        if name != "__version__":
            assert inspect.getdoc(value), name


def test_scan_signature() -> None:
    assert list(inspect.signature(auditor.scan).parameters) == ["dataset", "indexes", "options", "progress", "notice"]
    assert list(inspect.signature(auditor.load_index).parameters) == ["path"]


def test_importing_the_package_is_light_and_silent() -> None:
    code = "import sys, auditor; print(sorted(m for m in ('cv2','faiss','pyarrow','PIL') if m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert done.stderr == ""


def test_an_unknown_name_is_an_attribute_error() -> None:
    import pytest

    with pytest.raises(AttributeError, match="no attribute 'scann'"):
        auditor.scann  # noqa: B018
