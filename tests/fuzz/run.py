"""Fuzzes every reader for a stated time: `python -m tests.fuzz.run --seconds 600`, or `make fuzz`.

    python -m tests.fuzz.run --only tar --only zip --seconds 60   some harnesses
    python -m tests.fuzz.run --replay tar FILE                    one input again, with its traceback
    python -m tests.fuzz.run --minimise tar FILE                  a shorter input that breaks the same

The project's own modules are instrumented for coverage; C extensions (Pillow, OpenCV, PyArrow, Faiss, the JSON and
YAML parsers) are not, so inside them inputs are found by chance only. Each harness runs in a process of its own with
a bound on the time of one input and on memory. Inputs that reached something new are kept in `.fuzz/corpus` for the
next run, findings in `.fuzz/findings`, each with the command that replays it. Ends with 1 at a finding, with 2 where it
could not run.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.fuzz.report import Outcome, table

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
STATE = ROOT / ".fuzz"
SMALLEST_SHARE = 3.0
"""Seconds that each harness gets at least."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run and return the exit code."""
    words = _words(argv)
    if words.replay:
        return _replay(*words.replay)
    if words.minimise:
        return _minimise(*words.minimise)
    try:
        from tests.fuzz import engine
    except ImportError as error:
        if error.name != "atheris":
            raise
        sys.stderr.write(
            "Fuzzing needs the package 'atheris', which there is for Linux and some versions of Python only. Install "
            "it with: pip install 'provenance-auditor[fuzz]'\nThe kept inputs are replayed without it: "
            "pytest tests/fuzz\n"
        )
        return 2
    names = engine.chosen(words.only)
    started = time.monotonic()
    outcomes: list[Outcome] = []
    for number, name in enumerate(names):
        left = started + words.seconds - time.monotonic()
        share = max(SMALLEST_SHARE, left / (len(names) - number))
        limits = engine.Limits(share, words.input_seconds, words.megabytes)
        outcomes.append(engine.fuzz(name, limits, words.state))
        sys.stderr.write(f"{name}: {outcomes[-1].sentence}\n")
    sys.stdout.write(table(outcomes, time.monotonic() - started))
    return 1 if any(outcome.findings for outcome in outcomes) else 0


def _words(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.run", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=600, help="for all harnesses together (default: 600)")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="a harness; repeatable")
    parser.add_argument("--input-seconds", type=int, default=20, help="an input that takes longer is a hang")
    parser.add_argument("--megabytes", type=int, default=2_048, help="memory of a harness's process")
    parser.add_argument("--replay", nargs=2, metavar=("NAME", "FILE"), help="run one input, without fuzzing")
    parser.add_argument("--minimise", nargs=2, metavar=("NAME", "FILE"), help="write FILE.min, which breaks the same")
    parser.add_argument("--state", type=Path, default=STATE, help="where grown corpora and findings are kept")
    return parser.parse_args(argv)


def _replay(name: str, path: str) -> int:
    from tests.fuzz.harnesses import HARNESSES

    started = time.monotonic()
    HARNESSES[name](Path(path).read_bytes())
    sys.stdout.write(f"{name}: nothing found in {time.monotonic() - started:.2f} s\n")
    return 0


def _minimise(name: str, path: str) -> int:
    from tests.fuzz.harnesses import HARNESSES
    from tests.fuzz.minimise import how_it_breaks, minimised

    data = minimised(HARNESSES[name], Path(path).read_bytes())
    Path(f"{path}.min").write_bytes(data)
    sys.stdout.write(f"{path}.min: {len(data):,} bytes, {how_it_breaks(HARNESSES[name], data)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
