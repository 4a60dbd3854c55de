"""How a command ends that is told to (TERM, a closed terminal): what it was writing is taken away, then it is gone."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from types import FrameType
from typing import NoReturn

PATIENCE_SECONDS = 2.0
"""For cleaning up. What waits for something that does not come, or is told twice, ends at once."""


def end_in_order() -> None:
    """Let the signals that end a command raise SystemExit in the main thread, and end it anyway a moment later.

    Only for a process of our own: an application that imports the package has its own ways.
    """
    names = ("SIGTERM", "SIGHUP", "SIGBREAK")
    numbers = [int(getattr(signal, name)) for name in names if hasattr(signal, name)]
    for number in numbers:
        if signal.getsignal(number) is not signal.SIG_IGN:  # `nohup` wants it ignored
            signal.signal(number, _leave)
    if sys.platform == "win32":  # pragma: no cover - no socket can be woken by there
        return
    heard, woken = socket.socketpair()
    woken.setblocking(False)
    signal.set_wakeup_fd(woken.fileno(), warn_on_full_buffer=False)
    threading.Thread(target=_enforce, args=(heard, woken, numbers), daemon=True, name="ends in order").start()


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    signal.signal(number, signal.SIG_DFL)  # told twice
    raise SystemExit(128 + number)


def _enforce(heard: socket.socket, woken: socket.socket, numbers: list[int]) -> None:
    """`woken` is held, because the signals write to it."""
    while told := heard.recv(1):
        if told[0] in numbers:
            time.sleep(PATIENCE_SECONDS)
            os._exit(128 + told[0])
    woken.close()
