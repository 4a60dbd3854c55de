from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from auditor.checks.copies import hashes as copies
from auditor.checks.copies.hashes import hash_candidates, render
from auditor.imaging.iscc import image_code
from auditor.imaging.perceptual import whole_views
from auditor.imaging.pixels import Picture, decode
from auditor.index.search.columns import Searcher, open_searcher
from auditor.thresholds import DEFAULT
from tests.index.samples import make_index, person, picture, record

pytest.importorskip("iscc_lib")


def decoded(image: Image.Image, **options: object) -> Picture:
    stream = io.BytesIO()
    image.save(stream, "PNG", **options)
    return decode(stream.getvalue())


@pytest.fixture
def searcher(tmp_path: Path) -> Searcher:
    known = [replace(record(n), pdq=None, phash=None, iscc=image_code(decoded(picture(n)))) for n in range(3)]
    return open_searcher([make_index(tmp_path / "i", [person()], known)])


def test_a_resized_copy_asks_for_review(searcher: Searcher) -> None:
    copy = decoded(picture(1).resize((120, 96)))
    (found,) = hash_candidates(copy, whole_views(copy), searcher, DEFAULT)
    assert (found.work, found.rule, found.severity) == (1, "copy.similar", "medium")
    finding = render(found, searcher.listed(found.work), 0, "00" * 32)
    assert "ISCC Image-Code distance" in finding.message
    assert "picture 1" in finding.message


def test_another_picture_does_not(searcher: Searcher) -> None:
    other = decoded(picture(9))
    assert hash_candidates(other, whole_views(other), searcher, DEFAULT) == ()


def test_plain_pictures_and_missing_packages_are_left_out(searcher: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = decoded(Image.new("RGB", (200, 200), "white"))
    assert hash_candidates(plain, whole_views(plain), searcher, DEFAULT) == ()
    copy = decoded(picture(1))
    assert len(hash_candidates(copy, whole_views(copy), searcher, DEFAULT)) == 1
    monkeypatch.setattr(copies, "available", lambda package: False)
    assert hash_candidates(copy, whole_views(copy), searcher, DEFAULT) == ()


def test_an_index_without_codes_costs_nothing(tmp_path: Path) -> None:
    searcher = open_searcher([make_index(tmp_path / "i", [person()], [record(0)])])
    copy = decoded(picture(1))
    assert hash_candidates(copy, whole_views(copy), searcher, DEFAULT) == ()
