"""What a scan of ordinary photos costs with the region check, beside the peer that uses a neural network, in one run.

    python -m benchmarks.copies.speed [ROUNDS]

Needs the photos and the index of `benchmarks.scale.material`, which it makes where they are missing. Writes the section
"Regions: time" of docs/benchmarks.md.
"""

from __future__ import annotations

import statistics
import sys
import time

import numpy as np
from numpy.typing import NDArray

from auditor.imaging.perceptual import whole_views
from auditor.imaging.pixels import decode, grey
from auditor.imaging.regions.features import INDEX, describe
from benchmarks import document, measure
from benchmarks.copies.material import prepare
from benchmarks.copies.peers import immaculate_program
from benchmarks.scale.main import scan
from benchmarks.scale.material import WORKS, indexes, photos

PHOTOS = 1_000
ROUNDS = 3
HASHED = 120
METHOD = "sscd_distilled"


def main(rounds: int = ROUNDS) -> None:
    """Measure and write it down."""
    index, _ = indexes()
    folder = photos(PHOTOS)
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(scan(folder, index, 2))
        theirs.append(measure.run([str(immaculate_program()), "--json", "--method", METHOD, str(folder)]))
        if theirs[-1].code:
            raise SystemExit(f"the peer did not run: {theirs[-1].output}")
        print(f"auditor {ours[-1].seconds:.1f} s, {METHOD} {theirs[-1].seconds:.1f} s", flush=True)
    ratios = [own.seconds / other.seconds for own, other in zip(ours, theirs, strict=True)]
    spent, features = hashing()
    parts = " / ".join(f"{part:.0f}" for part in spent)
    rows = [
        (f"auditor, all checks, {PHOTOS:,} photos against {WORKS:,} works, s", _seconds(ours), ""),
        (f"`immaculate --method {METHOD}`, the same photos, s", _seconds(theirs), ""),
        ("ratio, median of the rounds", f"{statistics.median(ratios):.2f} ×", "1.0 ×"),
        ("peak memory of all processes, MB", f"{max(run.peak_bytes for run in ours) / 1e6:.0f}", "1,500"),
        ("hashing a work, ms of one core", f"{spent.sum():.0f}", "60"),
        ("of these decoding / whole picture / regions", parts, ""),
        ("features of a work, 22 bytes each", f"{features:.0f}", ""),
    ]
    head = ("", "measured", "asked: at most")
    text = f"{document.machine()}; {rounds} rounds, one after the other; photos of 500 × 400."
    document.write_section("Regions: time", f"{text}\n\n{document.table(head, rows)}")


def hashing() -> tuple[NDArray[np.float64], float]:
    """Hash works of up to 1,200 pixels, from PNG files: milliseconds of one core for decoding, whole picture and
    regions, (3,), and features; all in the mean."""
    every = prepare().works
    chosen = every[:: len(every) // HASHED]
    spent, features = np.zeros(3), 0
    for path in chosen:
        data = path.read_bytes()
        times = [time.process_time()]
        picture = decode(data)
        times.append(time.process_time())
        whole_views(picture)
        times.append(time.process_time())
        features += len(describe(grey(picture.rgb, INDEX.long_side)))
        times.append(time.process_time())
        spent += np.diff(times)
    return spent / len(chosen) * 1e3, features / len(chosen)


def _seconds(runs: list[measure.Measured]) -> str:
    taken = sorted(run.seconds for run in runs)
    return f"{statistics.median(taken):.1f} ({taken[0]:.1f} to {taken[-1]:.1f})"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
