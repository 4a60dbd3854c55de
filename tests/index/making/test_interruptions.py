"""Kill -9, full disks and Ctrl-C: the old version stands, and running again finishes the work."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from auditor.index.making.sign import generate
from auditor.index.making.verify import verify_index
from auditor.index.opening.store import open_index
from tests.index.samples import TODAY, gallery, make_index, person, record

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")
CODE = "from auditor.cli.main import main; main()"


def start(*words: object, home: Path) -> subprocess.Popen[bytes]:
    folders = {"XDG_CACHE_HOME": str(home / "cache"), "XDG_STATE_HOME": str(home / "state")}
    call = [sys.executable, "-c", CODE, "index", *map(str, words)]
    return subprocess.Popen(
        call,
        env={**os.environ, **folders},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def run(*words: object, home: Path) -> int:
    return start(*words, home=home).wait(120)


def killed(*words: object, home: Path, after: float) -> bool:
    """Start, and kill the whole group after some seconds; False if it had ended before."""
    process = start(*words, home=home)
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True
    return False


def clean(folder: Path, *expected: str) -> None:
    assert sorted(path.name for path in folder.iterdir()) == sorted(expected)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def grown(place: Path, home: Path) -> Path:
    """An index of three pictures, and a source of forty to make the next version from."""
    gallery(place / "artists", "Ash", 3)
    assert run("build", place / "artists", "--out", place / "index", "--jobs", 1, home=home) == 0
    gallery(place / "artists", "Ash", 40)
    return place / "index"


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["build", "add", "merge", "sign"])
def test_kill_9_at_twenty_moments(verb: str, tmp_path: Path, home: Path) -> None:
    folder = grown(tmp_path, home)
    generate(tmp_path / "key")
    make_index(tmp_path / "other", [person("b", "Bo")], [record(n, "b") for n in range(50)])
    words: dict[str, list[object]] = {
        "build": ["build", tmp_path / "artists", "--out", folder, "--jobs", 2],
        "add": ["add", folder, tmp_path / "artists", "--jobs", 2],
        "merge": ["merge", tmp_path / "kept", tmp_path / "other", "--out", folder],
        "sign": ["sign", folder, "--key", tmp_path / "key"],
    }
    shutil.copytree(folder, tmp_path / "kept")
    before = open_index(folder).manifest
    shutil.copytree(folder, tmp_path / "probe")
    begin = time.monotonic()
    assert run(*(tmp_path / "probe" if word == folder else word for word in words[verb]), home=tmp_path / "x") == 0
    whole = time.monotonic() - begin
    rng = random.Random(verb)
    for _ in range(20):
        killed(*words[verb], home=home, after=rng.uniform(0.05, 1.1) * whole)
        found = verify_index(folder, today=TODAY).index.manifest
        assert found.version in (before.version, before.version + 1)
        if found.version > before.version:  # it had ended: begin again from the old version
            shutil.rmtree(folder)
            shutil.copytree(tmp_path / "kept", folder)
    assert run(*words[verb], home=home) == 0
    final = verify_index(folder, today=TODAY)
    assert final.index.manifest.version == before.version + (verb != "sign")
    assert (final.index.signature is not None) == (verb == "sign")
    names = [path.name for path in tmp_path.iterdir() if path.name.startswith(".index")]
    assert names == []


def test_kill_9_in_a_build_and_again(tmp_path: Path, home: Path) -> None:
    gallery(tmp_path / "artists", "Ash", 6)
    assert killed("build", tmp_path / "artists", "--out", tmp_path / "index", "--jobs", 1, home=home, after=0.4)
    assert not (tmp_path / "index").exists()
    assert run("build", tmp_path / "artists", "--out", tmp_path / "index", "--jobs", 1, home=home) == 0
    assert verify_index(tmp_path / "index", today=TODAY).index.manifest.counts["works"] == 6
    clean(tmp_path, "artists", "home", "index")


def test_ctrl_c_leaves_nothing_half_written(tmp_path: Path, home: Path) -> None:
    gallery(tmp_path / "artists", "Ash", 60)
    process = start("build", tmp_path / "artists", "--out", tmp_path / "index", "--jobs", 2, home=home)
    deadline = time.monotonic() + 60
    while not list((home / "cache").rglob("*.parquet")) and process.poll() is None and time.monotonic() < deadline:
        if list(tmp_path.glob(".index.new-*")):
            break
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(60) == 130
    clean(tmp_path, "artists", "home")
    assert run("build", tmp_path / "artists", "--out", tmp_path / "index", "--jobs", 2, home=home) == 0
    assert open_index(tmp_path / "index").manifest.counts["works"] == 60


@pytest.fixture
def small_disk(tmp_path: Path) -> object:
    """A file system of 300 KB, where this may be mounted."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(place)]
    try:
        done = subprocess.run(mount, capture_output=True)
    except OSError:
        pytest.skip("there is no mount command")
    if done.returncode:
        pytest.skip("a tmpfs cannot be mounted here")
    yield place
    subprocess.run(["umount", str(place)], capture_output=True)


@pytest.mark.slow
def test_a_full_disk_leaves_the_old_version(small_disk: Path, tmp_path: Path, home: Path) -> None:
    folder = grown(tmp_path, home)
    shutil.copytree(folder, small_disk / "index")
    before = open_index(small_disk / "index").manifest
    filler = small_disk / "filler"
    with filler.open("wb", buffering=0) as stream, pytest.raises(OSError, match="No space"):
        while True:
            stream.write(bytes(512))
    words = ["build", tmp_path / "artists", "--out", small_disk / "index", "--jobs", 1]
    assert run(*words, home=home) == 2
    assert verify_index(small_disk / "index", today=TODAY).index.manifest == before
    clean(small_disk, "filler", "index")
    filler.unlink()
    assert run(*words, home=home) == 0
    assert verify_index(small_disk / "index", today=TODAY).index.manifest.counts["works"] == 40
