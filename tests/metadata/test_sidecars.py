"""Side files: XMP, and what img2dataset writes beside a picture."""

from __future__ import annotations

import json

import pytest

from auditor.metadata.read import read_metadata
from tests.metadata.material import making

PICTURE = making.picture("JPEG")


@pytest.mark.parametrize("name", ["a.xmp", "a.jpg.xmp", "folder/a.XMP"])
def test_an_xmp_sidecar_speaks_for_its_picture(name: str) -> None:
    (found,) = read_metadata(PICTURE, ((name, making.data_mining("DMI-PROHIBITED")),)).reservations
    assert (found.meaning, found.where) == ("prohibited", f"XMP in sidecar {name}")


def test_img2dataset_rows_give_address_and_exif() -> None:
    exif = {
        "Image Artist": "Aldebrand Quenzle",
        "Image Copyright": "no AI training",
        "EXIF ExifVersion": "0220",
        "EXIF UserComment": "a house\nNegative prompt: x\nSteps: 20, Size: 1x1",
        "Image Orientation": 1,
    }
    row = {"url": "https://example.org/a.jpg", "caption": "c", "exif": json.dumps(exif), "status": "success"}
    metadata = read_metadata(PICTURE, (("000000001.json", json.dumps(row).encode()),))
    assert metadata.url == "https://example.org/a.jpg"
    assert [(t.value, t.kind) for t in metadata.texts] == [
        ("Aldebrand Quenzle", "creator"),
        ("no AI training", "rights"),
    ]
    assert metadata.texts[0].source == "sidecar 000000001.json EXIF Artist"
    assert metadata.generation.positive[0].value == "a house"


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{", b'{"url": 3, "exif": 7}', b'{"exif": "[1"}', b"\xff\xfe", b"[" * 50_000, b'{"exif": null}'],
)
def test_other_json_gives_nothing(data: bytes) -> None:
    metadata = read_metadata(PICTURE, (("a.json", data),))
    assert (metadata.url, metadata.texts, metadata.reservations) == (None, (), ())


def test_a_side_file_of_another_kind_is_left_alone() -> None:
    assert read_metadata(PICTURE, (("a.txt", making.data_mining("DMI-PROHIBITED")),)).reservations == ()
