"""Both engines give one outcome per sample, and a lost worker never loses a sample."""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import re
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from auditor.engines.interface import Auditor
from auditor.engines.processes import ProcessesEngine
from auditor.engines.serial import SerialEngine
from auditor.errors import CheckCrashed, Incomplete, IndexCorrupt
from auditor.model import BytesPayload, Sample
from auditor.outcome import SampleOutcome, Skip
from auditor.support.frames import MOST_BYTES, read_answer


def samples(count: int, special: dict[int, str] | None = None) -> list[Sample]:
    special = special or {}
    return [Sample(f"{n:04}.png", BytesPayload(b"x" * 100), reason=special.get(n)) for n in range(count)]


def open_auditor(prefix: str) -> Auditor:
    def audit(sample: Sample) -> SampleOutcome:
        match sample.reason:
            case "die":
                os.kill(os.getpid(), signal.SIGKILL)
            case "picture dies" if sample.payload is not None:
                os.kill(os.getpid(), signal.SIGKILL)
            case "hang":
                time.sleep(60)
            case "hang shortly":
                time.sleep(0.4)
            case "slow":
                time.sleep(0.002)
            case "spin":
                re.match(r"(a|a)*b", "a" * 40)  # some hours without a return to Python
            case "raise":
                raise RuntimeError("broken check")
            case "print":
                print("a library that prints", flush=True)
                os.write(1, b"straight to the descriptor\n")
        if sample.payload is None:
            return SampleOutcome(sample.path, texts=1)
        return SampleOutcome(sample.path, content_sha256=f"{prefix}{len(sample.payload.data)}")  # type: ignore[union-attr]

    return audit


def refuse_to_open(parent: int, error: Exception) -> Auditor:
    """Fail with an error; where `parent` is not 0, in worker processes only."""
    if os.getpid() == parent:
        return open_auditor("")
    raise error


def hungry(where: str) -> Auditor:
    """Wants memory for some samples, and meets the refusal in its own way."""
    held: list[object] = []

    def audit(sample: Sample) -> SampleOutcome:
        if sample.reason == "hungry":
            try:
                held.append(np.empty(3 << 30, np.uint8))
            except MemoryError:
                if where == "aborts":
                    os.abort()
                return SampleOutcome(sample.path, skip=Skip(sample.path, "out-of-memory", "refused"))
        return SampleOutcome(sample.path)

    return audit


def killed_while_opening(folder: Path, times: int) -> Auditor:
    """The first workers are killed before they are ready, as a system does that has no memory left."""
    for number in range(times):
        with contextlib.suppress(FileExistsError):
            (folder / str(number)).touch(exist_ok=False)
            os.kill(os.getpid(), signal.SIGKILL)
    return open_auditor("sha-")


class Prepared:
    """Counts how many samples it saw ahead, and refuses to look at some."""

    def __init__(self, broken: bool) -> None:
        self.broken = broken
        self.ahead: set[str] = set()

    def prepare(self, coming: Iterable[Sample]) -> None:
        self.ahead |= {sample.path for sample in coming}
        if self.broken:
            raise RuntimeError("seen too early")

    def __call__(self, sample: Sample) -> SampleOutcome:
        return SampleOutcome(sample.path, content_sha256="seen" if sample.path in self.ahead else None)


OPEN = partial(open_auditor, "sha-")


def test_processes_give_what_serial_gives() -> None:
    batch = samples(300, {7: "print"})
    serial = list(SerialEngine().run(batch, OPEN))
    parallel = sorted(ProcessesEngine().run(batch, OPEN, 2), key=lambda outcome: outcome.sample)
    assert parallel == serial
    assert len(serial) == 300


def test_a_crash_costs_one_sample() -> None:
    outcomes = {o.sample: o for o in ProcessesEngine().run(samples(120, {5: "die", 70: "die"}), OPEN, 2)}
    assert len(outcomes) == 120
    lost = {name: o.skip.reason for name, o in outcomes.items() if o.skip is not None}
    assert lost == {"0005.png": "crashed", "0070.png": "crashed"}


def test_a_hang_costs_one_sample() -> None:
    engine = ProcessesEngine(seconds_per_sample=1.0)
    outcomes = {o.sample: o for o in engine.run(samples(40, {3: "hang"}), OPEN, 2)}
    assert len(outcomes) == 40
    assert [o.skip.reason for o in outcomes.values() if o.skip] == ["timed-out"]


@pytest.mark.parametrize("engine", [SerialEngine(), ProcessesEngine()], ids=["serial", "processes"])
def test_a_bug_in_a_check_ends_the_scan(engine: SerialEngine | ProcessesEngine) -> None:
    with pytest.raises(CheckCrashed, match=r"0009\.png.*broken check"):
        list(engine.run(samples(40, {9: "raise"}), OPEN, 2))


def test_workers_that_cannot_start_are_no_short_report() -> None:
    with pytest.raises(Incomplete, match=r"could not start.*--engine serial"):
        list(ProcessesEngine().run(samples(3), partial(refuse_to_open, os.getpid(), ValueError("no")), 1))


def test_a_worker_that_is_killed_while_it_starts_is_started_again(tmp_path: Path) -> None:
    found = ProcessesEngine().run(samples(40), partial(killed_while_opening, tmp_path, 2), 1)
    assert sorted(outcome.sample for outcome in found) == [sample.path for sample in samples(40)]
    assert len(list(tmp_path.iterdir())) == 2


def test_workers_that_are_killed_whenever_they_start_give_no_report(tmp_path: Path) -> None:
    with pytest.raises(Incomplete, match=r"exit code -9\), so no report is given"):
        list(ProcessesEngine().run(samples(40), partial(killed_while_opening, tmp_path, 99), 1))
    assert len(list(tmp_path.iterdir())) == 3


def test_without_assertions_no_sample_is_lost(tmp_path: Path) -> None:
    code = (
        "from tests.engines.test_engines import OPEN, ProcessesEngine, samples\n"
        "print(sum(o.skip is None for o in ProcessesEngine().run(samples(40), OPEN, 1)))"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-O", "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == "40"


def test_what_a_worker_cannot_open_is_said_as_if_it_were_opened_here() -> None:
    with pytest.raises(IndexCorrupt, match=r"works\.parquet is damaged"):
        damaged = IndexCorrupt("works.parquet is damaged")
        list(ProcessesEngine().run(samples(3), partial(refuse_to_open, 0, damaged), 2))
    with pytest.raises(Incomplete, match="ValueError: no index here"):
        list(ProcessesEngine().run(samples(3), partial(refuse_to_open, 0, ValueError("no index here")), 1))


@pytest.mark.parametrize("engine", [SerialEngine(), ProcessesEngine()], ids=["serial", "processes"])
@pytest.mark.parametrize("broken", [False, True])
def test_an_auditor_sees_samples_ahead_and_what_goes_wrong_then_costs_nothing(
    engine: SerialEngine | ProcessesEngine, broken: bool
) -> None:
    found = list(engine.run(samples(40), partial(Prepared, broken), 2))
    assert sorted(outcome.sample for outcome in found) == [sample.path for sample in samples(40)]
    assert {outcome.content_sha256 for outcome in found} == {"seen"}


@pytest.mark.parametrize("engine", [SerialEngine(), ProcessesEngine()], ids=["serial", "processes"])
def test_outcomes_among_the_samples_are_passed_on(engine: SerialEngine | ProcessesEngine) -> None:
    known = [SampleOutcome(f"known {n}", content_sha256="before") for n in range(3000)]
    mixed = [*known[:2000], *samples(20), *known[2000:]]
    found = sorted(engine.run(mixed, OPEN, 2), key=lambda outcome: outcome.sample)
    assert found[20:] == sorted(known, key=lambda outcome: outcome.sample)
    assert [outcome.sample for outcome in found[:20]] == [f"{n:04}.png" for n in range(20)]


def test_the_texts_of_a_sample_that_crashes_its_reader_are_audited_all_the_same() -> None:
    outcomes = {o.sample: o for o in ProcessesEngine().run(samples(40, {9: "picture dies"}), OPEN, 1)}
    assert len(outcomes) == 40
    assert outcomes["0009.png"].texts == 1
    assert outcomes["0009.png"].skip == Skip("0009.png", "crashed", "the worker that read it ended with code -9")


class Bomb:
    """Makes a file where it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> object:
        return Path.touch, (self.path,)


def taken_over(payload: bytes) -> Auditor:
    """An auditor that a picture makes write to every pipe it can find."""

    def audit(sample: Sample) -> SampleOutcome:
        if sample.reason == "evil" and sample.payload is not None:
            for descriptor in range(3, 30):
                with contextlib.suppress(OSError):
                    os.write(descriptor, struct.pack(">Q", len(payload)) + payload)
        return SampleOutcome(sample.path)

    return audit


@pytest.mark.parametrize(
    "payload",
    ["pickle", b"not json", b"[1]", b'{"result": {"path": 1}}', b'{"result": {"sample": "0001.png"}}', b"[" * 9999],
    ids=["pickle", "text", "list", "other fields", "other sample", "deep"],
)
def test_what_a_worker_that_was_taken_over_says_is_neither_run_nor_believed(
    payload: bytes | str, tmp_path: Path
) -> None:
    said = pickle.dumps(Bomb(tmp_path / "unpickled")) if isinstance(payload, str) else payload
    outcomes = list(ProcessesEngine().run(samples(40, {9: "evil"}), partial(taken_over, said), 1))
    assert sorted(outcome.sample for outcome in outcomes) == [sample.path for sample in samples(40)]
    assert [(o.sample, o.skip.reason) for o in outcomes if o.skip] == [("0009.png", "crashed")]
    assert not (tmp_path / "unpickled").exists()


@pytest.mark.parametrize("length", [MOST_BYTES + 1, 2**63])
def test_an_answer_is_not_waited_for_if_it_is_endless(length: int) -> None:
    with pytest.raises(EOFError):
        read_answer(io.BytesIO(struct.pack(">Q", length)), str)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not enforce RLIMIT_DATA")
@pytest.mark.parametrize(("where", "reason"), [("says so", "out-of-memory"), ("aborts", "crashed")])
def test_more_memory_than_there_is_for_one_sample(where: str, reason: str) -> None:
    limited = list(ProcessesEngine().run(samples(40, {9: "hungry"}), partial(hungry, where), 2))
    assert len(limited) == 40
    assert [(o.sample, o.skip.reason) for o in limited if o.skip] == [("0009.png", reason)]
    free = ProcessesEngine(memory_limit=0).run(samples(40, {9: "hungry"}), partial(hungry, where), 2)
    assert [o.skip for o in free] == [None] * 40  # 3 GiB that nothing is written to


def test_a_hang_is_ended_while_other_samples_go_on() -> None:
    """The engine looks at the clock also where outcomes never stop coming."""
    engine = ProcessesEngine(seconds_per_sample=1.0)
    endless = (sample for n in range(100_000) for sample in samples(1, {0: "hang" if n == 3 else "slow"}))
    reasons = (o.skip.reason for o in engine.run(endless, OPEN, 2) if o.skip)
    assert next(reasons) == "timed-out"


def test_a_pause_of_the_scan_itself_is_no_time_of_a_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.support.pool.PAUSE_SECONDS", 1.0)
    run = ProcessesEngine(seconds_per_sample=1.0).run(samples(1300), OPEN, 1)
    found = [next(run)]
    time.sleep(2.5)  # nobody asks for outcomes: the queue fills up, and the worker waits
    found += run
    assert len(found) == 1300
    assert not [outcome for outcome in found if outcome.skip]


PARENT = """
import os, sys
from functools import partial
from tests.engines.test_engines import open_auditor, samples
from auditor.engines.processes import ProcessesEngine

engine = ProcessesEngine(seconds_per_sample=0.5)
batch = samples(200, dict.fromkeys(range(1, 200), sys.argv[1]))
for outcome in engine.run(batch, partial(open_auditor, ""), 2):
    print(outcome.sample, flush=True)
"""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc")
@pytest.mark.parametrize("busy", ["slow", "spin", "hang shortly"])
def test_workers_of_a_killed_parent_end_by_themselves(busy: str) -> None:
    """Also one that never looks at its pipes again. What they wrote to the terminal is nothing."""
    root = Path(__file__).parents[2]
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, busy],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert parent.stdout is not None
    assert parent.stdout.readline().endswith(".png\n")  # of whichever worker was first
    assert workers_of_session(parent.pid)
    parent.kill()
    _, errors = parent.communicate()
    until = time.monotonic() + 30
    while (left := workers_of_session(parent.pid)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not left
    assert errors == ""


def workers_of_session(session: int) -> list[int]:
    """Process ids of the workers in a session, whoever their parent is by now."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                ours = int(fields[3]) == session and fields[0] != "Z"
                if ours and b"auditor.support.worker" in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
    return found


def test_an_error_while_listing_reaches_the_caller() -> None:
    def listing():  # type: ignore[no-untyped-def]
        yield from samples(20)
        raise PermissionError("locked folder")

    with pytest.raises(PermissionError, match="locked folder"):
        list(ProcessesEngine().run(listing(), OPEN, 2))


def test_stopping_early_leaves_no_worker_behind() -> None:
    run = ProcessesEngine().run(samples(400), OPEN, 2)
    next(run)
    run.close()  # type: ignore[attr-defined]
    listing = subprocess.run(["ps", "--ppid", str(os.getpid()), "-o", "args="], capture_output=True, text=True)
    assert "auditor.support.worker" not in listing.stdout


def odd_at_first(folder: Path, how: str) -> Auditor:
    """The first worker is stopped, or hangs, before it is ready for its first sample."""
    with contextlib.suppress(FileExistsError):
        (folder / "first").touch(exist_ok=False)
        if how == "stops":
            os.kill(os.getpid(), signal.SIGSTOP)
        time.sleep(60)
    return open_auditor("sha-")


@pytest.mark.skipif(sys.platform == "win32", reason="processes are not stopped there")
@pytest.mark.parametrize("how", ["stops", "hangs"])
def test_a_worker_that_is_not_ready_in_time_is_replaced(
    how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("auditor.support.pool.START_SECONDS", 1.5)
    begun = time.monotonic()
    found = list(ProcessesEngine().run(samples(40), partial(odd_at_first, tmp_path, how), 1))
    assert sorted(outcome.sample for outcome in found) == [sample.path for sample in samples(40)]
    assert not [outcome for outcome in found if outcome.skip]
    assert time.monotonic() - begun < 30


def test_no_more_workers_than_windows_can_wait_for(monkeypatch: pytest.MonkeyPatch) -> None:
    from auditor.support import processes

    monkeypatch.setattr(processes.sys, "platform", "win32")
    assert [processes.worker_count(n) for n in (1, 61, 62, 500)] == [1, 61, 61, 61]
    monkeypatch.setattr(processes.sys, "platform", "linux")
    assert processes.worker_count(500) == 500
    assert processes.worker_count(0) >= 1
