"""Several paths scanned as one: everything that is done with the report afterwards works as with one path."""

from __future__ import annotations

import base64
import json
import shutil
from pathlib import Path

import pytest

from tests.cli.inprocess import ok
from tests.index.samples import make_index, person
from tests.pictures import artist_folder, encoded, painting

ARTIST = "Mirela Ashdown"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of two works; three folders, of which the third is never named; the first two hold one copy each."""
    root = tmp_path_factory.mktemp("several")
    artist_folder(root / "works", ARTIST, range(2))
    ok(root, "index", "build", "works", "--out", "index")
    make_index(root / "other", [person()], [])
    for number, name in enumerate(("one", "two", "three")):
        folder = root / "sets" / name
        folder.mkdir(parents=True)
        (folder / "copy.jpg").write_bytes(encoded(painting(number % 2), "JPEG"))
        (folder / "copy.txt").write_text("a harbour")
        (folder / "own.png").write_bytes(encoded(painting(50 + number)))
    return root


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "place"))


def tree(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


SCAN = ("scan", "sets/one", "sets/two", "--engine", "serial", "--no-cache")


def test_clean_sets_aside_and_puts_back_from_each_path(place: Path) -> None:
    ok(place, *SCAN, "--index", "index", "-o", "json=r.json", code=1)
    before = tree(place / "sets")
    planned = ok(place, "clean", "r.json", "--to", "aside")
    assert "one/copy.jpg" in planned and "two/copy.txt" in planned
    assert tree(place / "sets") == before
    ok(place, "clean", "r.json", "--to", "aside", "--apply")
    gone = set(before) - set(tree(place / "sets"))
    assert gone == {"one/copy.jpg", "one/copy.txt", "two/copy.jpg", "two/copy.txt"}
    ok(place, *SCAN, "--index", "index")
    ok(place, "clean", "--undo", "aside", "--dataset", "sets")
    assert tree(place / "sets") == before


def test_previews_of_each_path_are_in_the_page_and_in_the_page_made_again(place: Path) -> None:
    ok(place, *SCAN, "--index", "index", "-o", "html=r.html", "-o", "json=r.json", code=1)
    page = (place / "r.html").read_text(encoding="utf-8")
    pictures = {part.split('"')[0] for part in page.split("data:image/")[1:]}
    assert len(pictures) >= 2
    assert all(base64.b64decode(part.partition("base64,")[2]) for part in pictures)
    assert "sets/one/copy.jpg" in page and "sets/two/copy.jpg" in page
    ok(place, "report", "r.json", "-o", "html=again.html")
    assert (place / "again.html").read_text(encoding="utf-8") == page


@pytest.fixture
def attested(place: Path) -> Path:
    """The two paths pass against an index of names; the report and the statement lie between them."""
    ok(place, *SCAN, "--index", "other", "-o", "json=sets/r.json")
    said = ok(place, "attest", "sets/r.json", "-o", "sets/audit.json", "--manifest", "sets/files.sha256")
    assert "about nothing beside them: one, two" in said
    return place


def test_a_statement_about_several_paths_covers_exactly_their_files(attested: Path) -> None:
    dataset = json.loads((attested / "sets" / "audit.json").read_text())["predicate"]["dataset"]
    assert dataset["paths"] == ["one", "two"]
    names = ("copy.jpg", "copy.txt", "own.png")
    assert sorted(dataset["files"]) == [f"{folder}/{name}" for folder in ("one", "two") for name in names]
    said = ok(attested, "verify", "sets/audit.json", "sets")
    assert "holds: 6 files of sets, verdict pass" in said
    assert "these paths of sets alone: one, two" in said
    # what was never audited is no part of it, and may change
    (attested / "sets" / "three" / "own.png").write_bytes(b"x")
    (attested / "sets" / "more.txt").write_text("x")
    ok(attested, "verify", "sets/audit.json", "sets")


@pytest.mark.parametrize(
    ("path", "content", "said"),
    [
        ("one/new.png", b"x", "one/new.png was added"),
        ("two/copy.txt", b"a field", "two/copy.txt was changed"),
        ("two/own.png", None, "two/own.png is missing"),
    ],
)
def test_every_change_below_a_named_path_is_named(attested: Path, path: str, content: bytes | None, said: str) -> None:
    place = attested / "sets" / path
    place.unlink() if content is None else place.write_bytes(content)
    assert said in ok(attested, "verify", "sets/audit.json", "sets", code=1)


def test_a_whole_path_that_is_gone_is_missing_files_and_another_folder_is_not_the_dataset(attested: Path) -> None:
    shutil.rmtree(attested / "sets" / "one")
    assert "one/copy.jpg is missing" in ok(attested, "verify", "sets/audit.json", "sets", code=1)
    assert "copy.jpg is missing" in ok(attested, "verify", "sets/audit.json", "sets/two", code=1)
    assert "Name that folder" in ok(attested, "verify", "sets/audit.json", "sets/two/own.png", code=2)


def test_what_changed_after_the_scan_is_not_attested(place: Path) -> None:
    ok(place, *SCAN, "--index", "other", "-o", "json=r.json")
    (place / "sets" / "two" / "copy.txt").write_text("another text")
    assert "are not those of the report" in ok(place, "attest", "r.json", "-o", "audit.json", code=2)
    assert not (place / "audit.json").exists()


def test_a_report_written_into_one_of_the_paths_is_left_out(place: Path) -> None:
    ok(place, *SCAN, "--index", "other", "-o", "json=sets/one/r.json")
    ok(place, "attest", "sets/one/r.json", "-o", "sets/two/audit.json")
    said = ok(place, "verify", "sets/two/audit.json", "sets")
    assert "Not part of the statement: one/r.json" in said
    assert "holds: 6 files" in said


@pytest.mark.parametrize("path", ["../elsewhere", "/etc", "one/../../x", ""])
def test_a_statement_that_leads_out_of_the_dataset_is_refused(attested: Path, path: str) -> None:
    value = json.loads((attested / "sets" / "audit.json").read_text())
    value["predicate"]["dataset"]["paths"] = [path]
    (attested / "audit.json").write_text(json.dumps(value))
    assert "does not lie inside the dataset" in ok(attested, "verify", "audit.json", "sets", code=2)


def test_files_and_a_path_inside_another_are_counted_once(place: Path) -> None:
    words = ("scan", "sets", "sets/one", "sets/two/own.png", "--engine", "serial", "--no-cache")
    ok(place, *words, "--index", "other", "-o", "json=r.json")
    ok(place, "attest", "r.json", "-o", "audit.json")
    dataset = json.loads((place / "audit.json").read_text())["predicate"]["dataset"]
    assert dataset["paths"] == [".", "one", "two/own.png"]
    assert len(dataset["files"]) == 9
    assert "holds: 9 files" in ok(place, "verify", "audit.json", "sets")
