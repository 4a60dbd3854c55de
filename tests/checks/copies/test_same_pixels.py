"""The pixel digest: asked for wherever it can find something, and only there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from auditor.checks.copies import compare
from auditor.checks.examine import examine_picture
from auditor.checks.interface import Context
from auditor.checks.options import AuditOptions
from auditor.errors import PictureError
from auditor.imaging.exact import pixel_sha256
from auditor.imaging.perceptual import whole_views
from auditor.imaging.pixels import Picture, decode
from auditor.index.format.schema import WorkRecord
from auditor.index.search.columns import open_searcher
from auditor.model import BytesPayload, Sample
from auditor.thresholds import Thresholds
from tests.index.samples import make_index, person, record
from tests.pictures import encoded, painting

PLAIN = Image.fromarray(np.full((200, 300, 3), 200, np.uint8))


def work(picture: Image.Image) -> WorkRecord:
    decoded = decode(encoded(picture))
    view = whole_views(decoded)[0]
    return replace(
        record(1),
        width=decoded.width,
        height=decoded.height,
        sha256=(),
        pixel_sha256=pixel_sha256(decoded),
        pdq=view.pdq[0].tobytes(),
        pdq_quality=view.quality,
        phash=view.phash[0].tobytes(),
    )


def rules(folder: Path, listed: WorkRecord, picture: Image.Image, options: AuditOptions | None = None) -> list[str]:
    searcher = open_searcher([make_index(folder / "index", [person()], [listed])])
    data = encoded(picture, "PNG", compress_level=1)
    context = Context(copies=searcher, names=None)
    sample = Sample("a.png", BytesPayload(data))
    found = examine_picture(sample, data, context, options or AuditOptions()).findings
    return [finding.rule for finding in found]


@pytest.mark.parametrize("picture", [painting(1), PLAIN])
def test_a_picture_saved_again_is_found_by_its_pixels(tmp_path: Path, picture: Image.Image) -> None:
    assert rules(tmp_path, work(picture), picture) == ["copy.pixels"]


def test_a_work_without_other_hashes_is_found_by_its_pixels(tmp_path: Path) -> None:
    listed = replace(work(painting(1)), pdq=None, pdq_quality=None, phash=None)
    assert rules(tmp_path, listed, painting(1)) == ["copy.pixels"]


def test_no_bound_for_hashes_hides_equal_pixels(tmp_path: Path) -> None:
    listed = work(painting(1))
    other = replace(listed, pdq=bytes([listed.pdq[0] ^ 255]) + listed.pdq[1:]) if listed.pdq else listed
    options = AuditOptions(Thresholds(pdq_tight=0, pdq_loose=0, phash_tight=-1, phash_alone=-1))
    assert rules(tmp_path, other, painting(1), options) == ["copy.pixels"]


def test_a_picture_that_looks_like_no_work_is_not_digested(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "pixel_sha256", lambda _: pytest.fail("the digest was made for nothing"))
    assert rules(tmp_path, work(painting(1)), painting(2)) == []


def stripes(size: tuple[int, int]) -> Image.Image:
    """A picture of which most bits of PDQ are rounding noise."""
    across = (np.arange(size[0]) * 10 // size[0] % 2 * 150 + 50).astype(np.uint8)
    return Image.fromarray(np.broadcast_to(across[None, :, None], (size[1], size[0], 3)).copy())


@pytest.mark.parametrize("with_phash", [True, False])
@pytest.mark.parametrize("format", ["PNG", "JPEG"])
def test_equal_pixels_are_found_where_pdq_is_noise(tmp_path: Path, format: str, with_phash: bool) -> None:
    data = encoded(stripes((400, 320)), format)
    decoded = decode(data)
    view = whole_views(decoded)[0]
    assert view.quality >= 50
    listed = replace(
        work(painting(1)),
        width=400,
        height=320,
        pixel_sha256=pixel_sha256(decoded),
        pdq=bytes(255 - byte for byte in view.pdq[0].tobytes()),  # as far away as can be
        pdq_quality=view.quality,
        phash=view.phash[0].tobytes() if with_phash else None,
    )
    searcher = open_searcher([make_index(tmp_path / "index", [person()], [listed])])
    found = examine_picture(Sample("a", BytesPayload(data)), data, Context(searcher, None), AuditOptions()).findings
    assert [finding.rule for finding in found] == ["copy.pixels"]


def test_the_pixels_of_a_jpeg_that_is_decoded_at_reduced_size_are_found(tmp_path: Path) -> None:
    data = encoded(painting(1, (2600, 1800)), "JPEG", quality=80)
    decoded = decode(data)
    view = whole_views(decoded)[0]
    listed = replace(
        work(painting(1)),
        width=2600,
        height=1800,
        pixel_sha256=pixel_sha256(decoded),
        pdq=view.pdq[0].tobytes(),
        pdq_quality=view.quality,
        phash=view.phash[0].tobytes(),
    )
    searcher = open_searcher([make_index(tmp_path / "index", [person()], [listed])])
    found = examine_picture(Sample("a", BytesPayload(data)), data, Context(searcher, None), AuditOptions()).findings
    assert [finding.rule for finding in found] == ["copy.pixels"]


def test_what_the_hashes_found_stays_where_there_is_no_memory_for_all_pixels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def only_reduced(data: bytes, **options: object) -> Picture:
        if not options:
            raise PictureError("out-of-memory", "refused")
        return decode(data, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(compare, "decode", only_reduced)
    listed = work(painting(1))
    data = encoded(painting(1), "JPEG", quality=80)
    searcher = open_searcher([make_index(tmp_path / "index", [person()], [listed])])
    result = examine_picture(Sample("a", BytesPayload(data)), data, Context(searcher, None), AuditOptions())
    assert [finding.rule for finding in result.findings] == ["copy.whole"]
    assert result.problem == ("out-of-memory", "refused")


def test_a_jpeg_with_a_border_is_found_although_only_its_luminance_is_decoded(tmp_path: Path) -> None:
    listed = work(painting(1))
    bordered = ImageOps.expand(painting(1), 60, (240, 30, 30))
    searcher = open_searcher([make_index(tmp_path / "index", [person()], [listed])])
    for picture, view in ((painting(1).resize((270, 180)), "whole"), (bordered, "trimmed")):
        data = encoded(picture, "JPEG", quality=80)
        context = Context(copies=searcher, names=None)
        found = examine_picture(Sample("a.jpg", BytesPayload(data)), data, context, AuditOptions()).findings
        assert [finding.rule for finding in found] == ["copy.whole"]
        assert found[0].match is not None and found[0].match.view == view
