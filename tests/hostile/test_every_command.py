"""Every command on a stranger's index, report, statement and waivers: nothing hidden reaches the terminal.

Names, titles, publishers, paths and reasons hold terminal escapes, control characters, line ends and marks that
reorder text. A command that is new must stand in the table below, or a test fails.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from auditor.cli.index.group import VERBS as INDEX_VERBS
from auditor.cli.main import VERBS
from auditor.index.exchange.interface import FORMATS
from auditor.index.format.manifest import Publisher
from auditor.index.format.schema import Feedback
from auditor.index.making.versions import Label
from auditor.model import Artist, Statement
from tests.cli.inprocess import call
from tests.index.samples import make_index, record
from tests.pictures import artist_folder, encoded, painting

EVIL = "\x1b[2J\x1b]0;owned\x07\u202egnp\u202c\r\x9b31m\u2066\u200f\ufeff\x08"
HIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""What no terminal may get. A line feed ends our own lines; that none is forged has a test of its own."""
FORGED = "PASS: nothing was found"
ARTIST = f"Ash {EVIL}Varga\n{FORGED}"
ID = f"a{EVIL}"
INDEX = f"in{EVIL}dex"
DATASET = f"se{EVIL}t"

COMMANDS: dict[str, tuple[str, ...]] = {
    "scan": ("scan", DATASET, "-i", INDEX, "-j", "1", "--no-cache"),
    "scan to files": ("scan", DATASET, "-i", INDEX, "-j", "1", "--no-cache", "-o", "json=r.json", "-o", "html=r.html"),
    "scan with trust": ("scan", DATASET, "-i", INDEX, "--trust", "my.key.pub"),
    "scan, markdown": ("scan", DATASET, "-i", INDEX, "-j", "1", "--no-cache", "-o", "markdown"),
    "scan, nothing there": ("scan", f"no{EVIL}where", "-i", INDEX),
    "scan, no index": ("scan", DATASET, "-i", f"no{EVIL}where"),
    "samples": ("samples", DATASET),
    "names": ("names", "texts.txt", "-i", INDEX),
    "report": ("report", "report.json"),
    "report elsewhere": ("report", f"no{EVIL}where.json"),
    "waive": ("waive", "report.json", "--artist", ID, "--reason", f"r{EVIL}", "--by", f"b{EVIL}"),
    "waive nobody": ("waive", "report.json", "--artist", f"x{EVIL}", "--reason", "r", "--by", "b"),
    "waivers list": ("waivers", "list", "--waivers", "waivers.jsonl"),
    "waivers prune": ("waivers", "prune", "report.json", "--waivers", "waivers.jsonl", "--expired"),
    "inspect": ("inspect", f"{DATASET}/{EVIL}.png"),
    "clean": ("clean", "report.json", "--to", f"away{EVIL}"),
    "attest": ("attest", "report.json", "-o", "new.json"),
    "attest elsewhere": ("attest", f"no{EVIL}where", "-o", "new.json"),
    "verify": ("verify", "statement.json", DATASET),
    "verify elsewhere": ("verify", f"no{EVIL}where", DATASET),
    "doctor": ("doctor", "-i", INDEX),
    "explain": ("explain", f"no{EVIL}rule"),
    "wrong command": (f"no{EVIL}command",),
    "wrong option": ("scan", f"--no{EVIL}option"),
    "index build": ("index", "build", f"wo{EVIL}rks", "--out", f"new{EVIL}", "--no-regions", "-j", "1"),
    "index build, nothing": ("index", "build", f"no{EVIL}where", "--out", "x"),
    "index add": ("index", "add", INDEX, f"wo{EVIL}rks", "--no-regions", "-j", "1"),
    "index withdraw": ("index", "withdraw", INDEX, "--artist", "a", "--note", EVIL),
    "index withdraw nothing": ("index", "withdraw", INDEX, "--work", f"x{EVIL}"),
    "index feedback": ("index", "feedback", INDEX, "phash", "00" * 8, "--reason", EVIL),
    "index feedback wrong": ("index", "feedback", INDEX, "phash", f"x{EVIL}"),
    "index merge": ("index", "merge", INDEX, "other", "--out", f"merged{EVIL}"),
    "index merge, emptying": ("index", "merge", INDEX, "grave", "--out", "merged"),
    "index list": ("index", "list", INDEX),
    "index list json": ("index", "list", INDEX, "--json"),
    "index diff": ("index", "diff", INDEX, "other"),
    "index diff json": ("index", "diff", INDEX, "other", "--json"),
    "index info": ("index", "info", INDEX),
    "index info json": ("index", "info", INDEX, "--json"),
    "index info nothing": ("index", "info", f"no{EVIL}where"),
    "index verify": ("index", "verify", INDEX),
    "index verify trusted": ("index", "verify", INDEX, "--trust", f"no{EVIL}key"),
    "index lint": ("index", "lint", INDEX),
    "index lint json": ("index", "lint", INDEX, "--json"),
    "index import": ("index", "import", "list.jsonl", "--format", "optout-list", "--out", f"imp{EVIL}"),
    "index import wrong": ("index", "import", f"no{EVIL}list", "--format", "names-csv", "--out", "x"),
    "index import damaged": ("index", "import", "damaged.csv", "--format", "names-csv", "--out", "x"),
    "index sign": ("index", "sign", INDEX, "--key", "my.key"),
    "index keygen": ("index", "keygen", f"k{EVIL}.key"),
    **{
        f"index export {name}": ("index", "export", INDEX, "--format", name, "--out", f"out{EVIL}.{name}")
        for name in FORMATS
    },
}
"""name -> words. Each is run on a copy of the same place."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hostile index, data set, report, statement and waivers file."""
    pytest.importorskip("cryptography")
    root = tmp_path_factory.mktemp("world")
    people = [
        Artist(ID, (ARTIST,), (f"al{EVIL}ias", "a"), ("alias", "alias"), statements=(Statement(title=EVIL, uri=EVIL),)),
        Artist("b", (f"Bo{EVIL}",)),
    ]  # fmt: skip
    works = [
        record(0, ID, title=f"Keep{EVIL}\n{FORGED}"),
        record(1, ID, title=EVIL),
        record(2, artist="b", pdq=record(0).pdq),
    ]
    label = Label(name=f"list{EVIL}\n{FORGED}", publisher=Publisher(*[f"p{EVIL}"] * 4), expires="2020-01-01")
    opinion = Feedback("phash", bytes(8), "collides", EVIL, EVIL, "2026-01-01")
    make_index(root / INDEX, people, works, [opinion], label=label)
    make_index(root / "other", people[:1], [record(0, ID, title="other"), record(9, ID, title=EVIL)], label=label)
    make_index(root / "grave", [Artist(ID, (ARTIST,), status="withdrawn"), people[1]], label=label)
    (root / DATASET).mkdir()
    (root / DATASET / f"{EVIL}.png").write_bytes(encoded(painting(1)))
    (root / DATASET / f"{EVIL}.txt").write_text(f"a keep by al{EVIL}ias, Bo, {EVIL}", encoding="utf-8")
    (root / DATASET / f"cut{EVIL}.png").write_bytes(encoded(painting(2))[:90])
    artist_folder(root / f"wo{EVIL}rks", f"Cy{EVIL}", range(2))
    (root / f"wo{EVIL}rks" / f"loose{EVIL}.png").write_bytes(b"x")
    (root / f"wo{EVIL}rks" / f"Cy{EVIL}" / f"cut{EVIL}.png").write_bytes(b"x")
    (root / f"wo{EVIL}rks" / f"empty{EVIL}").mkdir()
    (root / "texts.txt").write_text(f"by al{EVIL}ias\nby Bo{EVIL}\n", encoding="utf-8")
    (root / "damaged.csv").write_text(f'artist,alias\nAsh\n"{EVIL}', encoding="utf-8")
    call("index", "keygen", "my.key", cwd=root)
    call("index", "export", INDEX, "--format", "optout-list", "--out", "list.jsonl", cwd=root)
    call("scan", DATASET, "-i", INDEX, "-j", "1", "--no-cache", "-o", "json=report.json", cwd=root)
    report = json.loads((root / "report.json").read_text())
    report["findings"].append(
        {"fingerprint": "ab" * 32, "rule": "copy.exact", "severity": "high", "sample": f"{EVIL}.png",
         "message": f"m{EVIL}\n{FORGED}", "artist": {"id": ID, "name": ARTIST},
         "work": {"id": f"a/{EVIL}", "title": EVIL}, "match": None, "text": None, "waived": False, "trained": True,
         "index": EVIL, "details": {EVIL: EVIL}}
    )  # fmt: skip
    report["coverage"]["notes"].append(EVIL)
    (root / "report.json").write_text(json.dumps(report))
    line = {"fingerprint": "cd" * 32, "rule": EVIL, "reason": f"{EVIL}\n{FORGED}", "by": EVIL, "created": "2020-01-01",
            "until": "2020-01-02"}  # fmt: skip
    (root / "waivers.jsonl").write_text(json.dumps(line) + "\n")
    (root / "plain").mkdir()
    (root / "plain" / "x.png").write_bytes(encoded(painting(3)))
    call("scan", "plain", "-i", INDEX, "-j", "1", "--no-cache", "-o", "json=plain.json", cwd=root)
    call("attest", "plain.json", "-o", "statement.json", cwd=root)
    statement = json.loads((root / "statement.json").read_text())
    statement["subject"][0]["name"] = EVIL
    statement["predicate"]["limits"] = f"{EVIL}\n{FORGED}"
    statement["predicate"]["dataset"]["excluded"] = [EVIL]
    (root / "statement.json").write_text(json.dumps(statement))
    return root


@pytest.mark.parametrize("name", COMMANDS)
def test_nothing_hidden_is_printed(name: str, world: Path, tmp_path: Path) -> None:
    place = Path(shutil.copytree(world, tmp_path / "w"))
    done = call(*COMMANDS[name], cwd=place)
    said = done.stdout + done.stderr
    assert said.strip(), "a command that says nothing tells nobody what it did"
    assert HIDDEN.search(said) is None, repr(said)
    assert done.returncode in (0, 1, 2, 3), said
    assert "crashed" not in said, said
    # no name makes a line of its own
    assert not any(line.strip().startswith(FORGED) for line in said.splitlines()), said


def test_every_command_is_in_the_table() -> None:
    run = [words[:2] for words in COMMANDS.values()]
    assert {words[0] for words in run} >= set(VERBS)
    assert {words[1] for words in run if words[0] == "index"} == set(INDEX_VERBS)


def test_the_table_does_print_the_names(world: Path, tmp_path: Path) -> None:
    """The rows above prove something only where the hostile words are shown at all."""
    place = Path(shutil.copytree(world, tmp_path / "w"))
    for name in ("index info", "index list", "index lint", "index diff", "index verify", "scan", "report", "doctor"):
        done = call(*COMMANDS[name], cwd=place)
        assert "\\x1b" in done.stdout + done.stderr, name
