from __future__ import annotations

import pytest

from auditor.errors import UsageError
from auditor.report.interface import RENDERERS, Output, parse_output
from tests.report import examples


@pytest.mark.parametrize(
    ("value", "output"),
    [
        ("json", Output("json", None)),
        ("json=-", Output("json", None)),
        ("html=a/b=c.html", Output("html", "a/b=c.html")),
        ("parquet=f.parquet", Output("parquet", "f.parquet")),
    ],
)
def test_outputs(value: str, output: Output) -> None:
    assert parse_output(value) == output


@pytest.mark.parametrize(
    ("value", "said"),
    [("jsn=a", "did you mean json"), ("xyzzy", "choose one of"), ("json=", "name a file"), ("parquet", "binary")],
)
def test_a_wrong_output_says_what_to_do(value: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        parse_output(value)


@pytest.mark.parametrize("name", RENDERERS)
@pytest.mark.parametrize("make", [examples.full, examples.clean, examples.hostile])
def test_every_format_writes_every_report_twice_alike(name: str, make: object) -> None:
    report = make()  # type: ignore[operator]
    chosen = RENDERERS[name]
    written = chosen.render(report)
    assert isinstance(written, bytes if chosen.binary else str)
    assert written
    assert chosen.render(make()) == written  # type: ignore[operator]
    if isinstance(written, str):
        written.encode("utf-8")
        assert "\x1b" not in written
        assert "\u202e" not in written or name in {"json", "sarif"}
