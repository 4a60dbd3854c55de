"""Writes the kept seeds: `python -m tests.fuzz.seeds`. Everything is made by the project's own writers and tests.

Seeds are small, so that many inputs a second can be tried, and each is sound, so that a change of it gets far.
Signatures and keys are new each time; the rest stays as it is, apart from what another Pillow encodes otherwise.
"""

from __future__ import annotations

import gzip
import io
import json
import lzma
import shutil
import struct
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from auditor.index.exchange.interface import FORMATS
from tests.datasets.making import PNG
from tests.fuzz import seeds_of_texts
from tests.metadata.material import making, signing, writers
from tests.pictures import encoded, painting

CORPUS = Path(__file__).parent / "corpus"
Seeds = Iterator[tuple[str, bytes]]
NAME = "Mirela Ashdown"


def pictures() -> Seeds:
    """A small picture of every format, and of the readings that differ: turned, transparent, 16 bit, palette."""
    image = painting(1, (48, 36))
    for format in ("PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP", "AVIF", "ICO", "PPM", "TGA", "JPEG2000"):
        yield format.lower(), encoded(image, format)
    turned = Image.Exif()
    turned[0x0112] = 6
    yield "turned-jpeg", encoded(image, "JPEG", exif=turned.tobytes(), quality=40)
    yield "progressive-jpeg", encoded(image, "JPEG", progressive=True, quality=40)
    clear = image.convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize(image.size))
    yield "transparent-png", encoded(clear)
    yield "transparent-webp", encoded(clear, "WEBP", lossless=False, quality=40)
    yield "palette-png", encoded(image.convert("P", palette=Image.Palette.ADAPTIVE, colors=16))
    yield "grey-16-png", encoded(image.convert("L").convert("I;16"))
    yield "bilevel-tiff", encoded(image.convert("1"), "TIFF", compression="group4")
    yield "lzw-tiff", encoded(image, "TIFF", compression="tiff_lzw")
    yield "cmyk-jpeg", encoded(image.convert("CMYK"), "JPEG", quality=40)
    yield "frames-gif", encoded(image, "GIF", save_all=True, append_images=[image.rotate(90)])


def whole_pictures() -> Seeds:
    """The same, and a reduced copy of a work that the harness's index lists."""
    yield from pictures()
    yield "copy", encoded(painting(1).resize((120, 90)), "JPEG", quality=60)
    yield "part", encoded(painting(10).crop((60, 40, 320, 260)), "JPEG", quality=60)


def metadata() -> Seeds:
    """A file of every writer of metadata, and of every container."""
    for name in (
        "a1111_jpeg", "a1111_webp", "a1111_avif", "a1111_png_after_pixels", "comfy_png", "comfy_webp", "comfy_subgraph",
        "invoke_metadata", "novelai_png", "fooocus_jpeg", "swarm_jpeg", "draw_things", "midjourney", "easy_diffusion",
        "iptc_prompt",
    ):  # fmt: skip
        yield name, getattr(writers, name)(f"a castle by {NAME}", "blurry")
    for kind in making.FORMATS:
        options = {} if kind == "GIF" else {"xmp": making.data_mining("DMI-PROHIBITED")}
        yield f"xmp-{kind.lower()}", making.picture(kind, **options)
    signed = signing.sign(making.picture("PNG"), "PNG", signing.training_mining(ai_generative_training="notAllowed"))
    yield "signed-png", signed


def xmp() -> Seeds:
    yield "reserved", making.data_mining("DMI-PROHIBITED-GENAIMLTRAINING")
    yield "tdm", making.packet("<tdm:reservation>1</tdm:reservation><tdm:policy>https://example.org/p</tdm:policy>")
    yield "attributes", making.packet(attributes='tdm:reservation="1" dcterms:provenance="https://example.org/m.c2pa"')
    yield (
        "bags",
        making.packet(
            f"<dc:creator><rdf:Seq><rdf:li>{NAME}</rdf:li></rdf:Seq></dc:creator><dc:rights><rdf:Alt>"
            '<rdf:li xml:lang="x-default">No AI training.</rdf:li></rdf:Alt></dc:rights>'
            "<xmpRights:UsageTerms><rdf:Alt><rdf:li>x</rdf:li></rdf:Alt></xmpRights:UsageTerms>"
            '<Iptc4xmpExt:DigitalSourceType rdf:resource="' + signing.AI + '"/>'
        ),
    )
    yield "utf-16", making.data_mining("DMI-ALLOWED").decode().encode("utf-16")


def exif() -> Seeds:
    block = Image.Exif()
    for tag, value in {0x013B: NAME, 0x8298: "No AI training", 0x010E: "a castle", 0x0131: "NovelAI"}.items():
        block[tag] = value
    block.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0by mirela ashdown"
    yield "texts", block.tobytes()[6:]
    yield "comment", making.user_comment(writers.a1111_text("a castle", "blurry"))
    block[0x02BC] = making.data_mining("DMI-PROHIBITED")
    block[0x9C9F] = NAME.encode("utf-16-le")
    yield "xmp-inside", block.tobytes()[6:]
    yield "big-endian", b"MM\0*" + struct.pack(">IHHHII", 8, 1, 0x013B, 2, 4, 0x61620000) + bytes(4)


def iptc() -> Seeds:
    def record(number: int, value: bytes) -> bytes:
        return b"\x1c\x02" + bytes([number]) + struct.pack(">H", len(value)) + value

    records = record(80, NAME.encode()) + record(116, b"No AI training") + record(120, b"a castle")
    yield "records", b"\x1c\x01\x5a\x00\x03\x1b%G" + records
    head = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(records)) + records + bytes(len(records) % 2)
    packet = making.data_mining("DMI-PROHIBITED")
    yield "resources", head + b"8BIM\x04\x24\0\0" + struct.pack(">I", len(packet)) + packet + bytes(len(packet) % 2)


def prompts() -> Seeds:
    """Key and text of every writer."""
    made = [name for name in dir(writers) if isinstance(getattr(writers, name), Callable)]  # type: ignore[arg-type]
    for name in made:
        maker = getattr(writers, name)
        if not name.endswith(("_png", "_text", "_workflow", "_graph", "_metadata", "_dream", "_json", "_nodes")):
            continue
        if maker.__module__ != writers.__name__ or name.startswith("_"):
            continue
        data = maker(f"a castle by {NAME}, (oil:1.2)", "blurry")
        if isinstance(data, str):
            yield name, b"parameters\n" + data.encode()
            continue
        with Image.open(io.BytesIO(data)) as image:
            image.load()
            for key, value in image.info.items():
                if isinstance(value, str):
                    yield f"{name}-{key.replace(':', '-').replace(' ', '-')}", f"{key}\n{value}".encode()


def side_json() -> Seeds:
    table = {"url": "https://example.org/a.jpg", "exif": json.dumps({"Image Artist": NAME, "Image Copyright": "x"})}
    yield "img2dataset", json.dumps(table).encode()
    yield "opened", json.dumps({"original_url": "x", "exif": {"Image ImageDescription": "a castle"}}).encode()


def _store() -> bytes:
    """The manifest store of a signed PNG."""
    ai = signing.actions(source_type=signing.AI)
    data = signing.sign(making.picture("PNG"), "PNG", ai, signing.training_mining(ai_training="constrained"))
    at = data.index(b"caBX")
    return data[at + 4 : at + 4 + int.from_bytes(data[at - 4 : at], "big")]


def c2pa_store() -> Seeds:
    yield "signed", _store()


def c2pa_json() -> Seeds:
    import c2pa

    data = signing.sign(
        making.picture("PNG"), "PNG", signing.actions(source_type=signing.AI),
        signing.training_mining(ai_generative_training={"use": "constrained", "constraint_info": "ask"}),
        {"label": "stds.schema-org.CreativeWork", "data": {"author": [{"@type": "Person", "name": NAME}]}},
        {"label": "com.example.generation", "data": {"prompt": f"by {NAME}", "parts": [{"prompt": ["x"]}]}},
    )  # fmt: skip
    with c2pa.Reader("image/png", io.BytesIO(data)) as reader:
        yield "signed", json.dumps(json.loads(reader.json()), indent=1).encode()


def stealth() -> Seeds:
    text = f"parameters by {NAME}".encode()
    for signature in (b"stealth_pnginfo", b"stealth_rgbinfo"):
        yield signature.decode(), signature + (len(text) * 8).to_bytes(4, "big") + text
    packed = gzip.compress(text, mtime=0)
    yield "packed", b"stealth_pngcomp" + (len(packed) * 8).to_bytes(4, "big") + packed
    yield "packed-rgb", b"stealth_rgbcomp" + (len(packed) * 8).to_bytes(4, "big") + packed


def _cache() -> bytes:
    import tempfile

    from auditor.outcome import PictureResult
    from auditor.run.memory.store import ResultCache

    with tempfile.TemporaryDirectory() as home:
        cache = ResultCache(Path(home), "key", 1)
        cache.remember_result(PictureResult("c", (), False, None), "")
        cache.close()
        return cache.path.read_bytes()


def cache_file() -> Seeds:
    yield "one-result", _cache()


def safetensors() -> Seeds:
    for name, header in safetensors_header():
        yield name, len(header).to_bytes(8, "little") + header + bytes(4)


def safetensors_header() -> Seeds:
    tensor = {"lora_down.weight": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}
    tags = json.dumps({"10_castle": {"by mirela ashdown": 3, "castle": 4}})
    datasets = json.dumps([{"tag_frequency": {"d": {"x": 1}}, "subsets": [{"image_dir": "10_castle"}]}])
    kohya = {"ss_tag_frequency": tags, "ss_datasets": datasets, "ss_output_name": NAME, "ss_dataset_dirs": "{}"}
    yield "kohya", json.dumps({"__metadata__": kohya, **tensor}).encode()
    others = {
        "modelspec.title": NAME, "modelspec.thumbnail": "data:image/png;base64,iVBORw0KGgo=", "format": "pt",
        "training_info": json.dumps({"step": 1, "words": [NAME]}),
        "provenance_audit": json.dumps({"predicateType": "x", "statement": {"sha256": "0" * 64}}),
    }  # fmt: skip
    yield "others", json.dumps({"__metadata__": others, **tensor}).encode()


def _tar(*members: tuple[str, bytes], **more: object) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", **more) as archive:  # type: ignore[call-overload]
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def tar() -> Seeds:
    sample = (("0.png", PNG), ("0.txt", b"a castle"), ("0.json", b'{"caption": "by mirela ashdown"}'))
    yield "shard", _tar(*sample)[:4096]
    yield "pax", _tar(("é" * 60 + ".png", PNG), format=tarfile.PAX_FORMAT)
    yield "gnu", _tar(("a" * 120 + ".png", PNG), format=tarfile.GNU_FORMAT)
    yield "gz", gzip.compress(_tar(*sample), mtime=0)
    yield "xz", lzma.compress(_tar(*sample))


def zipped() -> Seeds:
    for name, method in (("stored", zipfile.ZIP_STORED), ("deflated", zipfile.ZIP_DEFLATED)):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", method) as archive:
            for path, data in (("d/a.png", PNG), ("d/a.txt", b"by mirela ashdown"), ("é.png", PNG)):
                archive.writestr(zipfile.ZipInfo(path), data)
            archive.comment = b"a comment"
        yield name, stream.getvalue()


def parquet() -> Seeds:
    rows = [{"image": {"bytes": PNG, "path": "a.png"}, "text": f"by {NAME}"}, {"image": None, "text": None}]
    features = {"info": {"features": {"image": {"_type": "Image"}, "text": {"_type": "Value"}}}}
    table = pa.Table.from_pylist(rows).replace_schema_metadata({"huggingface": json.dumps(features)})
    plain = pa.table({"jpg": [PNG, None], "caption": ["a", "b"], "url": ["https://example.org/a.jpg", None]})
    for name, made in (("hugging-face", table), ("plain", plain)):
        stream = io.BytesIO()
        pq.write_table(made, stream, compression="none", write_statistics=False)
        yield name, stream.getvalue()


SEEDS: Mapping[str, Callable[[], Seeds]] = {
    "picture": whole_pictures,
    "pixels": pictures,
    "metadata": metadata,
    "xmp": xmp,
    "exif": exif,
    "iptc": iptc,
    "prompts": prompts,
    "side-json": side_json,
    "c2pa-store": c2pa_store,
    "c2pa-json": c2pa_json,
    "stealth": stealth,
    "cache-file": cache_file,
    "safetensors": safetensors,
    "safetensors-header": safetensors_header,
    "tar": tar,
    "zip": zipped,
    "parquet": parquet,
    **seeds_of_texts.SEEDS,
    **{f"exchange-{name}": (lambda name=name: seeds_of_texts.exchange(name)) for name in FORMATS},
}
"""Harness -> its seeds."""


def write(root: Path) -> int:
    """Write every seed below `root`, and return how many bytes they are together."""
    shutil.rmtree(root, ignore_errors=True)
    total = 0
    for harness, seeds in SEEDS.items():
        (root / harness).mkdir(parents=True)
        for name, data in seeds():
            (root / harness / name).write_bytes(data)
            total += len(data)
    return total


if __name__ == "__main__":
    sys.stdout.write(f"{write(CORPUS):,} bytes in {CORPUS}\n")
