"""What writing reports costs: 25,000 findings in every format, and the page with 5,000 findings in a browser.

Run `python -m benchmarks.reports`. Each format is written by a process of its own, so that its peak memory is its own;
the figures go to docs/benchmarks.md.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from auditor.report.interface import RENDERERS, RenderContext
from benchmarks import document
from tests.report import examples
from tests.report.browser import BINARY, browser

FINDINGS = 25_000
IN_BROWSER = 5_000
ROUNDS = 3
CONTEXT = RenderContext(today=date(2026, 4, 1))


def write_one(name: str, count: int) -> None:
    """Write one format and print seconds, bytes and the peak memory of this process in megabytes."""
    report = examples.many(count)
    before = time.perf_counter()
    written = RENDERERS[name].render(report, CONTEXT)
    seconds = time.perf_counter() - before
    size = len(written) if isinstance(written, bytes) else len(written.encode("utf-8", "surrogateescape"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{seconds:.3f} {size} {peak:.0f}")


def measure(name: str) -> tuple[float, int, float]:
    """Medians over some rounds: seconds, bytes, peak megabytes (report and imports included)."""
    rows = []
    for _ in range(ROUNDS):
        command = [sys.executable, "-m", "benchmarks.reports", name, str(FINDINGS)]
        seconds, size, peak = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        rows.append((float(seconds), int(size), float(peak)))
    return statistics.median(row[0] for row in rows), rows[0][1], statistics.median(row[2] for row in rows)


def in_browser() -> str:
    """Seconds until the page answers, and until a filter has been applied."""
    if BINARY is None:
        return "No Chromium here, so the page was not measured in a browser."
    text = RENDERERS["html"].render(examples.many(IN_BROWSER), CONTEXT)
    assert isinstance(text, str)
    ready, filtered = [], []
    with tempfile.TemporaryDirectory() as folder, browser() as page:
        path = Path(folder) / "report.html"
        path.write_text(text, encoding="utf-8")
        for _ in range(5):
            page.open(path)
            ready.append(page.run("performance.getEntriesByType('navigation')[0].domComplete"))
            filtered.append(
                page.run(
                    "(() => { const start = performance.now(); const field = document.getElementById('artist');"
                    " field.value = 'artist-07'; field.dispatchEvent(new Event('input', {bubbles: true}));"
                    " document.body.offsetHeight; return performance.now() - start; })()"
                )
            )
    return (
        f"**The HTML page with {IN_BROWSER:,} findings** in headless Chromium, from a file: complete and interactive "
        f"after {statistics.median(ready) / 1000:.2f} s (asked: at most 2 s); choosing an artist redraws the list in "
        f"{statistics.median(filtered):.0f} ms. Medians of 5."
    )


def main() -> None:
    """Measure everything and write the section."""
    rows = []
    for name in RENDERERS:
        seconds, size, peak = measure(name)
        rows.append((name, f"{seconds:.2f}", f"{size / 1e6:.1f}", f"{peak:.0f}"))
        print(*rows[-1], flush=True)
    table = document.table(("format", "seconds", "megabytes", "peak memory, MB"), rows)
    text = (
        f"{document.machine()}.\n\n**{FINDINGS:,} findings**, each format in a process of its own (asked: at most 5 s "
        f"and 500 MB), medians of {ROUNDS}. Peak memory is the process's, Python and the report included.\n\n"
        f"{table}\n\n{in_browser()}"
    )
    document.write_section("Reports", text)
    print(text)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        write_one(sys.argv[1], int(sys.argv[2]))
    else:
        main()
