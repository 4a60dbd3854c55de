"""`make bench-scale`: cost by the picture at 1,000 to 100,000 photos, and the arithmetic from it, into docs/scale.md.

python -m benchmarks.scale.main [PHOTOS [ROUNDS [MOST [MOST_PLAIN]]]]
"""

from __future__ import annotations

import shutil
import statistics
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks import document, measure
from benchmarks.copies_whole.scene import auditor
from benchmarks.copies_whole.speed import peer_command
from benchmarks.scale import arithmetic, material

PHOTOS = 10_000
FEW = 1_000
ROUNDS = 3
PAGE = Path(__file__).resolve().parents[2] / "docs" / "scale.md"
Row = tuple[str, str, str]


def main(count: int = PHOTOS, rounds: int = ROUNDS, most: int = 0, most_plain: int = 0) -> None:
    """Run everything once the material is there; the long cold runs with regions once, the others `rounds` times.

    With `most` a scan of so many photos (100,000 take half an hour) is measured too, with `most_plain` one without
    region hashes (a few minutes).
    """
    started = time.perf_counter()
    print("making the photos and the indexes", flush=True)
    regions, plain = material.indexes()
    many, few = material.photos(count), material.photos(min(FEW, count))
    rows: list[Row] = []

    def tell(*found: Row) -> None:
        rows.extend(found)
        for row in found:
            print(" | ".join(row), flush=True)

    cold, warm = with_cache(many, regions)
    tell(
        (f"all checks, cold, {count:,} photos", _ms(cold, count), "12"),
        (f"all checks, warm, {count:,} photos", _ms(warm, count), "0.3"),
        ("peak memory of all processes, MB", f"{max(cold.peak_bytes, warm.peak_bytes) / 1e6:.0f}", "2,000"),
    )
    twos = [scan(few, regions, 2) for _ in range(rounds)]
    ones = [scan(few, regions, 1) for _ in range(rounds)]
    flat = cold.seconds / count / (_middle(twos) / min(FEW, count))
    tell(
        (f"all checks, cold, {min(FEW, count):,} photos", f"{_middle(twos) / min(FEW, count) * 1e3:.2f}", ""),
        (f"cost by the picture, {count:,} to {min(FEW, count):,} photos", f"{flat:.2f} ×", "0.85 to 1.15 ×"),
        ("two workers to one", f"{_middle(ones) / _middle(twos):.2f} ×", "1.8 ×"),
    )
    if most:
        tell(*growth("all checks", (cold, count), (scan(material.photos(most), regions, 2), most)))
    tell(*without_regions(many, plain, count, rounds))
    if most_plain:
        usual, longest = scan(many, plain, 2), scan(material.photos(most_plain), plain, 2)
        tell(*growth("regions off", (usual, count), (longest, most_plain)))
    cost = arithmetic.Cost(cold.seconds / count * 2 * 1e3)
    document.write_section("Measured", _body(rows, count), PAGE)
    document.write_section("Worked out", worked_out(cost, max(cold.peak_bytes, warm.peak_bytes)), PAGE)
    print(f"done in {time.perf_counter() - started:.0f} s; written to {PAGE.name}")


def scan(photos: Path, index: Path, jobs: int, cache: Path | None = None) -> measure.Measured:
    """One scan by the command line."""
    keep = ["--no-cache"] if cache is None else ["--cache", str(cache)]
    report = material.folder() / "report.json"
    command = ["scan", str(photos), "--index", str(index), "--layout", "flat", "-j", str(jobs), *keep]
    done = measure.run(auditor(*command, "-o", f"json={report}"))
    if done.code not in {0, 1}:
        raise SystemExit(f"the scan did not run: {done.output}")
    return done


def with_cache(photos: Path, index: Path) -> tuple[measure.Measured, measure.Measured]:
    """A scan with an empty cache, and the same again."""
    cache = material.folder() / "cache"
    shutil.rmtree(cache, ignore_errors=True)
    return scan(photos, index, 2, cache), scan(photos, index, 2, cache)


def without_regions(photos: Path, index: Path, count: int, rounds: int) -> tuple[Row, ...]:
    """Beside the peer where it can be installed, and beside decoding alone; ratios round by round."""
    peer = peer_command()
    ours, theirs, plain = [], [], []
    for _ in range(rounds):
        ours.append(scan(photos, index, 2).seconds)
        plain.append(decoding(photos))
        if peer is not None:
            done = measure.run([*peer, "--json", "--method", "pdq", str(photos)])
            if done.code:
                raise SystemExit(f"the peer did not run: {done.output}")
            theirs.append(done.seconds)
    rows: list[Row] = [("regions off, cold", f"{statistics.median(ours) / count * 1e3:.2f}", "")]
    bound = "" if theirs else "1.8 ×"
    if theirs:
        rows.append(("regions off, to `immaculate --method pdq`", _ratio(ours, theirs), "2.0 ×"))
    rows.append(("regions off, to Pillow decoding on two processes", _ratio(ours, plain), bound))
    return tuple(rows)


def growth(what: str, fewer: tuple[measure.Measured, int], more: tuple[measure.Measured, int]) -> tuple[Row, ...]:
    """The cost of one of many photos beside that of one of fewer; each is a scan and its number of photos."""
    (usual, count), (longest, most) = fewer, more
    ratio = longest.seconds / most / (usual.seconds / count)
    return (
        (f"{what}, cold, {most:,} photos, {material.DISTINCT:,} of them distinct", _ms(longest, most), ""),
        (f"{what}, cost by the picture, {most:,} to {count:,} photos", f"{ratio:.2f} ×", "0.85 to 1.15 ×"),
        (f"{what}, peak memory of all processes, {most:,} photos, MB", f"{longest.peak_bytes / 1e6:.0f}", "2,000"),
    )


def decoding(photos: Path) -> float:
    """Seconds that Pillow takes to decode all photos in two processes."""
    paths = sorted(map(str, photos.iterdir()))
    start = time.perf_counter()
    with ProcessPoolExecutor(2) as pool:
        pixels = sum(pool.map(_decode, paths, chunksize=16))
    assert pixels > 0
    return time.perf_counter() - start


def _decode(path: str) -> int:
    with Image.open(path) as image:
        return int(np.asarray(image.convert("RGB")).size)


def _ratio(ours: list[float], theirs: list[float]) -> str:
    return f"{statistics.median(a / b for a, b in zip(ours, theirs, strict=True)):.2f} ×"


def _ms(run: measure.Measured, count: int) -> str:
    return f"{run.seconds / count * 1e3:.2f}"


def _middle(runs: list[measure.Measured]) -> float:
    return statistics.median(run.seconds for run in runs)


def _body(rows: list[Row], count: int) -> str:
    head = (
        f"{document.machine()}; {count:,} photos of 500 × 400 against {material.WORKS:,} works ({material.REAL:,} real"
    )
    text = (
        f"{head}, the others grown from their hashes). Milliseconds of the wall clock a picture unless said otherwise."
    )
    return text + "\n\n" + document.table(("", "measured", "asked: at most (ratios of workers: at least)"), rows)


def worked_out(cost: arithmetic.Cost, peak: int) -> str:
    """The table for a terabyte and for five billion pictures."""
    rows = []
    sizes = (
        (1_000_000, "1 million"),
        (arithmetic.PICTURES_PER_TERABYTE, "1 TB"),
        (arithmetic.FIVE_BILLION, "5 billion"),
    )
    for pictures, name in sizes:
        hours = [f"{cost.hours(pictures, cores):,.1f}" for cores in (16, 256, 4096)]
        driver = f"{arithmetic.driver_bytes(pictures) / 1e9:.1f}"
        core_hours, price = f"{cost.core_hours(pictures):,.0f}", f"{cost.price(pictures):,.0f}"
        rows.append((name, core_hours, price, *hours, str(arithmetic.parts(pictures)), driver))
    head = ("", "core hours", "US dollars", "h on 16 cores", "on 256", "on 4,096", "scans", "GB of the driver")
    return (
        f"From {cost.core_milliseconds:.1f} core milliseconds a picture, all checks, measured above. Memory of a "
        f"driver and two workers with their index: {peak / 1e6:.0f} MB.\n\n" + document.table(head, rows)
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:5]))
