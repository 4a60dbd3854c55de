"""threatexchange, PDQ CSV, imagehash lists and sha256sum files."""

from __future__ import annotations

import subprocess
from pathlib import Path

import imagehash
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import UsageError
from auditor.index.exchange.lines import has_tricks
from auditor.index.exchange.sink import ListError
from auditor.index.format.preferences import for_training
from auditor.index.format.schema import Preferences, View, WorkRecord
from auditor.index.making.content import Content
from tests.index import samples
from tests.index.exchange.lists import read, works, write
from tests.index.samples import content, person, picture, record
from tests.programs import program

CODE = "0f" * 32
PHASH = "0f1e2d3c4b5a6978"


def written(found: Content) -> list[WorkRecord]:
    """The works that a list for other tools names."""
    people = {artist.id: artist for artist in found.artists}
    return [
        work
        for work in works(found)  # type: ignore[misc]
        if isinstance(work, WorkRecord)
        and work.status == people[work.artist_id].status == "active"
        and for_training(work.preference, people[work.artist_id].preference) != "allowed"
    ]


# --------------------------------------------------------------------------- threatexchange


@settings(max_examples=10, deadline=None)
@given(samples.contents())
def test_threatexchange_round_trip(given_content: Content) -> None:
    text, _ = write("threatexchange", given_content)
    back, sink = read("threatexchange", text)
    codes = {code for w in written(given_content) for code in (w.pdq, *(v.pdq for v in w.views)) if code}
    assert {work.pdq for work in works(back)} == codes  # type: ignore[attr-defined]
    assert dict(sink.dropped) == {}
    assert write("threatexchange", back)[0] == text


def test_threatexchange_says_what_it_left() -> None:
    _, dropped = write(
        "threatexchange", content([person()], [record(0), record(1, pdq=None), record(2, pdq=record(0).pdq)])
    )
    said = dropped.sentences()
    assert "1 works without a PDQ hash" in said
    assert "1 repeated hashes" in said
    assert "3 titles" in said
    assert "1 artists with their names and statements" in said
    back, sink = read("threatexchange", f"pdq {CODE}\n\npdq {CODE.upper()}\nvideo_md5 {'0' * 32}\n", artist="Ash")
    assert back.artists[0].names == ("Ash",)
    assert len(works(back)) == 1
    assert dict(sink.dropped) == {"repeated hashes": 1, "signals of type 'video_md5'": 1}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("pdq", "line 1: a line is a type"),
        ("pdq 00", "64 hex digits, and this has 2"),
        (f"x 1\npdq {CODE}z", "line 2: "),
    ],
)
def test_threatexchange_lines_that_do_not_fit(text: str, message: str) -> None:
    with pytest.raises(ListError, match=message):
        read("threatexchange", text)


def test_allowed_works_and_tombstones_are_not_given_away() -> None:
    listed = [record(0), record(1, preference=Preferences("allowed")), record(2, status="withdrawn", pdq=None)]
    text, dropped = write("threatexchange", content([person()], listed))
    assert text == f"pdq {(record(0).pdq or b'').hex()}\n"
    assert {"1 tombstones", "1 works whose artist allows training"} <= set(dropped.sentences())


# --------------------------------------------------------------------------- PDQ CSV


@settings(max_examples=10, deadline=None)
@given(samples.contents())
def test_pdq_csv_round_trip(given_content: Content) -> None:
    text, _ = write("pdq-csv", given_content)
    back, _ = read("pdq-csv", text)
    names = {a.id: a.names[0] for a in given_content.artists}
    again = {a.id: a.names[0] for a in back.artists}
    expected = [(w.work_id, w.pdq, w.pdq_quality, w.title, names[w.artist_id]) for w in written(given_content) if w.pdq]
    assert [
        (w.work_id, w.pdq, w.pdq_quality, w.title, again[w.artist_id])  # type: ignore[attr-defined]
        for w in works(back)
    ] == expected
    if expected:
        assert write("pdq-csv", back)[0] == text


def test_pdq_csv_without_a_header_and_with_other_columns() -> None:
    (work,) = works(read("pdq-csv", f"{CODE},90\n")[0])
    assert isinstance(work, WorkRecord)
    assert (work.pdq_quality, work.title) == (90, None)
    back, sink = read("pdq-csv", f"id,hash,colour\nmine,{CODE},red\n")
    assert isinstance(back.artists, tuple)
    assert [w.work_id for w in works(back)] == ["mine"]  # type: ignore[attr-defined]
    assert dict(sink.dropped) == {"cells of the column 'colour'": 1}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"hash,quality\n{CODE},101", "line 2: the quality '101'"),
        (f"hash,quality\n{CODE},-1", "line 2: the quality '-1'"),
        (f"hash,quality\n{CODE},{'9' * 5000}", "line 2: the quality"),
        (f"{CODE},1,a,b,c,d", "line 1: it has 6 cells"),
        (f"hash,id\n{CODE},a\n{CODE},a", "line 3: the work 'a' is listed already in line 2"),
        ("quality\n5", "line 1: 'quality' is no PDQ hash"),
        ("hash\n=cmd|' /C calc'!A0", "line 2: .* is no PDQ hash"),
    ],
)
def test_pdq_csv_rows_that_do_not_fit(text: str, message: str) -> None:
    with pytest.raises(ListError, match=message):
        read("pdq-csv", text)


def test_a_formula_stays_text_and_is_guarded_on_the_way_out() -> None:
    formula = "=HYPERLINK(1)"
    back, _ = read("pdq-csv", f"hash,title\n{CODE},{formula}\n")
    assert works(back)[0].title == formula  # type: ignore[attr-defined]
    assert f"'{formula}" in write("pdq-csv", back)[0]


# --------------------------------------------------------------------------- imagehash


@settings(max_examples=10, deadline=None)
@given(samples.contents())
def test_imagehash_round_trip(given_content: Content) -> None:
    text, _ = write("imagehash", given_content)
    back, _ = read("imagehash", text)
    expected = {
        (w.phash, None if w.title and has_tricks(w.title) else w.title) for w in written(given_content) if w.phash
    }
    assert {(w.phash, w.title) for w in works(back)} == expected  # type: ignore[attr-defined]
    again, _ = read("imagehash", write("imagehash", back)[0])
    assert works(again) == works(back)


def test_imagehash_values_are_those_of_imagehash() -> None:
    value = imagehash.phash(picture(3))
    back, _ = read("imagehash", f"{value}\n")
    (work,) = works(back)
    assert isinstance(work, WorkRecord)
    assert work.phash == np.packbits(value.hash.flatten()).tobytes()
    text, _ = write("imagehash", back)
    assert imagehash.hex_to_hash(text.splitlines()[1].split(",")[0]) == value


def test_imagehash_shapes() -> None:
    for text in (f"{PHASH},a.png", f"hash,file\n{PHASH},a.png", f"file,phash,size\na.png,{PHASH},5"):
        (work,) = works(read("imagehash", text)[0])
        assert isinstance(work, WorkRecord)
        assert (work.title, work.phash) == ("a.png", bytes.fromhex(PHASH))
    back, sink = read("imagehash", f"{PHASH}\n{PHASH}\n", hash="dhash")
    assert works(back) == []
    assert dict(sink.dropped) == {"dhash values": 2}
    with pytest.raises(UsageError, match="choose one of"):
        read("imagehash", PHASH, hash="md5")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0f0f", "line 1: a 64-bit hash has 16 hex digits, and this has 4"),
        (f"{PHASH},../a.png", "line 1: the file name '../a.png'"),
        (f"{PHASH},/etc/passwd", "line 1: the file name"),
        (f"{PHASH},a,b", "line 1: a row is a hash and a file"),
        (f"file,hash\na.png,{PHASH}\nb.png", "line 3: it has no hash"),
    ],
)
def test_imagehash_lines_that_do_not_fit(text: str, message: str) -> None:
    with pytest.raises(ListError, match=message):
        read("imagehash", text)


# --------------------------------------------------------------------------- sha256sum


@settings(max_examples=10, deadline=None)
@given(samples.contents())
def test_sha256sum_round_trip(given_content: Content) -> None:
    text, _ = write("sha256sum", given_content)
    back, _ = read("sha256sum", text)
    expected: dict[bytes, str] = {}
    for work in written(given_content):
        for digest in work.sha256:
            title = work.title if work.title and not has_tricks(work.title) else work.work_id
            expected.setdefault(digest, title)
    assert {w.sha256[0]: w.title for w in works(back)} == expected  # type: ignore[attr-defined]
    assert read("sha256sum", write("sha256sum", back)[0])[0].works.equals(back.works)


@pytest.mark.skipif(program("sha256sum") is None, reason="no sha256sum here")
def test_the_real_sha256sum_writes_and_checks(tmp_path: Path) -> None:
    names = ["a.png", "with blank.png", "back\\slash.png", "sub/b.png", "日本.png"]
    (tmp_path / "sub").mkdir()
    for name in names:
        (tmp_path / name).write_bytes(name.encode())
    try:
        made = subprocess.run(["sha256sum", "--", *names], cwd=tmp_path, capture_output=True, check=True).stdout
        bsd = subprocess.run(["sha256sum", "--tag", *names], cwd=tmp_path, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("sha256sum of GNU coreutils is not installed")
    back, _ = read("sha256sum", made)
    assert [w.title for w in works(back)] == names  # type: ignore[attr-defined]
    assert works(read("sha256sum", bsd)[0]) == works(back)
    (tmp_path / "list").write_text(write("sha256sum", back)[0])
    subprocess.run(["sha256sum", "--check", "--strict", "list"], cwd=tmp_path, check=True, capture_output=True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hello world", "line 1: "),
        ("00  a", "64 hex digits, and this has 2"),
        (f"{CODE}  ../a", "line 1: the file name '../a' is absolute"),
        (f"\\{CODE}  a\\nb", "holds control characters"),
        (f"{CODE}  a\n{CODE} a", "line 2: a line is a SHA-256"),
    ],
)
def test_sha256sum_lines_that_do_not_fit(text: str, message: str) -> None:
    with pytest.raises(ListError, match=message):
        read("sha256sum", text)


def test_digests_alone_and_from_standard_input() -> None:
    back, sink = read("sha256sum", f"{CODE}\n{'1e' * 32}  -\n{CODE}  again\n")
    assert [w.title for w in works(back)] == [None, None]  # type: ignore[attr-defined]
    assert dict(sink.dropped) == {"repeated digests": 1}


@given(
    st.sampled_from(["threatexchange", "pdq-csv", "imagehash", "sha256sum", "names-csv", "optout-list"]),
    st.binary(max_size=300),
)
def test_no_bytes_crash_a_reader(name: str, data: bytes) -> None:
    try:
        read(name, data)
    except ListError as error:
        assert "line " in str(error)


def test_views_are_hashes_too() -> None:
    listed = record(0, views=(View("trimmed", b"\1" * 32, 90, bytes(8)),))
    assert write("threatexchange", content([person()], [listed]))[0].count("pdq ") == 2
