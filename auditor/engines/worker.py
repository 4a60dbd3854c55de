"""The worker process: `python -m auditor.engines.worker`, started by `processes.py` only.

Reads an OpenAuditor, then batches of samples, from standard input; writes one outcome per sample to what was
standard output. File descriptor 1 is pointed at standard error first, so that nothing a library prints can
get between the frames.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback

from auditor.engines.frames import read_frame, write_frame
from auditor.engines.interface import Auditor, CheckFailure
from auditor.model import Sample, SampleOutcome


def limit_memory(limit: int) -> None:
    """Bound this process's private memory in bytes where the system can (0 = leave it)."""
    try:
        import resource
    except ImportError:  # Windows has no rlimits
        return
    if limit:
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def _audit(auditor: Auditor, sample: Sample) -> SampleOutcome | CheckFailure:
    try:
        return auditor(sample)
    except Exception as error:  # a bug in a check: the parent ends the scan with it, and never drops the sample
        return CheckFailure(sample.path, f"{type(error).__name__}: {error}", traceback.format_exc())


def main() -> int:
    """Serve until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group: the parent decides
    inbound = sys.stdin.buffer
    outbound = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    open_auditor, memory_limit = read_frame(inbound)  # type: ignore[misc]
    auditor: Auditor = open_auditor()  # type: ignore[has-type]
    limit_memory(memory_limit)  # type: ignore[has-type]
    write_frame(outbound, "ready")
    while True:
        try:
            batch = read_frame(inbound)
        except EOFError:
            return 0
        assert isinstance(batch, tuple)
        for sample in batch:
            write_frame(outbound, _audit(auditor, sample))


if __name__ == "__main__":
    sys.exit(main())
