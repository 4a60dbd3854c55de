"""Whatever stands where a file is expected, no command waits for it: an error or a counted skip, at once."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.cli.main import run
from tests.index.samples import gallery

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes there")
ODD = ("pipe", "device", "loop")

NAMED: dict[str, tuple[str, ...]] = {
    "scan, the path": ("scan", "ODD", "-i", "idx"),
    "scan, the index": ("scan", "set", "-i", "ODD"),
    "scan, waivers": ("scan", "set", "-i", "idx", "--waivers", "ODD"),
    "scan, policies": ("scan", "set", "-i", "idx", "--policies", "ODD"),
    "scan, trust": ("scan", "set", "-i", "idx", "--trust", "ODD"),
    "report": ("report", "ODD"),
    "waive": ("waive", "ODD", "0123456789", "--reason", "r", "--by", "b"),
    "clean": ("clean", "ODD", "--to", "aside"),
    "attest": ("attest", "ODD", "-o", "out"),
    "verify": ("verify", "ODD", "set"),
    "inspect": ("inspect", "ODD"),
    "names": ("names", "ODD", "-i", "idx"),
    "index import": ("index", "import", "ODD", "--format", "sha256sum", "--out", "out"),
    "index merge": ("index", "merge", "idx", "ODD", "--out", "out"),
    "index info": ("index", "info", "ODD"),
    "index verify": ("index", "verify", "ODD"),
    "index diff": ("index", "diff", "idx", "ODD"),
    "index sign": ("index", "sign", "idx", "--key", "ODD"),
}
INSIDE_INDEX = ("index.json", "index.sig", "works.parquet", "artists.parquet")
INSIDE_SET = (
    "x.png", "a.txt", "metadata.jsonl", "metadata.csv", "captions.json", "a.zip", "a.tar", "a.parquet", "a.arrow",
    "a.safetensors", "a.npz", "a.json", "a.xmp", "nothing-said", "auditor.toml",
)  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("blocking")
    gallery(home / "art", "Ash", 2)
    gallery(home, "set", 1, first=50)
    assert run(["index", "build", str(home / "art"), "--out", str(home / "idx")]) == 0
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A scene of one's own, and an end to any test that waits."""
    copy = Path(shutil.copytree(made, tmp_path / "home"))
    monkeypatch.chdir(copy)
    for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    begun = time.monotonic()

    def waited(*_: object) -> None:
        raise AssertionError("the command waits")

    before = signal.signal(signal.SIGALRM, waited)
    signal.alarm(20)
    yield copy
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
    assert time.monotonic() - begun < 20


def put(path: Path, kind: str) -> None:
    path.unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        path.symlink_to(path.with_name("back"))
        path.with_name("back").symlink_to(path)


@pytest.mark.parametrize("kind", ODD)
@pytest.mark.parametrize("command", NAMED)
def test_a_file_that_is_named(command: str, kind: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(home / "ODD", kind)
    assert run(list(NAMED[command])) in {2, 3}
    said = capsys.readouterr().err
    assert "Traceback" not in said and "crashed" not in said


@pytest.mark.parametrize("kind", ODD)
@pytest.mark.parametrize("name", INSIDE_INDEX)
@pytest.mark.parametrize("words", [("scan", "set", "-i", "idx"), ("index", "verify", "idx"), ("index", "lint", "idx")])
def test_a_file_of_an_index(
    name: str, words: tuple[str, ...], kind: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if name == "index.sig" and "lint" in words:
        pytest.skip("lint looks at no signature")
    put(home / "idx" / name, kind)
    assert run(list(words)) == 2
    said = capsys.readouterr().err
    assert name in said and "crashed" not in said


@pytest.mark.parametrize("kind", ODD)
@pytest.mark.parametrize("name", INSIDE_SET)
@pytest.mark.parametrize("layout", ["flat", "union", "imagefolder", "kohya"])
def test_a_file_of_a_dataset(name: str, layout: str, kind: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(home / "set" / name, kind)
    words = ["scan", "set", "-i", "idx", "--layout", layout, "--engine", "serial", "--no-cache"]
    assert run(words) in {0, 1, 2, 3}
    said = capsys.readouterr().err
    assert "Traceback" not in said and "crashed" not in said


@pytest.mark.parametrize("kind", ODD)
@pytest.mark.parametrize("name", ["artist.toml", "odd.png"])
def test_a_file_of_an_artist(name: str, kind: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(home / "art" / "Ash" / name, kind)
    code = run(["index", "build", "art", "--out", "new"])
    said = capsys.readouterr()
    assert name in said.err + said.out
    assert code == 2 if name == "artist.toml" else code in {0, 3}
