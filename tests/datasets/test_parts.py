"""The small parts that every layout stands on."""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.datasets import options
from auditor.datasets.interface import LayoutOptions
from auditor.datasets.layouts import table
from auditor.datasets.reading import captions, configfile, jsontext, kinds, listing, payload, tables
from auditor.errors import DatasetError, PictureError, UsageError
from auditor.model import BytesPayload, FilePayload, SlicePayload
from tests.datasets.making import PNG, write

names = st.text(st.characters(exclude_characters="/\x00", exclude_categories=["Cs"]), min_size=1, max_size=12)


@given(names)
def test_split_parts_names_as_the_standard_library_does(name: str) -> None:
    assert kinds.split(name) == os.path.splitext(name)  # noqa: PTH122 - the rule that trainers follow


@given(st.binary(max_size=300))
def test_any_caption_bytes_decode(data: bytes) -> None:
    side = captions.decode(data)
    assert side.size == len(data)
    try:
        expected = io.TextIOWrapper(io.BytesIO(data), "utf-8").read()
    except UnicodeDecodeError:
        assert not side.strict
    else:
        assert side.strict and side.text == expected


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_lines_have_the_numbers_of_text_mode(text: str) -> None:
    with io.StringIO(text, newline=None) as stream:
        expected = [(n, line.rstrip("\n")) for n, line in enumerate(stream, 1) if line.strip()]
    assert list(captions.lines(captions.newlines(text))) == expected


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1"])
def test_other_encodings_are_read_as_a_person_would(encoding: str) -> None:
    side = captions.decode("José Mirela Ashdown, oil".encode(encoding))
    assert side.readable.lstrip("\ufeff") == "José Mirela Ashdown, oil"
    assert side.encoding == encoding.removesuffix("-le").removesuffix("-be")


def test_a_cut_in_a_character_is_no_other_encoding() -> None:
    data = ("x" + "é" * 100).encode()
    side = captions.decode(data[:100], size=len(data), truncated=True)
    assert side.strict and side.text.startswith("xé")


def test_alternatives_expand_within_bounds() -> None:
    assert captions.alternatives("a {b|c} {d|e}") == ("a b d", "a b e", "a c d", "a c e")
    assert captions.alternatives("plain") == captions.alternatives("{single}") == ()
    assert len(captions.alternatives("{a|b}" * 40)) <= captions.MAX_ALTERNATIVES
    assert "x inner y" in captions.alternatives("x {{inner|z}|q} y")


class TestPayload:
    """Bytes within a limit, or a reason."""

    def test_the_three_kinds(self, tmp_path: Path) -> None:
        path = write(tmp_path, {"x": b"0123456789"}) / "x"
        assert payload.read(FilePayload(str(path)), 10) == b"0123456789"
        assert payload.read(SlicePayload(str(path), 2, 3), 10) == b"234"
        assert payload.read(BytesPayload(b"ab"), 2) == b"ab"

    def test_reasons(self, tmp_path: Path) -> None:
        path = str(write(tmp_path, {"x": b"0123456789"}) / "x")
        os.mkfifo(tmp_path / "pipe")
        cases = [
            (FilePayload(path), 9, "too-many-bytes"),
            (SlicePayload(path, 0, 10), 9, "too-many-bytes"),
            (BytesPayload(b"ab"), 1, "too-many-bytes"),
            (SlicePayload(path, 8, 5), 9, "truncated"),
            (FilePayload(str(tmp_path / "gone")), 9, "unreadable"),
            (FilePayload(str(tmp_path)), 9, "unreadable"),
            (FilePayload(str(tmp_path / "pipe")), 9, "unreadable"),
        ]
        for place, limit, reason in cases:
            with pytest.raises(PictureError) as caught:
                payload.read(place, limit)
            assert caught.value.reason == reason


class TestListing:
    """Folders, loops, and what leads outside."""

    def test_side_files_are_found_by_stem(self, tmp_path: Path) -> None:
        write(tmp_path, {"a.png": PNG, "a.TXT": "", "a.v2.txt": "", "b.caption": ""})
        folder = listing.read(str(tmp_path), "x")
        assert folder.sides == {"a": ["a.TXT"], "a.v2": ["a.v2.txt"], "b": ["b.caption"]}
        assert folder.inside("a.png") == "x/a.png"
        assert folder.picture_stems == {"a"}

    def test_walk_visits_every_real_folder(self, tmp_path: Path) -> None:
        write(tmp_path, {"a/b/x": "", "c/y": ""})
        (tmp_path / "a" / "up").symlink_to(tmp_path, target_is_directory=True)
        start = listing.root(str(tmp_path))
        assert [f.relative for f in listing.walk(start)] == ["", "a", "a/b", "c"]
        followed = [f.relative for f in listing.walk(start, follow=True)]
        assert followed == ["", "a", "a/b", "c"]

    def test_outside(self, tmp_path: Path) -> None:
        write(tmp_path, {"in/x": "", "in2/y": ""})
        (tmp_path / "in" / "out").symlink_to(tmp_path / "in2")
        home = str(tmp_path / "in")
        assert listing.leads_outside(str(tmp_path / "in" / "out" / "y"), home)
        assert not listing.leads_outside(str(tmp_path / "in" / "x"), home)
        assert listing.outside_of(str(tmp_path / "in2"), home)
        assert not listing.outside_of(str(tmp_path / "in" / "..x"), home)


class TestConfigurations:
    """Line and column, and bounded searching."""

    @pytest.mark.parametrize(
        ("name", "text", "place"),
        [
            ("x.toml", "a = 1\nb = \n", r"line 2, column 5"),
            ("x.toml", 'a = "open', r"line 1, column 10"),
            ("x.json", '{\n "a": 1,\n}', r"line 3, column 1"),
            ("x.yaml", "a: 1\n b: 2\n", r"line 2, column 3"),
            ("x.yaml", "a: *nothing\n", r"line 1, column 4"),
        ],
    )
    def test_places(self, name: str, text: str, place: str) -> None:
        with pytest.raises(DatasetError, match=place):
            configfile.parse(text.encode(), name)

    def test_a_byte_order_mark_is_passed_over(self) -> None:
        assert configfile.parse(b'\xef\xbb\xbf{"a": 1}', "x.json") == {"a": 1}

    def test_strings_of_nested_values(self) -> None:
        value = {"a": ["x", {"b": "y"}], "two words": {"c": 1}, "n": None}
        assert list(jsontext.strings(value)) == [
            ("a[0]", "x"),
            ("a[1].b", "y"),
            ("two words", "two words"),
        ]
        assert ("n", "n") in jsontext.strings(value, every_key=True)

    def test_shared_and_cyclic_parts_are_visited_once(self) -> None:
        loop: list[object] = ["x"]
        loop.append(loop)
        assert list(jsontext.strings([loop, loop])) == [("[0][0]", "x")]


class TestTables:
    """Rows with their lines."""

    def test_csv_lines_count_quoted_line_ends(self, tmp_path: Path) -> None:
        write(tmp_path, {"x.csv": '\ufeffa,b\n1,"two\nlines"\n3,4\n'})
        assert list(tables.rows(str(tmp_path / "x.csv"))) == [
            (2, {"a": "1", "b": "two\nlines"}),
            (4, {"a": "3", "b": "4"}),
        ]

    def test_json_lines(self, tmp_path: Path) -> None:
        write(tmp_path, {"x.jsonl": '{"a": 1}\r\n\n{"a": 2}'})
        assert list(tables.rows(str(tmp_path / "x.jsonl"))) == [(1, {"a": 1}), (3, {"a": 2})]

    @pytest.mark.parametrize(
        ("name", "data", "place"),
        [
            ("x.jsonl", b'{"a": 1}\n{"a": }\n', "line 2, column 7"),
            ("x.jsonl", b"[1]\n", "not a JSON object"),
            ("x.csv", b"a\n" + b"x" * 5_000_000, "line 2"),
            ("x.parquet", b"nothing", "not a readable parquet"),
            ("x.arrow", b"nothing", "not a readable arrow"),
        ],
    )
    def test_damage(self, tmp_path: Path, name: str, data: bytes, place: str) -> None:
        write(tmp_path, {name: data})
        with pytest.raises(DatasetError, match=place):
            list(tables.rows(str(tmp_path / name)))

    def test_arrow_streams_and_files(self, tmp_path: Path) -> None:
        import pyarrow

        batch = pyarrow.RecordBatch.from_pylist([{"caption": "x"}])
        for name, maker in (("s.arrow", pyarrow.ipc.new_stream), ("f.arrow", pyarrow.ipc.new_file)):
            with maker(str(tmp_path / name), batch.schema) as out:
                out.write_batch(batch)
            assert list(tables.rows(str(tmp_path / name))) == [(1, {"caption": "x"})]


class TestOptions:
    """Words of the command line."""

    def test_every_layout_refuses_unknown_words_and_says_which_it_knows(self) -> None:
        for name in table.names():
            made = table.layout(name)
            assert made.name == name
            with pytest.raises(UsageError, match="no such option"):
                options.check(made, LayoutOptions({"surely_not_an_option": "1"}))
            for key in made.options:
                options.check(made, LayoutOptions({key: "1"}))

    def test_numbers(self) -> None:
        assert options.number(LayoutOptions({"n": "3"}), "n", 1) == 3
        with pytest.raises(UsageError, match="whole number"):
            options.number(LayoutOptions({"n": "x"}), "n", 1)

    def test_places(self, tmp_path: Path) -> None:
        write(tmp_path, {"in/x": ""})
        assert options.place("in", str(tmp_path)) == str(tmp_path / "in")
        assert options.place(str(tmp_path), "/elsewhere") == str(tmp_path)
        assert options.place("nowhere", str(tmp_path)) == str(tmp_path / "nowhere")


def test_kinds_by_content() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for data, kind in ((PNG, "picture"), (b"words", "text"), (b"\x00\x01", "other"), (b"BMW is a car", "text")):
            path = Path(folder) / "noext"
            path.write_bytes(data)
            assert kinds.of_file("noext", str(path)) == kind
    assert kinds.of_file("gone", "/nowhere/gone") == "other"
