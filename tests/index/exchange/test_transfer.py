"""Lists as files: imported into an index, exported from one, version after version."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.errors import IndexUntrusted, UsageError
from auditor.index.exchange.interface import FORMATS, ReadOptions, format_of
from auditor.index.exchange.sink import ListError
from auditor.index.exchange.transfer import Imported, export_list, import_list
from auditor.index.format.manifest import Ancestor, Publisher
from auditor.index.making.verify import verify_index
from auditor.index.making.versions import NO_LABEL, Label, update
from auditor.index.opening.lineage import check_successor
from auditor.index.opening.store import open_index
from tests.index.samples import TODAY, content, make_index, person, record


def bring(path: Path, name: str, out: Path, label: Label = NO_LABEL, keep: bool = False) -> Imported:
    return import_list(path, name, out, ReadOptions(), today=TODAY, label=label, keep=keep)


def names(folder: Path, text: str) -> Path:
    (folder / "names.csv").write_text("artist,alias,statement,declared,source,status\n" + text)
    return folder / "names.csv"


def test_an_import_says_where_it_came_from(tmp_path: Path) -> None:
    source = names(tmp_path, "Ash,ash,,,,\n")
    label = Label(name="My names", publisher=Publisher(contact="here"), expires="2027-01-01")
    bring(source, "names-csv", tmp_path / "index", label)
    manifest = verify_index(tmp_path / "index", today=TODAY).index.manifest
    assert (manifest.name, manifest.publisher.contact, manifest.expires) == ("My names", "here", "2027-01-01")
    assert manifest.source is not None
    assert manifest.source.format == "names-csv"
    again = bring(source, "names-csv", tmp_path / "index")
    assert again.written.unchanged


def test_the_next_import_marks_what_is_gone(tmp_path: Path) -> None:
    bring(names(tmp_path, "Ash,,,,,\nBo,,,,,\n"), "names-csv", tmp_path / "index")
    bring(names(tmp_path, "Ash,ash_v,,,,\n"), "names-csv", tmp_path / "index")
    index = open_index(tmp_path / "index")
    assert {artist.names[0]: artist.status for artist in index.artists} == {"Ash": "active", "Bo": "withdrawn"}
    assert index.manifest.version == 2
    bring(names(tmp_path, "Cy,,,,,\n"), "names-csv", tmp_path / "index", keep=True)
    assert {a.names[0] for a in open_index(tmp_path / "index").artists if a.status == "active"} == {"Ash", "Cy"}


def test_a_bad_line_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(ListError, match=r"names\.csv, line 3"):
        bring(names(tmp_path, "Ash,,,,,\n,x,,,,\n"), "names-csv", tmp_path / "index")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["names.csv"]


def test_files_and_formats_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        bring(tmp_path / "missing", "names-csv", tmp_path / "index")
    with pytest.raises(UsageError, match="Did you mean 'names-csv'"):
        bring(tmp_path / "missing", "names_csv", tmp_path / "index")
    with pytest.raises(UsageError, match="Choose one of optout-list"):
        format_of("xyzzy")
    (tmp_path / "empty").write_text("")
    with pytest.raises(ListError, match="lists nothing"):
        bring(tmp_path / "empty", "names-csv", tmp_path / "index")
    index = make_index(tmp_path / "one")
    with pytest.raises(UsageError, match="cannot be written"):
        export_list(index, "names-csv", tmp_path / "nowhere" / "x.csv")


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"tdmai"}))
def test_every_format_goes_out_and_comes_back(tmp_path: Path, name: str) -> None:
    index = make_index(tmp_path / "index", [person()], [record(n) for n in range(3)])
    dropped = export_list(index, name, tmp_path / "list")
    assert bool(dropped) == (name != "optout-list")
    bring(tmp_path / "list", name, tmp_path / "back")
    back = verify_index(tmp_path / "back", today=TODAY).index
    assert back.manifest.counts["works"] == (0 if name == "names-csv" else 3)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["back", "index", "list"]


# --------------------------------------------------------------------------- lists that have versions


def grow(folder: Path, number: int) -> None:
    update(
        folder,
        lambda old, _: type(old)(old.artists, (*old.segments, *content([], [record(number)]).segments)),
        today=TODAY,
    )


@pytest.fixture
def chain(tmp_path: Path) -> list[Path]:
    """Three versions of one list, each naming the one before."""
    make_index(tmp_path / "origin", [person()], [record(0)])
    lists: list[Path] = []
    for number in (1, 2, 3):
        path = tmp_path / f"v{number}.jsonl"
        export_list(open_index(tmp_path / "origin"), "optout-list", path, previous=lists[-1] if lists else None)
        lists.append(path)
        grow(tmp_path / "origin", number)
    return lists


def test_going_forward(chain: list[Path], tmp_path: Path) -> None:
    for number, path in enumerate(chain, 1):
        bring(path, "optout-list", tmp_path / "mine")
        manifest = open_index(tmp_path / "mine").manifest
        assert (manifest.version, manifest.counts["works"]) == (number, number)
        assert manifest.id == open_index(tmp_path / "origin").manifest.id
    assert bring(chain[-1], "optout-list", tmp_path / "mine").written.unchanged
    check_successor(manifest, Ancestor(manifest.version, manifest.digest), "x")


def test_going_back_is_refused(chain: list[Path], tmp_path: Path) -> None:
    bring(chain[2], "optout-list", tmp_path / "mine")
    with pytest.raises(IndexUntrusted, match="version 3 was imported already"):
        bring(chain[0], "optout-list", tmp_path / "mine")


def test_a_fork_is_refused(chain: list[Path], tmp_path: Path) -> None:
    bring(chain[0], "optout-list", tmp_path / "mine")
    text = chain[1].read_text()
    digest = text.split('"sha256": "')[1][:64]
    chain[1].write_text(text.replace(digest, "0" * 64, 1))
    with pytest.raises(IndexUntrusted, match="the list has forked"):
        bring(chain[1], "optout-list", tmp_path / "mine")


def test_another_list_does_not_replace_this_one(chain: list[Path], tmp_path: Path) -> None:
    make_index(tmp_path / "other", [person("b", "Bo")])
    export_list(open_index(tmp_path / "other"), "optout-list", tmp_path / "other.jsonl")
    bring(chain[0], "optout-list", tmp_path / "mine")
    with pytest.raises(UsageError, match="is another list"):
        bring(tmp_path / "other.jsonl", "optout-list", tmp_path / "mine")
    bring(tmp_path / "other.jsonl", "optout-list", tmp_path / "mine", keep=True)
    assert len(open_index(tmp_path / "mine").artists) == 2


def test_the_version_before_must_be_of_this_list(chain: list[Path], tmp_path: Path) -> None:
    other = make_index(tmp_path / "other", [person()])
    for previous in (chain[0], tmp_path / "missing", tmp_path / "origin" / "works.parquet"):
        with pytest.raises(UsageError, match="--previous"):
            export_list(other, "optout-list", tmp_path / "x", previous=previous)
