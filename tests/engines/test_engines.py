"""Both engines give one outcome per sample, and a lost worker never loses a sample."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from functools import partial

import pytest

from auditor.engines.interface import Auditor
from auditor.engines.processes import ProcessesEngine
from auditor.engines.serial import SerialEngine
from auditor.errors import CheckCrashed, Incomplete
from auditor.model import BytesPayload, Sample, SampleOutcome


def samples(count: int, special: dict[int, str] | None = None) -> list[Sample]:
    special = special or {}
    return [Sample(f"{n:04}.png", BytesPayload(b"x" * 100), reason=special.get(n)) for n in range(count)]


def open_auditor(prefix: str) -> Auditor:
    def audit(sample: Sample) -> SampleOutcome:
        match sample.reason:
            case "die":
                os.kill(os.getpid(), signal.SIGKILL)
            case "hang":
                time.sleep(60)
            case "raise":
                raise RuntimeError("broken check")
            case "print":
                print("a library that prints", flush=True)
                os.write(1, b"straight to the descriptor\n")
        return SampleOutcome(sample.path, content_sha256=f"{prefix}{len(sample.payload.data)}")  # type: ignore[union-attr]

    return audit


def refuse_to_open() -> Auditor:
    raise ValueError("no index here")


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
    with pytest.raises(Incomplete, match="could not start"):
        list(ProcessesEngine().run(samples(3), refuse_to_open, 1))


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
    assert "auditor.engines.worker" not in listing.stdout
