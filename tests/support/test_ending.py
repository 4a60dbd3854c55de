"""What a process started does not outlive it, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from auditor.support.reaper import marked

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
ROOT = Path(__file__).parents[2]
TREE = """
import os, subprocess, sys, time
from auditor.support.environment import environment
from auditor.support.reaper import reaped
own = reaped()
how = sys.argv[1]
deaf = "import signal, time; [signal.signal(n, signal.SIG_IGN) for n in (1, 2, 15)]; "
with environment(own):
    below = f"subprocess.Popen([sys.executable, '-c', {deaf + 'time.sleep(60)'!r}], start_new_session=True)"
    inner = f"{deaf} import subprocess, sys; {below}; time.sleep(60)"
    subprocess.Popen([sys.executable, "-c", inner], start_new_session=True)
print(next(name for name in own if name.startswith("AUDITOR_RUN")), flush=True)
time.sleep(60 if how != "ends" else 1)
"""
WORKER = """
import os, subprocess, sys, time
code = ("import os, sys, time; from auditor.support.processes import {call}; "
        "{call}(int(sys.argv[1]){more}); print(flush=True); time.sleep(60)")
child = subprocess.Popen([sys.executable, "-c", code, str(os.getpid())], stdout=subprocess.PIPE, start_new_session=True)
child.stdout.readline()
print(child.pid, flush=True)
time.sleep(60)
"""


def gone_within(numbers: list[int], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while alive := [number for number in numbers if running(number)]:
        if time.monotonic() > until:
            for number in alive:
                os.kill(number, signal.SIGKILL)
            return False
        time.sleep(0.05)
    return True


def running(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except OSError:
        return False


@pytest.mark.parametrize("how", ["SIGKILL", "SIGTERM", "SIGHUP", "ends"])
def test_the_reaper_ends_a_tree_in_sessions_of_its_own(how: str) -> None:
    command = [sys.executable, "-c", TREE, how]
    driver = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, start_new_session=True)
    assert driver.stdout is not None
    mark = driver.stdout.readline().strip()
    until = time.monotonic() + 30
    while len(tree := marked(mark)) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    assert len(tree) == 2
    if how != "ends":
        os.kill(driver.pid, getattr(signal, how))
    driver.communicate()
    assert gone_within(tree, 3.0)


@pytest.mark.parametrize(
    ("call", "more"),
    [("end_with_parent", ", by_thread=True"), ("end_with_parent", ", by_thread=False"), ("end_with", "")],
)
def test_a_process_ends_with_another(call: str, more: str) -> None:
    command = [sys.executable, "-c", WORKER.format(call=call, more=more)]
    parent = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert running(child)
    parent.kill()  # and not waited for: a dead process that nobody asked about is gone all the same
    assert gone_within([child], 3.0)
    parent.communicate()


COMMAND = """
import sys, time
from auditor.support.ending import end_in_order
end_in_order()
try:
    print("ready", flush=True)
    time.sleep(30)
finally:
    print("tidied", flush=True)
    if sys.argv[1] == "waits":
        time.sleep(30)
"""


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
@pytest.mark.parametrize("how", ["ends", "waits"])
def test_a_command_that_is_told_to_end_tidies_up_for_a_moment(name: str, how: str) -> None:
    command = subprocess.Popen([sys.executable, "-c", COMMAND, how], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert command.stdout is not None
    assert command.stdout.readline() == "ready\n"
    begun = time.monotonic()
    command.send_signal(getattr(signal, name))
    assert command.communicate()[0] == "tidied\n"
    assert command.returncode == 128 + getattr(signal, name)
    assert time.monotonic() - begun < 3.0


def test_a_signal_that_the_caller_ignores_stays_ignored() -> None:
    code = f"import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n{COMMAND}".replace("sleep(30)", "sleep(1)")
    command = subprocess.Popen([sys.executable, "-c", code, "ends"], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert command.stdout is not None
    assert command.stdout.readline() == "ready\n"
    command.send_signal(signal.SIGHUP)
    assert command.wait() == 0
    command.stdout.close()
