from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from auditor.errors import MissingExtra
from auditor.imaging.iscc import code_of, code_of_text, image_bits, image_code, text_of
from auditor.imaging.pixels import Picture, decode
from auditor.support import extras
from tests.index.samples import picture

pytest.importorskip("iscc_lib")


def decoded(image: Image.Image) -> Picture:
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return decode(stream.getvalue())


def test_codes_agree_with_the_reference_implementation_on_fifty_pictures() -> None:
    iscc_core = pytest.importorskip("iscc_core")
    for seed in range(50):
        image = picture(seed, (150 + 7 * seed, 300 - 3 * seed))
        small = image.convert("L").resize((32, 32), Image.Resampling.BICUBIC)
        expected = iscc_core.gen_image_code_v0(list(small.tobytes()))["iscc"]
        assert code_of(np.asarray(image)) == expected


def test_borders_do_not_count() -> None:
    image = picture(3, (300, 240))
    framed = ImageOps.expand(image, 60, "black")
    bare, whole = (np.frombuffer(code_of_text(image_code(decoded(i))), np.uint8) for i in (image, framed))
    assert np.bitwise_count(bare ^ whole).sum() <= 4
    assert len(image_bits(decoded(framed))) == 2
    assert len(image_bits(decoded(image))) == 1


def test_bits_are_those_behind_the_header() -> None:
    assert code_of_text("ISCC:EEAYAAAAAAAAAAAA") == bytes([0x80, 0, 0, 0, 0, 0, 0, 0])
    assert code_of_text("EEAYAAAAAAAAAAAA") == code_of_text("ISCC:EEAYAAAAAAAAAAAA")
    assert text_of(code_of_text("EEAYAAAAAAAAAAAA")) == "ISCC:EEAYAAAAAAAAAAAA"


@pytest.mark.parametrize(
    "text", ["", "ISCC:", "ISCC:EEAYAAAAAAAAAAA", "ISCC:AAAYAAAAAAAAAAAA", "no base32 !", "ISCC:\u00e9"]
)
def test_what_is_no_image_code_has_no_bits(text: str) -> None:
    assert code_of_text(text) == b""


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr(extras.importlib, "import_module", missing)
    with pytest.raises(MissingExtra, match=r"\[iscc\]"):
        code_of(np.zeros((8, 8, 3), np.uint8))
