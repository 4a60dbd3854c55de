"""What each file of the hostile corpus takes: `python -m tests.hostile.timing` prints the worst ten."""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from auditor.checks.options import AuditOptions
from auditor.datasets.interface import LayoutOptions
from auditor.datasets.layouts.detect import choose
from auditor.index.opening.store import open_index
from auditor.run.job import Job
from auditor.run.pipeline import open_auditor
from tests.engines import making
from tests.hostile.corpus import build


def seconds_by_file(corpus: Path, index: Path) -> Counter[str]:
    """Seconds of this process for listing and auditing, by file; the members of an archive are one file."""
    opened = open_index(index)
    auditor = open_auditor(Job((str(index),), (opened.info.digest,), AuditOptions(), making.TODAY, last_ended=None))
    taken: Counter[str] = Counter()
    samples = choose(str(corpus), "union", LayoutOptions({})).samples()
    started = time.perf_counter()
    for sample in samples:
        auditor(sample)
        now = time.perf_counter()
        taken[sample.path.split("!")[0]] += now - started  # type: ignore[assignment]
        started = now
    return taken


def main() -> None:
    """Build the corpus and an index for the time being, and print."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        count = build(root / "set")
        taken = seconds_by_file(root / "set", making.index(root))
    sys.stdout.write(f"{count} files, {sum(taken.values()):.1f} s\n")
    for path, seconds in taken.most_common(10):
        sys.stdout.write(f"{seconds:8.3f} s  {path!r}\n")


if __name__ == "__main__":
    main()
