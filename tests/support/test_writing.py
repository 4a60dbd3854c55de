"""The one atomic writer: the old file or the new one, whole, and nothing that is no file is ever replaced."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.support import writing

posix = pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices have no names there")


@given(old=st.none() | st.binary(max_size=20), new=st.binary(max_size=20), linked=st.booleans(), fails=st.booleans())
def test_the_old_file_or_the_new_one(old: bytes | None, new: bytes, linked: bool, fails: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        real = Path(folder, "real")
        path = Path(folder, "link") if linked else real
        if linked:
            path.symlink_to("real")
        if old is not None:
            real.write_bytes(old)
        try:
            with writing.replacing_file(path) as stream:
                stream.write(new)
                if fails:
                    raise KeyboardInterrupt
        except KeyboardInterrupt:
            assert (real.read_bytes() if real.exists() else None) == old
        else:
            assert not fails
            assert real.read_bytes() == new
        assert path.is_symlink() == linked
        assert {item.name for item in Path(folder).iterdir()} <= {"real", "link"}


@posix
def test_modes(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        writing.write_whole(tmp_path / "new", "é")
        assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640
        writing.write_whole(tmp_path / "secret", b"", mode=0o600)
        assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
        (tmp_path / "new").chmod(0o604)
        writing.write_whole(tmp_path / "new", b"x")
        assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o604
    finally:
        os.umask(mask)


@posix
@pytest.mark.parametrize("linked", [False, True])
def test_a_device_is_written_into(tmp_path: Path, linked: bool) -> None:
    path = Path("/dev/null")
    before = path.stat().st_rdev
    if linked:
        (tmp_path / "link").symlink_to(path)
        path = tmp_path / "link"
    writing.write_whole(path, b"gone")
    assert stat.S_ISCHR(path.stat().st_mode) and path.stat().st_rdev == before
    assert path.is_symlink() == linked


@posix
def test_a_pipe_is_written_into_where_somebody_reads(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    begun = time.monotonic()
    with pytest.raises(OSError, match="nobody reads"):
        writing.write_whole(path, b"x")
    assert time.monotonic() - begun < 1
    data = b"x" * 300_000  # more than fits into a pipe at once
    got: list[bytes] = []
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(reader, True)

    def read() -> None:
        time.sleep(0.1)
        while part := os.read(reader, 65536):
            got.append(part)

    thread = threading.Thread(target=read)
    thread.start()
    writing.write_whole(path, data)
    thread.join()
    os.close(reader)
    assert b"".join(got) == data
    assert stat.S_ISFIFO(path.stat().st_mode)


@posix
def test_a_folder_a_socket_and_a_loop_are_errors(tmp_path: Path) -> None:
    import socket

    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with tempfile.TemporaryDirectory(dir="/tmp") as short, socket.socket(socket.AF_UNIX) as item:
        item.bind(f"{short}/s")
        for path in (tmp_path, tmp_path / "a", Path(short, "s"), tmp_path / "no" / "folder"):
            with pytest.raises(OSError):
                writing.write_whole(path, b"x")
        assert stat.S_ISSOCK(Path(short, "s").stat().st_mode)


@posix
def test_standard_output_by_its_name_is_written_into(tmp_path: Path) -> None:
    code = "from auditor.support.writing import write_whole; write_whole('/dev/stdout', b'second\\n')"
    command = [sys.executable, "-c", code]
    assert subprocess.run(command, capture_output=True, check=True).stdout == b"second\n"
    with (tmp_path / "log").open("wb") as log:
        log.write(b"first\n")
        log.flush()
        subprocess.run(command, stdout=log, check=True)
    assert (tmp_path / "log").read_bytes() == b"first\nsecond\n"


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="there is no such folder here")
def test_a_file_in_a_folder_below_dev_is_a_file() -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        path = Path(folder, "a")
        path.write_bytes(b"old and long")
        writing.write_whole(path, b"new")
        assert path.read_bytes() == b"new"


@posix
def test_a_kill_leaves_the_old_file_and_the_next_writer_tidies_up(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    code = (
        "import os, signal, sys\nfrom auditor.support.writing import replacing_file\n"
        "with replacing_file(sys.argv[1]) as out:\n"
        "    out.write(b'half'); out.flush(); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path / "a")], check=False).returncode == -9
    assert (tmp_path / "a").read_bytes() == b"old"
    (left,) = (path for path in tmp_path.iterdir() if path.name != "a")
    long_ago = time.time() - 2 * writing.ABANDONED_SECONDS
    os.utime(left, (long_ago, long_ago))
    writing.write_whole(tmp_path / "a", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_new_file_never_replaces(tmp_path: Path) -> None:
    writing.create_new(tmp_path / "key", b"1", mode=0o600)
    with pytest.raises(FileExistsError):
        writing.create_new(tmp_path / "key", b"2", mode=0o600)
    assert (tmp_path / "key").read_bytes() == b"1"
