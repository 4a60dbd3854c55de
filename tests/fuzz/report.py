"""What a run of one harness gave, and the table of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Found:
    """One finding."""

    kind: str
    """crash | timeout | oom | slow | lost"""
    summary: str
    """The last line of the traceback and where it was raised, or what the fuzzer said."""
    path: Path | None
    """The input; None where the process ended without leaving one."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What fuzzing one harness gave."""

    name: str
    inputs: int
    seconds: float
    coverage: int
    """Edges of the project's code that were reached."""
    corpus: int
    """Inputs kept because each reaches something new."""
    slowest: int
    """Whole seconds of the slowest input."""
    megabytes: int
    """Memory at its highest."""
    findings: tuple[Found, ...] = ()

    @property
    def rate(self) -> float:
        """Inputs a second."""
        return self.inputs / self.seconds if self.seconds else 0.0

    @property
    def sentence(self) -> str:
        """One line, while the others still run."""
        found = "; ".join(f"{item.kind}: {item.summary}" for item in self.findings) or "nothing found"
        return f"{self.inputs:,} inputs, {self.rate:,.0f}/s, {self.coverage:,} edges, {self.seconds:.0f} s: {found}"


def table(outcomes: Sequence[Outcome], seconds: float) -> str:
    """Every harness in a row, then every finding with the command that replays it."""
    width = max((len(outcome.name) for outcome in outcomes), default=0)
    head = (
        f"{'harness':{width}} {'inputs':>9} {'/s':>7} {'edges':>6} {'corpus':>6} {'slowest':>7} {'MB':>5} {'found':>5}"
    )
    lines = [head, *(_row(outcome, width) for outcome in outcomes)]
    inputs = sum(outcome.inputs for outcome in outcomes)
    found = [(outcome.name, item) for outcome in outcomes for item in outcome.findings]
    lines.append(f"{len(outcomes)} harnesses, {inputs:,} inputs in {seconds:,.0f} s, {len(found)} findings")
    for name, item in found:
        lines.append(f"\n{name}, {item.kind}: {item.summary}")
        lines.append(
            f"  python -m tests.fuzz.run --replay {name} {item.path}"
            if item.path is not None
            else "  its process ended without leaving the input"
        )
    return "\n".join(lines) + "\n"


def _row(outcome: Outcome, width: int) -> str:
    return (
        f"{outcome.name:{width}} {outcome.inputs:>9,} {outcome.rate:>7,.0f} {outcome.coverage:>6,} "
        f"{outcome.corpus:>6,} {outcome.slowest:>6} s {outcome.megabytes:>5,} {len(outcome.findings):>5}"
    )
