"""Runs libFuzzer, through atheris, on one harness at a time in a forked process.

Importing this module imports the whole package with instrumentation, once for all harnesses.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import importlib
import io
import os
import pkgutil
import random
import re
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import atheris

from tests.fuzz import growth
from tests.fuzz.mutate import mutated
from tests.fuzz.report import Found, Outcome

_UNUSED = (
    "auditor.__main__",
    "auditor.engines.ray",
    "auditor.engines.spark",
    "auditor.names.data.build_languages",
    "auditor.names.data.build_tables",
)

with contextlib.redirect_stderr(io.StringIO()), atheris.instrument_imports(include=["auditor"]):
    import auditor

    for _module in pkgutil.walk_packages(auditor.__path__, "auditor."):
        # All of it, because what a reader imports later would not be instrumented.
        if _module.name not in _UNUSED:
            importlib.import_module(_module.name)

from tests.fuzz import guard  # noqa: E402 - after the instrumented imports
from tests.fuzz.harness import Harness  # noqa: E402
from tests.fuzz.harnesses import HARNESSES  # noqa: E402

HERE = Path(__file__).parent
RESTARTS = 4
"""After so many findings of one harness the rest of its time is left."""
GRACE = 30.0
"""Seconds past its time after which a harness's process is ended."""
GROWTH = 0.15
"""Part of a harness's time in which seeds are grown instead of fuzzed."""
_KINDS = ("crash", "timeout", "oom", "slow")


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one harness's run."""

    seconds: float
    input_seconds: int
    megabytes: int


def chosen(names: Sequence[str]) -> tuple[str, ...]:
    """The harnesses of these names, all where none is named."""
    unknown = sorted(set(names) - set(HARNESSES))
    if unknown:
        raise SystemExit(f"There is no harness {unknown[0]!r}. There are: {', '.join(HARNESSES)}.")
    return tuple(names) or tuple(HARNESSES)


def fuzz(name: str, limits: Limits, state: Path, harness: Harness | None = None) -> Outcome:
    """Fuzz a harness until its time is over, starting again after a finding."""
    started = time.monotonic()
    corpus, found = state / "corpus" / name, state / "findings" / name
    for folder in (corpus, found):
        folder.mkdir(parents=True, exist_ok=True)
    total = Outcome(name, 0, 0.0, 0, 0, 0, 0)
    for _ in range(RESTARTS):
        left = limits.seconds - (time.monotonic() - started)
        if left < 1:
            break
        part = _run(name, harness or HARNESSES[name], replace(limits, seconds=left), corpus, found)
        total = _added(total, part)
        if not part.findings:
            break
    return Outcome(
        name, total.inputs, time.monotonic() - started, total.coverage, len(list(corpus.iterdir())), total.slowest,
        total.megabytes, total.findings,
    )  # fmt: skip


def _added(total: Outcome, part: Outcome) -> Outcome:
    known = {_shape(item) for item in total.findings}
    return Outcome(
        total.name, total.inputs + part.inputs, 0.0, max(total.coverage, part.coverage), 0,
        max(total.slowest, part.slowest), max(total.megabytes, part.megabytes),
        total.findings + tuple(item for item in part.findings if _shape(item) not in known),
    )  # fmt: skip


def _shape(found: Found) -> str:
    """What two findings of one cause have in common: the message with its numbers and quotations left out."""
    head, _, place = found.summary.rpartition(" at ")
    return f"{found.kind} {re.sub(r'[0-9]+|' + chr(39) + '.*?' + chr(39), '#', head)[:60]} {place}"


def _run(name: str, harness: Harness, limits: Limits, corpus: Path, found: Path) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="auditor-fuzz-run-", ignore_cleanup_errors=True) as scratch:
        log, inputs = Path(scratch) / "log", Path(scratch) / "found"
        inputs.mkdir()
        process = os.fork()
        if process == 0:
            _child(name, harness, limits, corpus, inputs, Path(scratch), log)
        ended = _wait(process, limits.seconds + limits.input_seconds + GRACE)
        said = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
        left = [path for path in sorted(inputs.iterdir()) if path.name.startswith(_KINDS)]
        left = [_kept(path, found) for path in left]
    findings = [Found(path.name.partition("-")[0], _summary(said), path) for path in left]
    if ended != 0 and not findings:
        findings = [Found("lost", f"its process ended with {ended}: {_summary(said)}", None)]
    return Outcome(
        name,
        _number(r"stat::number_of_executed_units: *(\d+)", said),
        0.0,
        _number(r".*cov: (\d+)", said),
        0,
        _number(r"stat::slowest_unit_time_sec: *(\d+)", said),
        _number(r"stat::peak_rss_mb: *(\d+)", said),
        tuple(findings),
    )


def _kept(path: Path, found: Path) -> Path:
    """The input among the findings, under a name of its own."""
    data = path.read_bytes()
    target = found / f"{path.name.partition('-')[0]}-{hashlib.sha256(data).hexdigest()[:40]}"
    target.write_bytes(data)
    return target


def _wait(process: int, seconds: float) -> int:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        ended, status = os.waitpid(process, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.05)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    return -signal.SIGKILL


def _child(name: str, harness: Harness, limits: Limits, corpus: Path, found: Path, scratch: Path, log: Path) -> None:
    """Fuzz in this process, which never returns from it."""
    try:
        started = time.monotonic()
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(output, 1)
        os.dup2(output, 2)
        tempfile.tempdir = str(scratch)
        guard.forget()
        if harness.prepare is not None:
            harness.prepare()
        seeds = [path for path in (HERE / "corpus" / name, HERE / "regressions" / name) if path.is_dir()]
        _grow(harness, seeds, limits.seconds * GROWTH, found)
        words = _dictionary(seeds, scratch / "words")
        options = {
            "max_total_time": max(1, round(limits.seconds - (time.monotonic() - started))),
            "timeout": limits.input_seconds,
            "rss_limit_mb": limits.megabytes,
            "max_len": harness.longest,
            "artifact_prefix": f"{found}{os.sep}",
            "print_final_stats": 1,
            "report_slow_units": limits.input_seconds,
            "dict": words,
        }
        arguments = [sys.argv[0], *(f"-{key}={value}" for key, value in options.items()), str(corpus), *map(str, seeds)]

        def mutate(data: bytes, most: int, seed: int) -> bytes:
            chance = random.Random(seed)
            if chance.random() < (0.5 if harness.text else 0.2):
                return mutated(data, chance, text=harness.text)[:most]
            return bytes(atheris.Mutate(data, most))

        atheris.Setup(arguments, harness, custom_mutator=mutate)
        atheris.Fuzz()
    except BaseException:
        traceback.print_exc()
    # The C library's exit: there libFuzzer waits to write the input down. Python's would unwind the parent's frames.
    ctypes.CDLL(None).exit(99)


def _grow(harness: Harness, seeds: Sequence[Path], seconds: float, found: Path) -> None:
    """Try grown seeds; what one breaks is left as `crash-grown`, also where it ends the process."""
    contents = [path.read_bytes() for folder in seeds for path in sorted(folder.iterdir())]
    tried = found / "crash-grown"
    slow = growth.search(harness, contents, seconds, tried, random.Random(time.time_ns()))
    if slow is not None:
        tried.rename(found / "slow-grown")
        sys.stderr.write(f"SUMMARY: a grown input took more than {growth.SLOW} s\n")
        os._exit(98)


def _dictionary(seeds: Sequence[Path], target: Path) -> Path:
    """Words of the seeds, which the fuzzer puts into inputs."""
    words: dict[bytes, None] = {}
    for folder in seeds:
        for path in sorted(folder.iterdir()):
            words |= dict.fromkeys(re.findall(rb"[A-Za-z_][\w:.-]{2,30}", path.read_bytes()))
    target.write_bytes(b"".join(b'"%s"\n' % word for word in list(words)[:400]))
    return target


def _number(pattern: str, said: str) -> int:
    numbers = re.findall(pattern, said)
    return int(numbers[-1]) if numbers else 0


def _summary(said: str) -> str:
    """The error and the place that raised it."""
    error = re.search(r"Uncaught Python exception: ===\s*\n(.*)", said)
    if error is not None:
        said = said[error.start() :].partition("\n\n")[0]
    places = re.findall(r'File "[^"]*?((?:auditor|tests)/[^"]*)", line (\d+)', said)
    own = [place for place in places if place[0].startswith("auditor")] or places
    where = f" at {own[-1][0]}:{own[-1][1]}" if own else ""
    if error is not None:
        named = re.search(r"^[\w.]*(?:Error|Exception|Exit|Misbehaved)\b.*", said, re.MULTILINE)
        return f"{(named.group() if named else error.group(1))[:200]}{where}"
    native = re.search(r"SUMMARY: (.*)|ERROR: (.*)", said)
    first = re.search(r'most recent call first\):\s*\n\s*File "[^"]*?((?:auditor|tests)/[^"]*)", line (\d+)', said)
    at = f" at {first.group(1)}:{first.group(2)}" if first else where
    return f"{native.group(0) if native else said.strip()[-200:]}{at}"
