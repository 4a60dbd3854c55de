"""Harnesses of what training sets hold: archives, tables, model headers, captions, and each trainer's configuration."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from auditor.attest.stamp import read_stamp
from auditor.datasets.interface import LayoutOptions
from auditor.datasets.layouts.detect import choose
from auditor.datasets.layouts.union import Union
from auditor.datasets.reading import captions, configfile, lora_header, parquetfiles, tables
from auditor.datasets.reading.archives import tarfiles, zipfiles
from auditor.datasets.reading.parquetfiles import Columns
from auditor.datasets.reading.pictures import Told
from auditor.datasets.reading.textrows import READERS, read_lines
from auditor.errors import DatasetError, UsageError
from tests.datasets.making import PNG, write
from tests.fuzz.harness import check_samples, file, folder, text_of

FILES: dict[str, str | bytes] = {
    "a.png": PNG,
    "a.txt": "a castle",
    "img/a.png": PNG,
    "img/a.txt": "a castle",
    "img/b.png": PNG,
    "img/3_x/c.png": PNG,
    "masks/a.png": PNG,
    "p.txt": "one\ntwo",
}
"""What a configuration of the seeds can name."""


def listed(path: str, layout: str) -> None:
    """Everything that a layout lists."""
    check_samples(choose(path, layout, LayoutOptions()).samples())


def _stands(harness: str) -> Path:
    """A folder with pictures and captions, written once."""
    root = folder(harness)
    if not (root / "a.png").exists():
        write(root, FILES)
    return root


def configuration(layout: str, *names: str, whole: bool = False) -> Callable[[bytes], None]:
    """A harness that puts the bytes into a file of each name and lists it with the layout, and with the one that
    `auto` takes. With `whole` the folder is listed, not the file."""

    def read(data: bytes) -> None:
        root = _stands(f"config-{layout}")
        for name in names:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            try:
                for chosen in (layout, "auto"):
                    _or_documented(str(root if whole else path), chosen)
            finally:
                path.unlink()

    return read


def _or_documented(path: str, layout: str) -> None:
    """A damaged file of one format may be sound in the next, so each name is tried."""
    try:
        listed(path, layout)
    except (DatasetError, UsageError) as error:
        assert str(error).strip()


def parsed(data: bytes) -> None:
    """The parser of configurations, for each of its formats, and every string of what it gives."""
    for suffix in (".toml", ".yaml", ".json"):
        try:
            value = configfile.parse(data, f"a{suffix}")
        except DatasetError as error:
            assert f"a{suffix}" in str(error)
            continue
        assert repr(value)  # every number in it can be written down
        for text in configfile.texts_of(value, "/set/a", "/set").texts:
            assert isinstance(text.value, str)


def safetensors(data: bytes) -> None:
    """A model's header, and the digest that it may carry."""
    path = file("safetensors/a.safetensors", data)
    check_samples(lora_header.samples(path, "a.safetensors"))
    read_stamp(Path(path))


def safetensors_header(data: bytes) -> None:
    """The same, with a length that fits the header."""
    safetensors(len(data).to_bytes(8, "little") + data + bytes(4))


def tar(data: bytes) -> None:
    """A tar by itself, as a shard, and beside pictures."""
    path = file("tar/a.tar", data)
    check_samples(tarfiles.members(path, "a.tar", lambda _: Told()))
    listed(path, "webdataset")
    check_samples(Union().samples(str(Path(path).parent), LayoutOptions()))


def zipped(data: bytes) -> None:
    """A zip by itself, and beside pictures."""
    path = file("zip/a.zip", data)
    check_samples(zipfiles.members(path, "a.zip", lambda _: Told()))
    listed(str(Path(path).parent), "everydream2")
    check_samples(Union().samples(str(Path(path).parent), LayoutOptions()))


def parquet(data: bytes) -> None:
    """A table with pictures, and its rows as texts."""
    path = file("parquet/a.parquet", data)
    check_samples(parquetfiles.samples(path, "a.parquet", str(Path(path).parent), Columns(), Told()))
    listed(str(Path(path).parent), "hf-parquet")
    for row in READERS[".parquet"](io.BytesIO(data), "text"):
        assert isinstance(row.text, str)


def rows(data: bytes) -> None:
    """Lines, JSON lines and delimited text, as `auditor names` reads them."""
    for reader in (read_lines, READERS[".jsonl"], READERS[".csv"], READERS[".tsv"]):
        try:
            for row in reader(io.BytesIO(data), "text"):
                assert isinstance(row.text, str) and isinstance(row.line, int)
        except (DatasetError, UsageError) as error:
            assert str(error).strip()


def table(data: bytes) -> None:
    """A table beside pictures, in each of its text forms."""
    for suffix in (".jsonl", ".csv", ".tsv", ".json", ".arrow"):
        path = file(f"table/a{suffix}", data)
        try:
            for number, row in tables.rows(path):
                assert isinstance(number, int) and isinstance(row, dict)
        except DatasetError as error:
            assert str(error).strip()


def caption(data: bytes) -> None:
    """A caption file: its decoding, its lines, and every trainer that reads one."""
    side = captions.decode(data)
    assert isinstance(side.readable, str)
    for number, line in captions.lines(side.readable):
        assert number >= 1
        captions.alternatives(line)
    root = _stands("captions")
    (root / "a.txt").write_bytes(data)
    for layout in ("kohya", "onetrainer", "ai-toolkit", "everydream2", "flat", "union"):
        listed(str(root), layout)


def caption_text(data: bytes) -> None:
    """The alternatives that a caption's braces give."""
    found = captions.alternatives(text_of(data))
    assert all(isinstance(text, str) for text in found)
