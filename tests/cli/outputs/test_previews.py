from __future__ import annotations

import base64
import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from auditor.cli.outputs import previews
from auditor.cli.outputs.previews import BLURRED_SIDE, THUMBNAIL_SIDE, make_preview, make_previews
from auditor.errors import PictureError
from auditor.outcome import DatasetInfo, Report, Source
from tests.pictures import encoded, painting
from tests.report import examples


def shown(uri: str) -> Image.Image:
    assert uri.startswith("data:image/jpeg;base64,")
    return Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2])))


@pytest.mark.parametrize("size", [(900, 300), (300, 900), (64, 48)])
def test_a_blurred_preview_holds_next_to_nothing(size: tuple[int, int]) -> None:
    preview = make_preview(encoded(painting(1, size)))
    assert (preview.width, preview.height) == size
    assert preview.blurred
    assert max(shown(preview.data_uri).size) <= BLURRED_SIDE
    assert len(preview.data_uri) < 2_000


def test_a_thumbnail_is_readable_and_small() -> None:
    preview = make_preview(encoded(painting(1, (1200, 800))), thumbnail=True)
    assert shown(preview.data_uri).size == (THUMBNAIL_SIDE, THUMBNAIL_SIDE * 2 // 3)
    assert not preview.blurred


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(PictureError):
        make_preview(b"no picture")


def report_about(folder: Path, *names: str) -> Report:
    rows = tuple(examples.finding("copy.exact", name, f"A copy {name}.") for name in names)
    return replace(examples.report_of(rows), dataset=DatasetInfo((Source(str(folder), "flat"),), "0" * 64))


def test_previews_of_the_samples_with_findings_alone(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.png").write_bytes(encoded(painting(number)))
    (tmp_path / "bad.png").write_bytes(b"no picture")
    assert set(make_previews(report_about(tmp_path, "0.png", "2.png", "bad.png", "gone.png"))) == {"0.png", "2.png"}


def test_a_dataset_that_is_gone_gives_none(tmp_path: Path) -> None:
    assert make_previews(report_about(tmp_path / "nowhere", "0.png")) == {}


def test_the_most_urgent_come_first_where_there_are_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previews, "MAX_PREVIEWS", 1)
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(encoded(painting(1)))
    report = report_about(tmp_path, "a.png", "b.png")
    low = replace(report.findings[0], severity="low")
    assert set(make_previews(replace(report, findings=(low, report.findings[1])))) == {"b.png"}
