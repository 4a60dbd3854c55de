"""Every signal through every container, written by real tools: each cell is read, or known not to be carried."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from auditor.metadata.read import read_metadata
from auditor.metadata.values import FileMetadata
from tests.metadata.material import making
from tests.programs import program

NAME = "Aldebrand Quenzle"
CODE = making.VOCABULARY + "DMI-PROHIBITED-GENAIMLTRAINING"
AI = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
PROMPT = f"a harbour, by {NAME}\nNegative prompt: blurry\nSteps: 20, Sampler: Euler a"

SEEN: dict[str, Callable[[FileMetadata], bool]] = {
    "plus": lambda m: any(r.field == "plus:DataMining" and r.meaning == "prohibited" for r in m.reservations),
    "tdm": lambda m: any(r.field == "tdm:reservation" and r.meaning == "review" for r in m.reservations),
    "source-type": lambda m: any(kind.made == "wholly" for kind in m.generation.source_types),
    "xmp-creator": lambda m: (NAME, "XMP dc:creator") in [(t.value, t.source) for t in m.of_kind("creator")],
    "exif-artist": lambda m: (NAME, "EXIF Artist") in [(t.value, t.source) for t in m.of_kind("creator")],
    "exif-copyright": lambda m: any(t.source == "EXIF Copyright" and NAME in t.value for t in m.of_kind("rights")),
    "iptc-byline": lambda m: (NAME, "IPTC By-line") in [(t.value, t.source) for t in m.of_kind("creator")],
    "prompt": lambda m: any(NAME in t.value for t in m.generation.positive) and m.generation.is_ai,
}
PACKET = making.packet(
    f"<plus:DataMining>{CODE}</plus:DataMining><tdm:reservation>1</tdm:reservation>"
    f"<Iptc4xmpExt:DigitalSourceType>{AI}</Iptc4xmpExt:DigitalSourceType>"
    f"<dc:creator><rdf:Seq><rdf:li>{NAME}</rdf:li></rdf:Seq></dc:creator>"
)
XMP_SIGNALS = ("plus", "tdm", "source-type", "xmp-creator")


def seen(data: bytes) -> set[str]:
    """The signals that are read from a file."""
    metadata = read_metadata(data)
    assert not [note for note in metadata.notes if note.reason not in ("remote-manifest",)], metadata.notes
    return {signal for signal, test in SEEN.items() if test(metadata)}


def _pillow(kind: str) -> bytes:
    image = Image.fromarray(making.pixels())
    exif = Image.Exif()
    exif[0x013B], exif[0x8298] = NAME, f"(c) {NAME}"
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + PROMPT.encode("utf-16-be")
    buffer = io.BytesIO()
    if kind == "PNG":
        info = PngImagePlugin.PngInfo()
        info.add_itxt("XML:com.adobe.xmp", PACKET.decode())
        info.add_text("parameters", PROMPT)
        image.save(buffer, kind, pnginfo=info, exif=exif)
    elif kind == "TIFF":
        exif[700] = PACKET
        image.save(buffer, kind, exif=exif)
    elif kind == "GIF":
        image.save(buffer, kind, comment=PROMPT)
    else:
        image.save(buffer, kind, exif=exif, xmp=PACKET)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", making.FORMATS)
def test_signals_that_pillow_wrote_are_read(kind: str) -> None:
    carried = {"prompt"} if kind == "GIF" else set(SEEN) - {"iptc-byline"}
    data = _pillow(kind)
    if kind == "TIFF":
        # Pillow leaves the EXIF directory out of a TIFF: the prompt is nowhere in the file.
        assert PROMPT.encode("utf-16-be") not in data
        carried -= {"prompt"}
    assert seen(data) == carried


EXIFTOOL_CONFIG = """
%Image::ExifTool::UserDefined = (
  'Image::ExifTool::XMP::Main' => { tdm => { SubDirectory => { TagTable => 'Image::ExifTool::UserDefined::tdm' } } },
  'Image::ExifTool::PLUS::XMP' => { DataMining => { } },
);
%Image::ExifTool::UserDefined::tdm = (
  GROUPS => { 0 => 'XMP', 1 => 'XMP-tdm', 2 => 'Other' }, NAMESPACE => { 'tdm' => 'http://www.w3.org/ns/tdmrep/' },
  WRITABLE => 'string', reservation => { }, policy => { },
);
1;
"""


@pytest.mark.skipif(program("exiftool") is None, reason="exiftool is not installed")
@pytest.mark.parametrize("kind", making.FORMATS)
def test_signals_that_exiftool_wrote_are_read(kind: str, tmp_path: Path) -> None:
    config, source = tmp_path / "config.pl", tmp_path / f"a.{making.EXTENSIONS[kind]}"
    config.write_text(EXIFTOOL_CONFIG)
    source.write_bytes(making.picture(kind))
    command = ["exiftool", "-config", str(config), "-q", "-m", "-overwrite_original", "-n"]
    values = {
        "XMP-plus:DataMining": CODE,
        "XMP-tdm:reservation": "1",
        "XMP-iptcExt:DigitalSourceType": AI,
        "XMP-dc:Creator": NAME,
        "EXIF:Artist": NAME,
        "EXIF:Copyright": f"(c) {NAME}",
        "EXIF:UserComment": PROMPT,
        "IPTC:By-line": NAME,
    }
    subprocess.run([*command, *(f"-{key}={value}" for key, value in values.items()), str(source)], check=True)
    carried = {
        "GIF": set(XMP_SIGNALS),
        "WEBP": set(SEEN) - {"iptc-byline"},
        "AVIF": set(SEEN) - {"iptc-byline"},
        "PNG": set(SEEN),
    }.get(kind, set(SEEN))
    assert seen(source.read_bytes()) == carried


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_signals_that_exiv2_wrote_are_read(kind: str, tmp_path: Path) -> None:
    pyexiv2 = pytest.importorskip("pyexiv2", reason="pyexiv2 is not installed", exc_type=ImportError)
    source = tmp_path / f"a.{making.EXTENSIONS[kind]}"
    source.write_bytes(making.picture(kind))
    with pyexiv2.Image(str(source)) as image:
        image.modify_raw_xmp(PACKET.decode())
        image.modify_exif(
            {
                "Exif.Image.Artist": NAME,
                "Exif.Image.Copyright": f"(c) {NAME}",
                "Exif.Photo.UserComment": f"charset=Unicode {PROMPT}",
            }
        )
        image.modify_iptc({"Iptc.Application2.Byline": [NAME]})
    carried = set(SEEN) - ({"iptc-byline"} if kind == "WEBP" else set())
    assert seen(source.read_bytes()) == carried


@pytest.mark.skipif(program("convert") is None, reason="ImageMagick is not installed")
def test_raw_profiles_that_imagemagick_wrote_are_read(tmp_path: Path) -> None:
    source, target = tmp_path / "a.jpg", tmp_path / "a.png"
    exif = making.exif_block({0x013B: (2, NAME.encode() + b"\0"), 0x8298: (2, f"(c) {NAME}\0".encode())})
    source.write_bytes(
        making.jpeg(
            making.segment(0xE1, b"Exif\0\0" + exif),
            making.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PACKET),
            making.segment(0xED, b"Photoshop 3.0\0" + making.photoshop(0x0404, making.iptc_record(80, NAME.encode()))),
        )
    )
    subprocess.run(["convert", str(source), str(target)], check=True)
    written = target.read_bytes()
    assert b"Raw profile type" in written
    assert seen(written) == {*XMP_SIGNALS, "exif-artist", "exif-copyright", "iptc-byline"}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "GIF"])
def test_prefixes_do_not_matter_and_namespaces_do(kind: str) -> None:
    def put(xmp: bytes) -> bytes:
        if kind == "GIF":
            return making.gif(making.gif_extension(b"XMP DataXMP", xmp))
        if kind == "PNG":
            return making.png(making.chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp))
        if kind == "TIFF":
            return making.picture(kind, tiffinfo={700: xmp})
        return making.picture(kind, xmp=xmp)

    own = f'xmlns:q="{making.PLUS}" xmlns:z="http://www.w3.org/ns/tdmrep#"'
    renamed = making.packet(f"<q:DataMining>{CODE}</q:DataMining><z:reservation>1</z:reservation>", "", own)
    foreign = (
        making.packet("", f'plus:DataMining="{CODE}" tdm:reservation="1"', "")
        .replace(making.PLUS.encode(), b"http://example.com/mine/")
        .replace(b"w3.org/ns/tdmrep/", b"example.com/tdm/")
    )
    assert seen(put(renamed)) == {"plus", "tdm"}
    assert seen(put(foreign)) == set()
