"""Every kept input through its harness: the seeds, what once broke something, and changes of them."""

from __future__ import annotations

import json
import random
import socket
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.errors import DatasetError
from tests.fuzz import guard
from tests.fuzz.harness import Harness, check_notes, file
from tests.fuzz.harnesses import HARNESSES
from tests.fuzz.minimise import how_it_breaks, minimised
from tests.fuzz.mutate import HOSTILE, mutated, swap_literal
from tests.fuzz.run import HERE
from tests.fuzz.seeds import SEEDS

CORPUS, REGRESSIONS = HERE / "corpus", HERE / "regressions"
MOST_BYTES = 1_500_000
NEEDS = {"signature": "cryptography", "envelope": "cryptography", "key": "cryptography", "exchange-tdmai": "iscc_lib"}
"""Harness -> the optional package without which its reader says only that."""


def kept(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file())


def named(path: Path) -> str:
    return f"{path.parent.parent.name}-{path.parent.name}-{path.name}"


def test_every_harness_has_seeds_and_every_input_a_harness() -> None:
    assert set(SEEDS) == set(HARNESSES)
    assert {path.parent.name for path in kept(CORPUS)} == set(HARNESSES)
    assert {path.parent.name for path in kept(REGRESSIONS)} <= set(HARNESSES)


def test_the_kept_inputs_stay_small() -> None:
    assert sum(path.stat().st_size for path in (*kept(CORPUS), *kept(REGRESSIONS))) < MOST_BYTES


@pytest.mark.parametrize("path", [*kept(CORPUS), *kept(REGRESSIONS)], ids=named)
def test_kept_inputs_break_nothing(path: Path) -> None:
    harness = HARNESSES[path.parent.name]
    if package := NEEDS.get(path.parent.name):
        pytest.importorskip(package)
    assert how_it_breaks(harness, path.read_bytes()) is None


@pytest.mark.parametrize("name", [name for name in HARNESSES if name not in NEEDS])
def test_changed_seeds_break_nothing(name: str) -> None:
    harness = HARNESSES[name]
    seeds = [path.read_bytes() for path in kept(CORPUS / name)]

    @settings(max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(seeds), st.integers(0, 2**32))
    def changed(data: bytes, seed: int) -> None:
        harness(mutated(data, random.Random(seed), text=harness.text)[: harness.longest])

    changed()


def test_seeds_are_written_by_the_projects_own_writers() -> None:
    for name in ("config-kohya", "waivers", "shown", "tar", "xmp"):
        assert dict(SEEDS[name]()) == {path.name: path.read_bytes() for path in kept(CORPUS / name)}, name


class TestTheNet:
    """The harnesses themselves: they must see what they are there for."""

    def test_only_documented_errors_pass(self) -> None:
        def read(data: bytes) -> None:
            raise DatasetError("damaged") if data else KeyError("a")

        harness = Harness(read, (DatasetError,))
        harness(b"x")
        with pytest.raises(KeyError):
            harness(b"")

    def test_an_error_without_words_is_a_finding(self) -> None:
        def read(data: bytes) -> None:
            raise DatasetError("")

        with pytest.raises(AssertionError, match="says nothing"):
            Harness(read, (DatasetError,))(b"")

    def test_a_hidden_error_of_a_metadata_reader_is_a_finding(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from auditor.metadata import read

        def broken(*_: object) -> None:
            raise IndexError

        monkeypatch.setitem(read._READERS, "xmp", broken)
        seed = (CORPUS / "xmp" / "reserved").read_bytes()
        with pytest.raises(AssertionError, match="IndexError while reading"):
            HARNESSES["xmp"](seed)
        check_notes(())

    @pytest.mark.parametrize(
        "act",
        [
            lambda: subprocess.run(["true"], check=True),
            lambda: socket.create_connection(("127.0.0.1", 9), 1),
            lambda: Path(__file__).with_name("written").write_text("x"),
            lambda: Path(__file__).unlink(),
            lambda: __import__("pickle").loads(b"cos\nsystem\n."),
        ],
        ids=["run", "connect", "write", "remove", "unpickle"],
    )
    def test_what_no_reader_may_do(self, act: object) -> None:
        def read(data: bytes) -> None:
            try:
                act()  # type: ignore[operator]
            except Exception:
                return

        with pytest.raises(guard.Misbehaved):
            Harness(read)(b"")
        assert Path(__file__).exists() and not Path(__file__).with_name("written").exists()

    def test_folders_outside_the_workspace_are_closed(self) -> None:
        def read(data: bytes) -> None:
            list(Path("/").iterdir())

        with pytest.raises(PermissionError):
            Harness(read)(b"")
        assert list(Path("/").iterdir())

    def test_the_workspace_can_be_written(self) -> None:
        def read(data: bytes) -> None:
            path = Path(file("net/a", data))
            assert path.read_bytes() == data
            path.unlink()

        Harness(read)(b"abc")


class TestChanges:
    """The mutations: the same for the same seed, and sound texts stay parsable often enough to be of use."""

    def test_the_same_for_the_same_seed(self) -> None:
        data = (CORPUS / "config-simpletuner" / "backends").read_bytes()
        first = [mutated(data, random.Random(n), text=True) for n in range(50)]
        assert first == [mutated(data, random.Random(n), text=True) for n in range(50)]
        assert len(set(first)) > 40

    def test_many_changed_texts_are_still_json(self) -> None:
        text = (CORPUS / "config-simpletuner" / "backends").read_text()
        sound = 0
        for seed in range(200):
            try:
                json.loads(swap_literal(text, random.Random(seed)))
            except ValueError:
                continue
            sound += 1
        assert sound > 80
        assert any(literal.startswith("!!") for literal in HOSTILE)

    def test_nothing_becomes_something(self) -> None:
        assert mutated(b"", random.Random(1), text=True)


class TestMinimising:
    """A finding is made smaller while the same place raises the same error."""

    def test_it_keeps_what_breaks(self) -> None:
        def harness(data: bytes) -> None:
            if b"needle" in data:
                raise ValueError("found")
            if len(data) > 3:
                raise KeyError("long")

        data = b"x" * 500 + b"a needle here" + b"y" * 300
        assert minimised(harness, data) == b"needle"
        assert minimised(harness, b"") == b""
