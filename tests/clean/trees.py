"""Whole trees as values, and small data sets of every layout that lists its files."""

from __future__ import annotations

import io
import json
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from auditor.datasets.interface import LayoutOptions
from auditor.datasets.layouts.detect import choose
from auditor.fingerprint import fingerprint
from auditor.model import Finding, Sample
from tests.pictures import encoded, painting

NAMES = ("ash", "birch", "cedar", "dogwood", "elm")
Snapshot = dict[str, tuple[str, int, bytes]]


def snapshot(root: Path) -> Snapshot:
    """Every file, link and folder below `root`: kind, permission bits and content."""
    found: Snapshot = {}
    for place, folders, files in os.walk(root):
        for name in (*folders, *files):
            path = Path(place) / name
            key = path.relative_to(root).as_posix()
            mode = path.lstat().st_mode & 0o7777
            if path.is_symlink():
                found[key] = ("link", 0, os.fsencode(path.readlink()))
            elif path.is_dir():
                found[key] = ("folder", mode, b"")
            else:
                found[key] = ("file", mode, path.read_bytes())
    return found


def listed(path: Path, layout: str, **options: str) -> list[Sample]:
    """The samples that a layout gives."""
    return list(choose(str(path), layout, LayoutOptions(options)).samples())


def copy_finding(sample: str) -> Finding:
    """A finding that a picture is a copy."""
    return Finding("copy.exact", "high", sample, "A copy.", fingerprint("copy.exact", sample))


def picture(seed: int) -> bytes:
    """A small PNG."""
    return encoded(painting(seed, (64, 48)))


def write(path: Path, data: bytes | str) -> Path:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def pictures(folder: Path, names: tuple[str, ...] = NAMES) -> None:
    """A PNG for every name."""
    for seed, name in enumerate(names):
        write(folder / f"{name}.png", picture(seed))


def kohya(root: Path) -> Path:
    """Repeat folders with captions and latents; two pictures share one caption file."""
    folder = root / "5_trees"
    pictures(folder)
    for name in NAMES:
        write(folder / f"{name}.txt", f"a tree, {name}\n")
    write(folder / "ash_sdxl.npz", b"latents")
    write(folder / "birch.webp", encoded(painting(77, (64, 48)), "WEBP"))
    return root


def kohya_json(root: Path) -> Path:
    """A fine-tune listing with absolute and relative keys."""
    pictures(root)
    entries = {f"{name}.png": {"caption": f"a tree, {name}", "train_resolution": [64, 48]} for name in NAMES[:4]}
    entries[str(root.resolve() / "elm.png")] = {"caption": "an elm"}
    write(root / "meta.json", json.dumps(entries, indent=2))
    return root


def imagefolder_jsonl(root: Path) -> Path:
    """`metadata.jsonl` with an odd escape, a blank line and a row of two files."""
    pictures(root / "train")
    lines = [json.dumps({"file_name": f"{name}.png", "text": f"a tree, {name}"}) for name in NAMES[:4]]
    lines[1] = lines[1].replace("birch.png", "\\u0062irch.png")
    lines.insert(2, "")
    lines.append(json.dumps({"file_name": "elm.png", "mask_file_name": "elm.png", "text": "an elm"}))
    write(root / "train" / "metadata.jsonl", "\n".join(lines) + "\n")
    return root


def imagefolder_csv(root: Path) -> Path:
    """`metadata.csv` with a record over two lines and CRLF ends."""
    pictures(root)
    rows = ["file_name,text", *(f'{name}.png,"a tree,\r\n{name}"' for name in NAMES)]
    write(root / "metadata.csv", "\r\n".join(rows) + "\r\n")
    return root


def imagefolder_parquet(root: Path) -> Path:
    """`metadata.parquet` in two row groups."""
    pictures(root)
    table = pa.table({"file_name": [f"{name}.png" for name in NAMES], "text": [f"a tree, {name}" for name in NAMES]})
    pq.write_table(table.replace_schema_metadata({"made": "here"}), root / "metadata.parquet", row_group_size=3)
    return root


def hf_parquet(root: Path) -> Path:
    """Pictures inside the rows."""
    cells = [{"bytes": picture(seed), "path": f"{name}.png"} for seed, name in enumerate(NAMES)]
    table = pa.table({"image": cells, "text": [f"a tree, {name}" for name in NAMES]})
    write(root / "README.md", "A data set.\n")
    pq.write_table(table, root / "train-00000-of-00001.parquet", row_group_size=2)
    return root


def _members() -> list[tuple[str, bytes]]:
    found = []
    for seed, name in enumerate(NAMES):
        found += [(f"{seed:05}.png", picture(seed)), (f"{seed:05}.txt", f"a tree, {name}".encode())]
    return found


def webdataset(root: Path, mode: str = "w", name: str = "00000.tar") -> Path:
    """One shard, with long names in pax headers."""
    root.mkdir(parents=True, exist_ok=True)
    with tarfile.open(root / name, mode, format=tarfile.PAX_FORMAT) as archive:  # type: ignore[call-overload]
        for member, data in _members():
            info = tarfile.TarInfo(f"{'shelf/' * 30}{member}")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return root


def webdataset_gz(root: Path) -> Path:
    """A compressed shard."""
    return webdataset(root, "w:gz", "00000.tar.gz")


def img2dataset(root: Path) -> Path:
    """A shard with the table that lists its samples by key."""
    webdataset(root)
    keys = [f"{number:05}" for number in range(len(NAMES))]
    table = pa.table(
        {"key": keys, "caption": [f"a tree, {name}" for name in NAMES], "status": ["success"] * len(NAMES)}
    )
    pq.write_table(table, root / "00000.parquet")
    return root


def zipped(root: Path) -> Path:
    """A zip of pictures with a listing inside."""
    root.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(root / "train.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for member, data in _members():
            archive.writestr(member, data)
    return root


def musubi(root: Path) -> Path:
    """A JSONL of absolute paths named by a TOML."""
    pictures(root / "images")
    rows = [
        {"image_path": str((root / "images" / f"{name}.png").resolve()), "caption": f"a tree, {name}"} for name in NAMES
    ]
    write(root / "list.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    write(
        root / "config.toml",
        f'[[datasets]]\nimage_jsonl_file = "{(root / "list.jsonl").resolve()}"\ncache_directory = "cache"\n',
    )
    return root / "config.toml"


def diffusion_pipe(root: Path) -> Path:
    """`captions.json` by file name."""
    pictures(root)
    write(root / "captions.json", json.dumps({f"{name}.png": [f"a tree, {name}", "wood"] for name in NAMES}))
    return root


def simpletuner(root: Path) -> Path:
    """A backend with sidecars and the bucket cache that outranks the folder."""
    pictures(root / "images")
    for name in NAMES:
        write(root / "images" / f"{name}.txt", f"a tree, {name}")
    listing = {"aspect_ratio_bucket_indices": {"1.0": [f"{name}.png" for name in NAMES]}, "config": {"id": "trees"}}
    write(root / "images" / "aspect_ratio_bucket_indices_trees.json", json.dumps(listing, indent=4))
    backend = [{"id": "trees", "type": "local", "instance_data_dir": "images", "caption_strategy": "textfile"}]
    write(root / "multidatabackend.json", json.dumps(backend))
    return root / "multidatabackend.json"


def everydream(root: Path) -> Path:
    """A JSON list of pictures."""
    pictures(root)
    rows = [{"image": f"{name}.png", "caption": f"a tree, {name}"} for name in NAMES]
    write(root / "list.json", json.dumps(rows, indent="\t") + "\n")
    return root / "list.json"


def flat(root: Path) -> Path:
    """Pictures with sidecars, one of them a link."""
    pictures(root)
    write(root / "ash.txt", "a tree")
    (root / "link.png").symlink_to("elm.png")
    return root


Make = Callable[[Path], Path]
LAYOUTS: dict[str, tuple[Make, str, dict[str, str]]] = {
    "flat": (flat, "flat", {}),
    "kohya": (kohya, "kohya", {"caption_extension": ".txt"}),
    "kohya-json": (kohya_json, "kohya-config", {"in_json": "meta.json"}),
    "imagefolder-jsonl": (imagefolder_jsonl, "imagefolder", {}),
    "imagefolder-csv": (imagefolder_csv, "imagefolder", {}),
    "imagefolder-parquet": (imagefolder_parquet, "imagefolder", {}),
    "hf-parquet": (hf_parquet, "hf-parquet", {}),
    "webdataset": (webdataset, "webdataset", {}),
    "webdataset-gz": (webdataset_gz, "union", {}),
    "img2dataset": (img2dataset, "img2dataset", {}),
    "zip": (zipped, "imagefolder", {}),
    "musubi": (musubi, "musubi", {}),
    "diffusion-pipe": (diffusion_pipe, "diffusion-pipe", {}),
    "simpletuner": (simpletuner, "simpletuner", {}),
    "everydream2": (everydream, "everydream2", {}),
}
"""name -> (maker, layout, its options)"""
