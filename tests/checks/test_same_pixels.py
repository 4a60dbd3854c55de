"""The pixel digest: asked for wherever it can find something, and only there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from auditor import audit
from auditor.audit import examine_picture
from auditor.checks.interface import Context
from auditor.imaging.exact import pixel_sha256
from auditor.imaging.perceptual import whole_views
from auditor.imaging.pixels import decode
from auditor.index.schema import WorkRecord
from auditor.index.search import open_searcher
from auditor.model import BytesPayload, Sample
from auditor.options import AuditOptions
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
    monkeypatch.setattr(audit, "pixel_sha256", lambda _: pytest.fail("the digest was made for nothing"))
    assert rules(tmp_path, work(painting(1)), painting(2)) == []


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
