"""Every command that opens a stranger's index, report, statement, waivers or list, on damaged ones.

The promises: an exit code of the table, a sentence that says what is wrong, no crash, no hidden character, nothing
written where nothing was asked for, and no command that takes long.
"""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.index.exchange.interface import FORMATS
from auditor.index.format.schema import Feedback
from auditor.index.making.content import Content
from auditor.index.making.versions import create
from tests.cli.inprocess import call
from tests.hostile import states
from tests.hostile.test_every_command import HIDDEN
from tests.index import samples
from tests.pictures import encoded, painting

SECONDS = 20.0
"""Two are asked for; this is the bound of a hang, because the machine may be busy."""
SCAN = ("-j", "1", "--engine", "serial", "--no-cache")
REASONS = ("--reason", "r", "--by", "b")
COMMANDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "index": (
        ("index", "info", "X"), ("index", "info", "X", "--json"), ("index", "list", "X"), ("index", "verify", "X"),
        ("index", "verify", "X", "--trust", "my.key.pub"), ("index", "verify", "sound", "--previous", "X"),
        ("index", "lint", "X"), ("index", "diff", "X", "sound"), ("index", "diff", "sound", "X"),
        ("index", "merge", "X", "sound", "--out", "out"), ("index", "merge", "sound", "X", "--out", "out"),
        ("index", "export", "X", "--format", "optout-list", "--out", "out"), ("index", "sign", "X", "--key", "my.key"),
        ("index", "withdraw", "X", "--artist", "Ash Varga"), ("index", "feedback", "X", "phash", "00" * 8),
        ("index", "add", "X", "art", "--no-regions", "-j", "1"), ("doctor", "-i", "X"),
        ("names", "texts.txt", "-i", "X"), ("scan", "set", "-i", "X", *SCAN),
    ),
    "report": (
        ("report", "X"), ("report", "X", "-o", "html=out"), ("report", "X", "-o", "junit"),
        ("report", "X", "-o", "sarif"), ("report", "X", "-o", "markdown"),
        ("waive", "X", "--artist", "a", *REASONS, "--waivers", "out"),
        ("waive", "X", "0" * 8, *REASONS, "--waivers", "out"), ("waivers", "prune", "X", "--waivers", "waivers.jsonl"),
        ("clean", "X", "--to", "out"), ("attest", "X", "-o", "out"),
    ),
    "statement": (
        ("verify", "X", "set"), ("verify", "X", "set", "--trust", "my.key.pub"), ("verify", "X", "nowhere"),
    ),
    "waivers": (
        ("waivers", "list", "--waivers", "X"), ("waivers", "prune", "report.json", "--waivers", "X"),
        ("waive", "report.json", "--artist", "a", *REASONS, "--waivers", "X"),
        ("scan", "set", "-i", "sound", "--waivers", "X", *SCAN),
    ),
    **{
        f"list-{name}": (("index", "import", "X", "--format", name, "--out", "out"),
                         ("index", "import", "X", "--format", name, "--out", "sound", "--add"))
        for name in FORMATS
    },
}  # fmt: skip
"""What opens a file of each kind; X stands for the file."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sound files of every kind."""
    pytest.importorskip("cryptography")
    root = tmp_path_factory.mktemp("states")
    people = (
        samples.person("a", "Ash Varga", aliases=("ashvarga",), alias_kinds=("handle",)),
        samples.person("b", "Bo"),
    )
    works = (samples.record(1), samples.record(2, "b", title=None, width=None, height=None))
    opinions = (Feedback("pdq", bytes(32), "collides", "plain"),)
    create(root / "sound", Content(people, (samples.with_regions(works),), opinions), today=samples.TODAY)
    (root / "set").mkdir()
    (root / "set" / "x.png").write_bytes(encoded(painting(500)))
    (root / "set" / "x.txt").write_text("a keep by ash varga")
    (root / "texts.txt").write_text("by ash varga\n")
    samples.gallery(root / "art", "Cy", 1)
    for words in (
        ("index", "keygen", "my.key"),
        ("index", "sign", "sound", "--key", "my.key"),
        ("scan", "set", "-i", "sound", *SCAN, "-o", "json=report.json"),
        ("waive", "report.json", "--artist", "a", *REASONS),
        ("scan", "set", "-i", "sound", *SCAN, "--waivers", "waivers.jsonl", "-o", "json=report.json"),
        ("attest", "report.json", "-o", "statement.json"),
        ("attest", "report.json", "-o", "signed.json", "--key", "my.key"),
        *(("index", "export", "sound", "--format", name, "--out", f"list.{name}") for name in FORMATS),
    ):
        done = call(*words, cwd=root)
        assert done.returncode in (0, 1), done.stderr
    return root


def corpus(world: Path) -> Iterator[tuple[str, str, states.Files | bytes]]:
    """(kind, name, an index's files or the bytes of one file)."""
    for name, files in states.indexes(states.read_index(world / "sound")):
        yield "index", name, files
    for kind, file in (("report", "report.json"), ("statement", "statement.json"), ("waivers", "waivers.jsonl")):
        for name, data in states.documents((world / file).read_bytes(), kind):
            yield kind, name, data
    for name, data in states.documents((world / "signed.json").read_bytes(), "signed", 12):
        yield "statement", f"signed-{name}", data
    for form in FORMATS:
        sound = (world / f"list.{form}").read_bytes() or b"0" * 64
        for name, data in states.mutated(sound, form, 8):
            yield f"list-{form}", name, data
        for name, data in states.odd_texts(sound):
            yield f"list-{form}", name, data


def check(world: Path, place: Path, every: int, first: int = 0) -> Counter[str]:
    """Run every command on every file of the corpus, or on one in `every`; count the files by kind."""
    shutil.copytree(world, place)
    counted: Counter[str] = Counter()
    broken: list[str] = []
    for number, (kind, name, made) in enumerate(corpus(world)):
        if number % every != first:
            continue
        counted[kind] += 1
        for words in COMMANDS[kind]:
            _fresh(world, place, made)
            started = time.monotonic()
            done = call(*words, cwd=place)
            said = done.stdout + done.stderr
            kept = {
                "an exit code of the table": done.returncode in (0, 1, 2, 3),
                "no crash": "crashed" not in said,
                "nothing hidden is printed": HIDDEN.search(said) is None,
                "something is said": bool(said.strip()),
                "in time": time.monotonic() - started < SECONDS,
                "nothing written elsewhere": {path.name for path in place.iterdir()} <= ALLOWED,
            }
            broken += [
                f"{promise}: {kind} {name}: {words}\n{said[-1500:]!r}" for promise, held in kept.items() if not held
            ]
    assert not broken, f"{len(broken)} broken promises:\n" + "\n\n".join(broken[:20])
    return counted


ALLOWED = frozenset(
    {"X", "out", "sound", "set", "art", "texts.txt", "my.key", "my.key.pub", "report.json", "waivers.jsonl",
     "statement.json", "signed.json", *(f"list.{name}" for name in FORMATS)}
)  # fmt: skip


def _fresh(world: Path, place: Path, made: states.Files | bytes) -> None:
    for name in ("X", "out", "sound"):
        path = place / name
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
    shutil.copytree(world / "sound", place / "sound")
    if isinstance(made, bytes):
        (place / "X").write_bytes(made)
    else:
        states.write_index(place / "X", made)


def test_a_sample_of_the_corpus(world: Path, tmp_path: Path) -> None:
    assert check(world, tmp_path / "w", every=23).total() >= 15


@pytest.mark.slow
@pytest.mark.parametrize("part", range(6))
def test_the_whole_corpus(world: Path, tmp_path: Path, part: int) -> None:
    assert check(world, tmp_path / "w", every=6, first=part).total() >= 60


def test_the_corpus_is_large_and_of_every_kind(world: Path) -> None:
    counted = Counter(kind for kind, _, _ in corpus(world))
    assert set(counted) == set(COMMANDS)
    assert counted.total() >= 400
    assert counted["index"] >= 150
