"""A kind of hash is one file and one row: the rows that ship, and a toy one through everything that handles hashes."""

from __future__ import annotations

import importlib
import io
import shutil
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from auditor import ScanOptions, scan
from auditor.errors import IndexCorrupt
from auditor.imaging.exact import PIXELS_ALGORITHM
from auditor.imaging.pixels import decode
from auditor.index.exchange.interface import ReadOptions
from auditor.index.exchange.transfer import export_list, import_list
from auditor.index.format import hash_kinds
from auditor.index.format.schema import (
    WORKS_SCHEMA,
    Feedback,
    WorkRecord,
    hash_type,
    value_of,
    with_values,
    works_schema,
)
from auditor.index.format.tables import works_from
from auditor.index.making.build import BuildOptions, build
from auditor.index.making.content import Content, content_of
from auditor.index.making.diff import diff
from auditor.index.making.editing import Tombstone, add_feedback, parse_hash, undo, withdraw
from auditor.index.making.lint import lint
from auditor.index.making.merging import merge
from auditor.index.making.verify import verify_index
from auditor.index.making.versions import NO_LABEL, create, update
from auditor.index.opening.store import Index, open_index
from auditor.index.search.columns import open_searcher
from auditor.support.extras import EXTRAS
from auditor.thresholds import DEFAULT
from tests.index.format import toy_hash
from tests.index.samples import content, gallery, make_index, person, picture, record

TODAY = date(2026, 3, 1)
TOY = toy_hash.ROW.name


# --------------------------------------------------------------------------- the rows that ship


@pytest.mark.parametrize("kind", hash_kinds.KINDS, ids=lambda kind: kind.name)
def test_every_row_holds(kind: hash_kinds.HashKind) -> None:
    assert hash_kinds.named(kind.name) is kind
    assert WORKS_SCHEMA.field(kind.name).type == hash_type(kind)
    bounds = {field.name for field in fields(DEFAULT)}
    assert {field for _, field in kind.advice} <= bounds
    assert kind.extra is None or kind.extra in EXTRAS
    if kind.module is None:
        assert kind.compared is None
        with pytest.raises(TypeError, match="digest"):
            kind.load()
        return
    module = importlib.import_module(kind.module)
    for function in ("made", "codes", *(("text_of", "code_of_text") if kind.text else ())):
        assert callable(getattr(module, function))
    assert kind.compared is not None
    assert {kind.compared.reach, kind.compared.alone, kind.compared.certain or kind.compared.alone} <= bounds


def test_rows_name_the_algorithms_of_their_files_and_stand_once() -> None:
    assert len({kind.name for kind in hash_kinds.KINDS}) == len(hash_kinds.KINDS)
    expected = {"pdq": "auditor.imaging.pdq", "phash": "auditor.imaging.phash", "iscc": "auditor.imaging.iscc"}
    for name, module in expected.items():
        assert hash_kinds.named(name).algorithm == importlib.import_module(module).ALGORITHM
    assert hash_kinds.PIXEL_SHA256.algorithm == PIXELS_ALGORITHM
    with pytest.raises(KeyError, match="md5"):
        hash_kinds.named("md5")


@pytest.mark.parametrize(
    ("kind", "distance", "confirmed", "rule"),
    [
        ("pdq", DEFAULT.pdq_tight, False, "copy.whole"),
        ("pdq", DEFAULT.pdq_tight + 1, False, "copy.similar"),
        ("pdq", DEFAULT.pdq_loose, True, "copy.whole"),
        ("pdq", DEFAULT.pdq_loose + 1, True, None),
        ("phash", 0, False, "copy.similar"),
        ("phash", DEFAULT.phash_alone + 1, False, None),
        ("iscc", 0, False, "copy.similar"),
        ("iscc", DEFAULT.phash_alone + 1, True, None),
    ],
)
def test_what_a_hit_gives(kind: str, distance: int, confirmed: bool, rule: str | None) -> None:
    compared = hash_kinds.named(kind).compared
    assert compared is not None
    assert compared.rule(distance, confirmed, DEFAULT) == rule


def test_without_a_further_kind_the_columns_are_those_of_the_first_version() -> None:
    assert works_schema().equals(WORKS_SCHEMA)
    assert hash(record(1)) == hash(record(1))
    assert with_values(record(1), {"pdq": None}) == replace(record(1), pdq=None)


# --------------------------------------------------------------------------- a toy kind through everything


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(hash_kinds, "KINDS", (*hash_kinds.KINDS, toy_hash.ROW))
    return TOY


@pytest.fixture
def built(toy: str, tmp_path: Path) -> Index:
    source = tmp_path / "artists"
    gallery(source, "Ash Varga", 3)
    build([source], tmp_path / "built", BuildOptions(jobs=1), today=TODAY)
    return open_index(tmp_path / "built")


def code_of(seed: int) -> bytes:
    return toy_hash._code(_rgb(picture(seed)))


def _rgb(image: Image.Image) -> object:
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return decode(stream.getvalue()).rgb


def toys(index: Index) -> list[bytes | None]:
    return [value_of(work, TOY) for work in index.works()]


def test_it_is_built_stored_and_verified(built: Index) -> None:
    assert toys(built) == [code_of(seed) for seed in range(3)]
    assert dict(built.manifest.hashes["toy-fields@1"]) == {"bits": 32}
    assert pq.read_schema(built.path / "works.parquet").names == [*WORKS_SCHEMA.names, TOY]
    assert verify_index(built.path, today=TODAY, self_test=True).checks
    assert content_of(built).works.schema.equals(works_schema())


def test_a_build_that_resumes_knows_it(toy: str, tmp_path: Path) -> None:
    source = tmp_path / "artists"
    gallery(source, "Ash Varga", 2)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("no index")
    with pytest.raises(Exception, match="no index"):
        build([source], tmp_path / "out", BuildOptions(jobs=1), today=TODAY, spool=tmp_path / "spool")
    shutil.rmtree(tmp_path / "out")
    result = build([source], tmp_path / "out", BuildOptions(jobs=1), today=TODAY, spool=tmp_path / "spool")
    assert result.added == 2
    assert toys(open_index(tmp_path / "out")) == [code_of(0), code_of(1)]


def test_it_is_found_by_a_scan(built: Index, tmp_path: Path) -> None:
    only = [
        with_values(WorkRecord(work.work_id, work.artist_id, title=work.title), {TOY: value_of(work, TOY)})
        for work in built.works()
    ]
    index = make_index(tmp_path / "only", built.artists, only)
    assert open_searcher([index]).kinds == (toy_hash.ROW,)
    training = tmp_path / "training"
    training.mkdir()
    picture(1).resize((320, 256)).save(training / "copy.jpg", quality=80)
    report = scan(training, [index], ScanOptions(jobs=1, engine="serial"))
    (finding,) = [finding for finding in report.findings if finding.rule.startswith("copy.")]
    assert (finding.rule, finding.sample) == ("copy.similar", "copy.jpg")
    assert finding.match is not None
    assert finding.match.algorithm == "toy-fields@1"
    assert "(Toy distance" in finding.message
    assert "of 32 bits)" in finding.message


def test_it_is_merged(toy: str, tmp_path: Path) -> None:
    bare, full = record(1), with_values(record(1), {TOY: b"abcd"})
    for lists in ([bare, full], [full, bare]):
        (work,) = works_from(merge([content([person()], [item]) for item in lists]).content.works)
        assert value_of(work, TOY) == b"abcd"
    other = with_values(record(1), {TOY: b"wxyz"})
    merged = merge([content([person()], [item]) for item in (full, other)])
    (work,) = works_from(merged.content.works)
    assert value_of(work, TOY) == b"abcd"
    assert "differ in toy_fields" in merged.conflicts[0]


def test_it_is_compared_edited_and_withdrawn(built: Index) -> None:
    before = content_of(built)
    works = list(built.works())
    changed = with_values(works[0], {TOY: b"\0\0\0\0"})
    after = content(built.artists, [changed, *works[1:]])
    assert len(diff(before, after).works_changed) == 1
    gone = withdraw(before, [works[0].work_id], [], Tombstone("withdrawn", "2026-03-02"))
    assert next(value_of(work, TOY) for work in works_from(gone.works)) is None
    assert value_of(next(works_from(undo(gone, [works[0].work_id], []).works)), TOY) == code_of(1)
    update(built.path, lambda _content, _index: gone, today=TODAY)
    assert toys(open_index(built.path)) == [None, code_of(1), code_of(2)]
    verify_index(built.path, today=TODAY)


def test_an_opinion_takes_it_out_of_the_search(built: Index) -> None:
    opinion = Feedback(TOY, parse_hash(TOY, code_of(0).hex()), "collides")
    update(built.path, lambda found, _: add_feedback(found, opinion), today=TODAY)
    searcher = open_searcher([open_index(built.path)])
    rows = np.stack([np.frombuffer(code_of(seed), np.uint8) for seed in range(3)])
    assert {hit.work for hit in searcher.by_hash(TOY, rows, 0)} == {1, 2}


def test_it_is_carried_by_opt_out_lists_and_counted_where_it_is_not(built: Index, tmp_path: Path) -> None:
    assert export_list(built, "optout-list", tmp_path / "list.jsonl") == ()
    text = (tmp_path / "list.jsonl").read_text()
    assert f'"toyFields": "{code_of(2).hex()}"' in text
    import_list(tmp_path / "list.jsonl", "optout-list", tmp_path / "back", ReadOptions(), today=TODAY, label=NO_LABEL)
    back = open_index(tmp_path / "back")
    assert toys(back) == toys(built)
    assert (back.path / "works.parquet").read_bytes() == (built.path / "works.parquet").read_bytes()
    assert "3 toy hashes" in export_list(built, "threatexchange", tmp_path / "list.txt")


def test_a_work_that_has_only_it_is_no_work_without_a_hash(toy: str, tmp_path: Path) -> None:
    bare = WorkRecord("w1", "a", title="x")
    listed = [bare, with_values(replace(bare, work_id="w2"), {TOY: b"abcd"})]
    problems = lint(make_index(tmp_path / "i", [person()], listed), TODAY)
    assert [problem.subject for problem in problems if problem.rule == "no-hash"] == ["a/w1"]


def test_indexes_of_before_stay_as_they_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    old = make_index(tmp_path / "old", [person()], [record(0), record(1)])
    raw = (old.path / "works.parquet").read_bytes()
    monkeypatch.setattr(hash_kinds, "KINDS", (*hash_kinds.KINDS, toy_hash.ROW))
    found = open_index(old.path)
    assert toys(found) == [None, None]
    assert found.table("works.parquet", [TOY])[TOY].null_count == 2
    assert found.table("works.parquet", ["work_id"]).column_names == ["work_id"]
    create(tmp_path / "again", content_of(found), today=TODAY)
    assert (tmp_path / "again" / "works.parquet").read_bytes() == raw
    assert update(old.path, lambda kept, _: kept, today=TODAY).unchanged


def test_a_column_that_no_kind_explains_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(hash_kinds, "KINDS", (*hash_kinds.KINDS, toy_hash.ROW))
        index = make_index(tmp_path / "new", [person()], [with_values(record(0), {TOY: b"abcd"})])
    with pytest.raises(IndexCorrupt, match="columns"):
        list(open_index(index.path).works())


def test_segments_with_and_without_it_are_one_table(toy: str) -> None:
    first, second = content([person()], [record(0)]), content([], [with_values(record(1), {TOY: b"abcd"})])
    joined = Content(first.artists, (*first.segments, *second.segments))
    assert joined.works[TOY].to_pylist() == [None, b"abcd"]
    assert joined.works.schema.field(TOY).type == pa.binary(4)
