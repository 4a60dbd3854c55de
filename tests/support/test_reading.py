"""The one bounded reader: what is no regular file is the same error, at once, by every way in."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.support import reading

WAYS: dict[str, Callable[[Path], object]] = {
    "open_file": lambda path: reading.open_file(path).close(),
    "read_bytes": lambda path: reading.read_bytes(path, 100),
    "read_start": lambda path: reading.read_start(path, 100),
    "read_slice": lambda path: reading.read_slice(path, 5, 100),
    "read_text": lambda path: reading.read_text(path, 100),
    "require_file": reading.require_file,
}
ODD = ("pipe", "socket", "device", "terminal", "folder", "loop", "link to a pipe", "missing", "name with a NUL")


@pytest.fixture
def odd(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Makes the odd things by name."""
    opened: list[socket.socket] = []

    def make(kind: str) -> Path:
        path = tmp_path / "x"
        if kind == "pipe":
            os.mkfifo(path)
        elif kind == "socket":
            with tempfile.TemporaryDirectory(dir="/tmp") as short:  # a socket's name is at most 107 bytes
                opened.append(socket.socket(socket.AF_UNIX))
                opened[-1].bind(f"{short}/s")
                os.link(f"{short}/s", path)
        elif kind in {"device", "terminal"}:
            return Path("/dev/zero" if kind == "device" else "/dev/tty")
        elif kind == "folder":
            path.mkdir()
        elif kind == "loop":
            path.symlink_to(tmp_path / "y")
            (tmp_path / "y").symlink_to(path)
        elif kind == "link to a pipe":
            os.mkfifo(tmp_path / "y")
            path.symlink_to(tmp_path / "y")
        return tmp_path / "a\0b" if "NUL" in kind else path

    yield make
    for item in opened:
        item.close()


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices have no names there")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", ODD)
def test_what_is_no_file_is_an_error_at_once(kind: str, way: str, odd: Callable[[str], Path]) -> None:
    path = odd(kind)
    begun = time.monotonic()
    with pytest.raises(OSError) as caught:
        WAYS[way](path)
    assert time.monotonic() - begun < 1
    assert caught.value.strerror
    if kind in {"pipe", "socket", "device", "folder", "link to a pipe"}:
        assert isinstance(caught.value, reading.NotAFile)
        word = {"link to a pipe": "pipe"}.get(kind, kind)
        assert word in str(caught.value.strerror)


@given(content=st.binary(max_size=40), most=st.integers(0, 50), offset=st.integers(0, 50))
def test_reads_what_is_there_and_no_more(content: bytes, most: int, offset: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file")
        path.write_bytes(content)
        assert reading.read_start(path, most) == content[:most]
        assert reading.read_slice(path, offset, most) == content[offset : offset + most]
        if len(content) <= most:
            assert reading.read_bytes(path, most) == content
            with reading.open_file(path, most) as stream:
                assert stream.read() == content
        else:
            with pytest.raises(reading.TooLarge):
                reading.read_bytes(path, most)
            with pytest.raises(reading.TooLarge):
                reading.open_file(path, most)


def test_a_file_whose_size_is_not_told_is_bounded_too() -> None:
    endless = Path("/proc/self/status")
    if not endless.exists():
        pytest.skip("there is no such file here")
    with pytest.raises(reading.TooLarge):
        reading.read_bytes(endless, 10)
    assert len(reading.read_bytes(endless, 1 << 20)) > 10


def test_text_has_one_kind_of_line_end(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes("é\r\nb\rc\n".encode())
    assert reading.read_text(tmp_path / "a", 100) == "é\nb\nc\n"
    (tmp_path / "a").write_bytes(b"\xff")
    with pytest.raises(UnicodeDecodeError):
        reading.read_text(tmp_path / "a", 100)


def test_no_descriptor_is_left_open(tmp_path: Path) -> None:
    before = reading.descriptor_of(__file__)
    os.close(before)
    (tmp_path / "a").write_bytes(b"123")
    for _ in range(20):
        reading.read_bytes(tmp_path / "a", 10)
        with pytest.raises(OSError):
            reading.read_bytes(tmp_path / "a", 1)
        with pytest.raises(OSError):
            reading.read_bytes(tmp_path, 1)
    after = reading.descriptor_of(__file__)
    os.close(after)
    assert after == before
