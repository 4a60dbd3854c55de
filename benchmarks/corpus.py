"""The corpus: real pictures from distribution packages, downloaded once, grouped by what they show.

    python -m benchmarks.corpus        build it (or go on where a build stopped) and print what is in it

`apt-get download` and `dpkg -x` need no root. Everything goes to benchmarks/.work (git-ignored), or to the folder that
the environment variable AUDITOR_BENCH_WORK names.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from benchmarks import qt_resources
from benchmarks.sources import SOURCES, Kind, Role, Source

SUFFIXES = {".png", ".jpg", ".jpeg", ".webp"}
SHORTEST_SIDE = 150
LARGEST = 40_000_000
"""Pixels; two pictures of one package are far larger and would dominate every timing."""
FORMAT = 3


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of the corpus."""

    path: str
    """Absolute."""
    kind: Kind
    role: Role
    """`work` goes into the index; `unrelated` must never match."""
    artist: str
    """Folder name, a stand-in for who made it."""
    package: str
    group: int = -1
    """Pictures of one group are the same picture (another size, format or tint)."""
    family: int = -1
    """Pictures of one family share a part (one figure on two backgrounds). Every group lies inside one family."""

    @property
    def name(self) -> str:
        """Unique, stable name without spaces."""
        inside = Path(self.path).relative_to(work_folder())
        digest = hashlib.sha256(str(inside).encode()).hexdigest()[:6]
        return re.sub(r"[^A-Za-z0-9-]", "_", f"{self.artist}-{inside.stem}-{digest}")


def work_folder() -> Path:
    """Where everything derived is kept."""
    default = Path(__file__).parent / ".work"
    return Path(os.environ.get("AUDITOR_BENCH_WORK", default)).resolve()


def load(picture: Picture, long_side: int | None = None) -> NDArray[np.uint8]:
    """Pixels as RGB, orientation applied, alpha on white; made smaller where a long side is given."""
    with Image.open(picture.path) as image:
        if long_side is not None:
            image.draft("RGB", (long_side * 2, long_side * 2))
        image = ImageOps.exif_transpose(image)
        if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
            image = image.convert("RGBA")
            white = Image.new("RGBA", image.size, (255, 255, 255, 255))
            image = Image.alpha_composite(white, image)
        image = image.convert("RGB")
        if long_side is not None and max(image.size) > long_side:
            image.thumbnail((long_side, long_side), Image.Resampling.LANCZOS)
        return np.asarray(image)


def pictures() -> tuple[Picture, ...]:
    """Every picture, grouped; builds what is missing. Sorted by path, so any seeded choice is repeatable."""
    manifest = work_folder() / "corpus.json"
    key = [FORMAT, [asdict(source) for source in SOURCES]]
    if manifest.exists():
        stored = json.loads(manifest.read_text())
        if stored["key"] == json.loads(json.dumps(key)):
            root = work_folder()
            return tuple(Picture(**{**row, "path": str(root / row["path"])}) for row in stored["pictures"])
    fetch(sorted({source.package for source in SOURCES}))
    found = _kept_apart(_grouped(_listed()))
    rows = [{**asdict(picture), "path": str(Path(picture.path).relative_to(work_folder()))} for picture in found]
    partial = manifest.with_suffix(".partial")
    partial.write_text(json.dumps({"key": key, "pictures": rows}, indent=0))
    partial.replace(manifest)
    return found


def works(kind: Kind | None = None) -> tuple[Picture, ...]:
    """Pictures for the index, one of each group (the largest), so that "the right work" is well defined."""
    best: dict[int, Picture] = {}
    for picture in pictures():
        if picture.role == "work" and (kind is None or picture.kind == kind):
            held = best.get(picture.group)
            if held is None or Path(picture.path).stat().st_size > Path(held.path).stat().st_size:
                best[picture.group] = picture
    return tuple(sorted(best.values(), key=lambda picture: picture.path))


def unrelated(kind: Kind | None = None) -> tuple[Picture, ...]:
    """Photos and portraits that share no part with any work, one of each group."""
    seen: set[int] = set()
    chosen = []
    for picture in pictures():
        if picture.role == "unrelated" and (kind is None or picture.kind == kind) and picture.group not in seen:
            seen.add(picture.group)
            chosen.append(picture)
    return tuple(chosen)


def fetch(packages: list[str]) -> None:
    """Download and unpack what is not there yet. A package counts as there once its `.done` file is written."""
    trees = work_folder() / "trees"
    trees.mkdir(parents=True, exist_ok=True)
    for package in packages:
        done = trees / f"{package}.done"
        if done.exists():
            continue
        downloads = work_folder() / "debs" / package
        shutil.rmtree(downloads, ignore_errors=True)
        downloads.mkdir(parents=True)
        subprocess.run(["apt-get", "download", "-q", package], cwd=downloads, check=True, capture_output=True)
        (archive,) = downloads.glob("*.deb")
        shutil.rmtree(trees / package, ignore_errors=True)
        subprocess.run(["dpkg", "-x", str(archive), str(trees / package)], check=True)
        for container in sorted((trees / package).rglob("*.rcc")):
            _unpack_resources(container)
        done.write_text(archive.name + "\n")
        shutil.rmtree(downloads)


def _unpack_resources(container: Path) -> None:
    data = container.read_bytes()
    container.unlink()
    for path, content in qt_resources.members(data):
        if Path(path).suffix.lower() in SUFFIXES and ".." not in Path(path).parts:
            target = container / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)


def _listed() -> list[Picture]:
    found: dict[str, Picture] = {}
    for source in SOURCES:
        per_artist: dict[str, list[Path]] = {}
        base = work_folder() / "trees" / source.package / source.folder
        for path in sorted(base.rglob("*")):
            if _usable(path, source):
                per_artist.setdefault(_artist(path, base, source), []).append(path)
        for artist, paths in sorted(per_artist.items()):
            step = max(1.0, len(paths) / source.at_most)
            for position in range(min(len(paths), source.at_most)):
                path = paths[int(position * step)]
                found[str(path)] = Picture(str(path), source.kind, source.role, artist, source.package)
    return [found[path] for path in sorted(found)]


def _artist(path: Path, base: Path, source: Source) -> str:
    """The first folder below the source's, or the source's last two, joined to one word."""
    below = path.relative_to(base).parts[:-1]
    if below and not source.folder.endswith(".rcc") and source.package != "plasma-workspace-wallpapers":
        return f"{base.name}-{below[0]}".lower()
    return f"{source.package.split('-')[0]}-{base.stem}".lower()


def _usable(path: Path, source: Source) -> bool:
    if path.suffix.lower() not in SUFFIXES or path.is_symlink() or not path.is_file():
        return False
    if set(source.without) & set(path.parts):
        return False
    try:
        with Image.open(path) as image:
            return min(image.size) >= SHORTEST_SIDE and image.width * image.height <= LARGEST
    except (OSError, Image.DecompressionBombError):
        return False


def _grouped(found: list[Picture]) -> list[Picture]:
    from benchmarks import grouping

    groups, families = grouping.group([lambda side, picture=picture: load(picture, side) for picture in found])
    return [
        replace(picture, group=group, family=family)
        for picture, group, family in zip(found, groups, families, strict=True)
    ]


def _kept_apart(found: list[Picture]) -> tuple[Picture, ...]:
    """Drop "unrelated" pictures that share a part with a work: they are no clean negatives."""
    taken = {picture.family for picture in found if picture.role == "work"}
    return tuple(picture for picture in found if picture.role == "work" or picture.family not in taken)


def main() -> None:
    """Build and describe."""
    everything = pictures()
    print(f"{len(everything)} pictures, {len({picture.group for picture in everything})} groups")
    for label, chosen in (("works", works()), ("unrelated", unrelated())):
        kinds = Counter(picture.kind for picture in chosen)
        artists = Counter(picture.artist for picture in chosen)
        print(f"{label}: {len(chosen)} under {len(artists)} artists: {dict(kinds)}")
        print("   ", ", ".join(f"{artist} {count}" for artist, count in artists.most_common()))


if __name__ == "__main__":
    main()
