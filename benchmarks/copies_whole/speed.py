"""How long a scan of ordinary photos takes, beside a peer that only looks for duplicates, in the same run."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks import corpus, measure
from benchmarks.copies_whole.scene import Scene, auditor, write_photos

PHOTOS = 1000
ROUNDS = 5
PEER_PYTHON = "3.12.1"


@dataclass(frozen=True, slots=True)
class Speed:
    """Medians over the rounds, in seconds; ratios are taken round by round."""

    scan: float
    scan_regions: float
    """With an index that holds region hashes."""
    peer: float | None
    ratio: float | None
    ratio_regions: float | None
    decoding: float
    """Pillow decoding all photos to RGB arrays in one process."""
    peak_bytes: int
    peak_bytes_regions: int
    rounds: int


def measure_speed(scene: Scene) -> Speed:
    """Scan, peer and plain decoding in turn, several times."""
    photos = scene.folder / "photos"
    shutil.rmtree(photos, ignore_errors=True)
    write_photos(photos, PHOTOS)
    peer = peer_command()
    rows = [_round(scene, photos, peer) for _ in range(ROUNDS)]

    def middle(key: str) -> float:
        return statistics.median(row[key] for row in rows)

    with_peer = peer is not None
    return Speed(
        scan=middle("scan"),
        scan_regions=middle("regions"),
        peer=middle("peer") if with_peer else None,
        ratio=statistics.median(row["scan"] / row["peer"] for row in rows) if with_peer else None,
        ratio_regions=statistics.median(row["regions"] / row["peer"] for row in rows) if with_peer else None,
        decoding=middle("decoding"),
        peak_bytes=int(max(row["peak"] for row in rows)),
        peak_bytes_regions=int(max(row["peak_regions"] for row in rows)),
        rounds=ROUNDS,
    )


def _round(scene: Scene, photos: Path, peer: list[str] | None) -> dict[str, float]:
    row: dict[str, float] = {}
    for key, index in (("scan", scene.plain_index), ("regions", scene.index)):
        report = scene.folder / f"{key}.json"
        command = auditor("scan", str(photos), "--index", str(index), "--no-cache", "--layout", "flat", "-j", "2")
        done = measure.run([*command, "-o", f"json={report}"])
        if done.code not in {0, 1}:
            raise SystemExit(f"the scan did not run: {done.output}")
        row[key] = done.seconds
        row["peak" if key == "scan" else "peak_regions"] = done.peak_bytes
    if peer is not None:
        done = measure.run([*peer, "--json", "--method", "pdq", str(photos)])
        if done.code:
            raise SystemExit(f"the peer did not run: {done.output}")
        row["peer"] = done.seconds
    start = time.perf_counter()
    for path in sorted(photos.iterdir()):
        with Image.open(path) as image:
            np.asarray(image.convert("RGB"))
    row["decoding"] = time.perf_counter() - start
    return row


def peer_command() -> list[str] | None:
    """The peer in an environment of its own, installed where that is possible; None where it is not."""
    place = corpus.work_folder() / "peer"
    program = place / "bin" / "immaculate"
    if not program.exists():
        environment = {**os.environ, "PYENV_VERSION": PEER_PYTHON}
        try:
            subprocess.run(["python", "-m", "venv", str(place)], env=environment, check=True, capture_output=True)
            install = [str(place / "bin" / "pip"), "install", "-q", "immaculate==0.3.0"]
            subprocess.run(install, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            return None
    return [str(program)] if program.exists() else None
