"""What a file is, judged by its suffix, and by its first bytes where the suffix says nothing."""

from __future__ import annotations

from typing import Literal

from auditor.support import reading

Kind = Literal[
    "picture", "video", "text", "config", "table", "archive", "parquet", "latents", "model", "container", "other"
]


def _suffixes(words: str) -> frozenset[str]:
    return frozenset(f".{word}" for word in words.split())


PICTURES = _suffixes(
    "png apng jpg jpeg jpe jfif jif webp bmp dib gif tif tiff avif avifs heic heif hif jxl jp2 j2k j2c jpc jpf jpx "
    "ico icns tga icb vda vst psd pcx ppm pgm pbm pnm pfm dds eps ps sgi rgb rgba bw qoi xbm xpm blp bufr cur dcx "
    "emf wmf fit fits flc fli ftc ftu gbr grib im iim mpo msp palm pcd pxr ras svg dng cr2 nef arw"
)
VIDEOS = _suffixes("mp4 mkv mov avi webm m4v mpg mpeg wmv flv mp3 wav flac ogg m4a")
TEXTS = _suffixes("txt caption cap captions tags prompt md markdown rst xmp log html htm xml")
CONFIGS = _suffixes("json yaml yml toml")
TABLES = _suffixes("jsonl csv tsv ndjson")
ARCHIVES = _suffixes("zip tar tgz tbz2 txz gz bz2 xz")
LATENTS = _suffixes("npz npy pt pth ckpt")
CONTAINERS = _suffixes(
    "pkl pickle joblib h5 hdf5 hdf he5 mdb lmdb 7z rar zst tzst lz4 lzma br lance tfrecord tfrecords rec beton msgpack "
    "sqlite sqlite3 db mat avro orc feather zarr bin dat iso cab ace"
)
"""Files that can hold whole training sets and that are not opened here: each is a counted skip."""
OTHERS = _suffixes("py sh bat exe dll so ipynb pyc lock ini cfg css js")

_BY_SUFFIX: dict[str, Kind] = {
    **dict.fromkeys(PICTURES, "picture"),
    **dict.fromkeys(VIDEOS, "video"),
    **dict.fromkeys(TEXTS, "text"),
    **dict.fromkeys(CONFIGS, "config"),
    **dict.fromkeys(TABLES, "table"),
    **dict.fromkeys(ARCHIVES, "archive"),
    **dict.fromkeys(LATENTS, "latents"),
    **dict.fromkeys(OTHERS, "other"),
    **dict.fromkeys(CONTAINERS, "container"),
    ".parquet": "parquet",
    ".arrow": "parquet",
    ".safetensors": "model",
}

_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"\x89PNG\r\n\x1a\n", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF87a", "picture"),
    (b"GIF89a", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"8BPS", "picture"),
    (b"\xff\x0a", "picture"),
    (b"\x00\x00\x00\x0cJXL ", "picture"),
    (b"\x00\x00\x00\x0cjP  ", "picture"),
    (b"PK\x03\x04", "archive"),
    (b"PAR1", "parquet"),
    (b"ARROW1", "parquet"),
    (b"7z\xbc\xaf\x27\x1c", "container"),
    (b"Rar!\x1a\x07", "container"),
    (b"\x28\xb5\x2f\xfd", "container"),
    (b"\x04\x22\x4d\x18", "container"),
    (b"\x89HDF\r\n\x1a\n", "container"),
    (b"\x93NUMPY", "container"),
    (b"SQLite format 3\x00", "container"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
)


def split(name: str) -> tuple[str, str]:
    """Stem and suffix as `os.path.splitext` parts a bare name; the suffix keeps its case and its dot."""
    dot = name.rfind(".")
    if dot <= 0 or not name[:dot].strip("."):
        return name, ""
    return name[:dot], name[dot:]


def by_name(name: str) -> Kind | None:
    """Kind by the suffix in any case; None where the suffix is unknown or missing."""
    return _BY_SUFFIX.get(split(name)[1].lower())


def is_picture(name: str) -> bool:
    """Whether the suffix is one of a still picture."""
    return split(name)[1].lower() in PICTURES


def by_content(head: bytes) -> Kind:
    """Kind by the first bytes (16 or more are enough)."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[:2] == b"BM" and head[6:10] == bytes(4):
        return "picture"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "picture"
    if head[4:8] == b"ftyp" and head[8:12] in {b"avif", b"avis", b"heic", b"heix", b"mif1", b"msf1", b"hevc"}:
        return "picture"
    if head and b"\x00" not in head:
        return "text"
    return "other"


def of_file(name: str, path: str) -> Kind:
    """Kind by suffix, else by the file's first bytes; an unreadable file is `other`."""
    kind = by_name(name)
    if kind is not None:
        return kind
    try:
        return by_content(reading.read_start(path, 32))
    except OSError:
        return "other"
