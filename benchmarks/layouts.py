"""How long listing takes: 100,000 files in one folder, and a WebDataset of 5 GB, each in a process of its own.

Run `python -m benchmarks.layouts`. The directory cache is warm (every list is made once before it is measured), the
figure is the median of several runs, and the peak is what the system says of the whole process. Nothing is compared
and no picture is decoded. The figures go to docs/benchmarks.md.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from benchmarks import document

RUNS = 5
FILES = 100_000
SHARD_MEMBERS = 20_000
MEMBER_BYTES = 256 * 1024
SECONDS_ASKED = 3.0
MEBIBYTES_ASKED = 300
MEASURE = """
import json, resource, sys, time
from auditor.datasets.layouts.detect import choose
from auditor.datasets.interface import LayoutOptions
path, name, *words = sys.argv[1:]
start = time.perf_counter()
chosen = choose(path, name, LayoutOptions(dict(word.split("=", 1) for word in words)))
count = sum(sample.kind == "picture" for sample in chosen.samples())
seconds = time.perf_counter() - start
print(json.dumps([count, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


def main() -> None:
    """Lay the files out, measure, print and write the table."""
    with tempfile.TemporaryDirectory(prefix="auditor-layouts-") as place:
        root = Path(place)
        pictures = _pictures(root / "pictures")
        captioned = _captioned(root / "captioned")
        shards = _shard(root / "shards")
        txt = "caption_extension=.txt"
        rows = [
            _row("100,000 pictures, flat", pictures, "flat"),
            _row("100,000 pictures, auto", pictures, "auto"),
            _row("100,000 pictures, union", pictures, "union"),
            _row("50,000 pictures with captions, flat", captioned, "flat"),
            _row("50,000 pictures with captions, kohya", captioned, "kohya", txt),
            _row("50,000 pictures with captions, OneTrainer", captioned / "1_x", "onetrainer"),
            _row("50,000 pictures with captions, EveryDream2", captioned, "everydream2"),
            _row(f"WebDataset of {SHARD_MEMBERS * MEMBER_BYTES / 1e9:.1f} GB, one shard", shards, "webdataset"),
        ]
    body = (
        f"{document.machine()}; median of {RUNS} runs, warm directory cache, one process. Asked: at most "
        f"{SECONDS_ASKED:.0f} s and {MEBIBYTES_ASKED} MiB for 100,000 files in one folder, and constant memory for the "
        "shards.\n\n" + document.table(("what is listed", "pictures", "seconds", "peak MiB"), rows)
    )
    print(body)
    document.write_section("Listing datasets", body)


def _row(title: str, path: Path, layout: str, *words: str) -> tuple[str, ...]:
    runs = [_measure(path, layout, *words) for _ in range(RUNS + 1)][1:]
    seconds = statistics.median(run[1] for run in runs)
    peak = max(run[2] for run in runs)
    missed = " (missed)" if seconds > SECONDS_ASKED or peak > MEBIBYTES_ASKED else ""
    return title, f"{runs[0][0]:,.0f}", f"{seconds:.2f}{missed}", f"{peak:.0f}"


def _measure(path: Path, layout: str, *words: str) -> list[float]:
    command = [sys.executable, "-c", MEASURE, str(path), layout, *words]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: list[float] = json.loads(done.stdout)
    return result


def _pictures(root: Path) -> Path:
    root.mkdir()
    for number in range(FILES):
        (root / f"img_{number:06d}.png").touch()
    return root


def _captioned(root: Path) -> Path:
    folder = root / "1_x"
    folder.mkdir(parents=True)
    for number in range(FILES // 2):
        (folder / f"img_{number:06d}.png").touch()
        (folder / f"img_{number:06d}.txt").write_text(f"a castle on a hill, {number}\n", encoding="utf-8")
    return root


def _shard(root: Path) -> Path:
    """A tar whose picture bodies are holes of the file: its length is real, its disk space is not."""
    root.mkdir()
    with (root / "00000.tar").open("wb") as raw:
        for number in range(SHARD_MEMBERS):
            for name, size, body in ((f"{number:08d}.jpg", MEMBER_BYTES, b""), (f"{number:08d}.txt", 8, b"a castle")):
                info = tarfile.TarInfo(name)
                info.size = size
                raw.write(info.tobuf())
                raw.write(body)
                raw.seek(-len(body) + (size + 511) // 512 * 512, 1)
        raw.write(bytes(1024))
    return root


if __name__ == "__main__":
    main()
