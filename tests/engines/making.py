"""Shards of small pictures, some of them copies, some broken, some named."""

from __future__ import annotations

import io
import json
import tarfile
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet

from auditor.index.making.build import BuildOptions, build
from tests.pictures import artist_folder, encoded, painting

ARTIST = "Mirela Ashdown"
SMALL = (96, 72)
TODAY = date(2026, 1, 2)


def index(root: Path) -> Path:
    """An index of four works by one artist."""
    artist_folder(root / "artists", ARTIST, range(4))
    build([root / "artists"], root / "index", BuildOptions(jobs=1), today=TODAY)
    return root / "index"


def member(number: int) -> tuple[bytes, str]:
    """A picture and its caption: every 25th a copy, every 49th damaged, every 20th with a name."""
    copied = number % 25 == 0
    data = encoded(painting(number % 4 if copied else 100 + number, (400, 300) if copied else SMALL), "JPEG")
    return data[:60] if number % 49 == 5 else data, f"by {ARTIST}" if number % 20 == 0 else "a field at dawn"


def shards(folder: Path, count: int, each: int) -> Path:
    """`count` webdataset shards of `each` samples."""
    folder.mkdir(parents=True)
    for shard in range(count):
        with tarfile.open(folder / f"{shard:05}.tar", "w") as archive:
            for number in range(shard * each, (shard + 1) * each):
                data, caption = member(number)
                for name, content in ((f"{number:06}.jpg", data), (f"{number:06}.txt", caption.encode())):
                    info = tarfile.TarInfo(name)
                    info.size = len(content)
                    archive.addfile(info, io.BytesIO(content))
    return folder


def flat(folder: Path, count: int) -> Path:
    """Pictures with caption files, and a name that is not ASCII."""
    folder.mkdir(parents=True)
    for number in range(count):
        data, caption = member(number)
        (folder / f"bild ä {number:03}.jpg").write_bytes(data)
        (folder / f"bild ä {number:03}.txt").write_text(caption, encoding="utf-8")
    return folder


def tables(folder: Path, count: int, each: int, *, statistics: bool = False) -> Path:
    """Parquet files with embedded pictures; with `statistics` as img2dataset writes them, beside tar shards."""
    folder.mkdir(parents=True)
    for shard in range(count):
        rows = [member(number) for number in range(shard * each, (shard + 1) * each)]
        if statistics:
            columns = {
                "caption": [row[1] for row in rows],
                "status": ["failed_to_download" if number % 7 == 3 else "success" for number in range(each)],
            }
            (folder / f"{shard:05}_stats.json").write_text(json.dumps({"count": each}))
        else:
            pictures = [{"bytes": row[0], "path": None} for row in rows]
            columns = {"image": pictures, "text": [row[1] for row in rows]}  # type: ignore[dict-item]
        parquet.write_table(pa.table(columns), folder / f"{shard:05}.parquet")
    return folder
