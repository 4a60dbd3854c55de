"""What the tool keeps besides an index: signatures of earlier versions, and which versions were seen."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from auditor.index.opening.trust import OLD_SIGNATURE
from tests.cli.inprocess import call, ok
from tests.index.samples import make_index, person, record
from tests.pictures import encoded, painting

pytest.importorskip("cryptography")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A signed index `i` with its key, a clean training folder `set`, and a state folder of its own."""
    monkeypatch.setattr("tests.cli.inprocess.ENVIRONMENT", {"XDG_STATE_HOME": str(tmp_path / "state"), "COLUMNS": "200",
                        "XDG_CACHE_HOME": str(tmp_path / "cache")})  # fmt: skip
    make_index(tmp_path / "i", [person()], [record(0)])
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "x.png").write_bytes(encoded(painting(500)))
    (tmp_path / "set" / "x.txt").write_text("a quiet field")
    ok(tmp_path, "index", "keygen", "my.key")
    ok(tmp_path, "index", "sign", "i", "--key", "my.key")
    return tmp_path


def test_a_new_version_says_that_it_lost_its_signature(place: Path) -> None:
    before = (place / "i" / "index.sig").read_bytes()
    said = ok(place, "index", "feedback", "i", "phash", "00" * 8)
    assert "Version 2 is not signed" in said
    assert "auditor index sign i --key KEY" in said
    assert not (place / "i" / "index.sig").exists()
    assert (place / "i" / OLD_SIGNATURE).read_bytes() == before
    verified = ok(place, "index", "verify", "i")
    assert "files beside it" not in verified
    assert "it is not signed" in verified
    # a further version carries it on, and has nothing new to say
    assert "is not signed:" not in ok(place, "index", "feedback", "i", "phash", "11" * 8)
    assert (place / "i" / OLD_SIGNATURE).read_bytes() == before


def test_an_unchanged_version_keeps_its_signature(place: Path) -> None:
    ok(place, "index", "feedback", "i", "phash", "00" * 8, "--sign", "my.key")
    ok(place, "index", "verify", "i", "--trust", "my.key.pub")
    shutil.copytree(place / "i", place / "j")
    said = ok(place, "index", "merge", "i", "j", "--out", "i")
    assert "nothing changed" in said
    ok(place, "index", "verify", "i", "--trust", "my.key.pub")


def test_a_version_can_be_signed_at_once(place: Path) -> None:
    said = ok(place, "index", "withdraw", "i", "--work", record(0).work_id, "--sign", "my.key")
    assert "i: signed with SHA256:" in said
    assert "is not signed" not in said
    ok(place, "index", "verify", "i", "--trust", "my.key.pub")


def test_a_wrong_key_is_said_before_anything_is_written(place: Path) -> None:
    done = call("index", "feedback", "i", "phash", "00" * 8, "--sign", "no.key", cwd=place)
    assert (done.returncode, "no.key cannot be read" in done.stderr) == (2, True)
    ok(place, "index", "verify", "i", "--trust", "my.key.pub")


def test_a_scan_with_trust_refuses_an_older_signed_version(place: Path) -> None:
    shutil.copytree(place / "i", place / "old")
    scan = ("scan", "set", "--index", "i", "--trust", "my.key.pub", "--no-cache", "-j", "1")
    ok(place, *scan)
    ok(place, "index", "feedback", "i", "phash", "00" * 8, "--sign", "my.key")
    ok(place, *scan)
    shutil.rmtree(place / "i")
    shutil.copytree(place / "old", place / "i")
    for where in ("i", "old"):  # in its place, and the same list elsewhere
        words = tuple(where if word == "i" else word for word in scan)
        done = call(*words, cwd=place)
        assert done.returncode == 2, done.stderr
        assert "version 2 was verified here before" in done.stderr
    ok(place, "scan", "set", "--index", "i", "--no-cache", "-j", "1")  # without --trust nothing is asked
    ok(place, "index", "verify", "i", "--trust", "my.key.pub", "--allow-older")
    ok(place, *scan)


def test_what_index_verify_saw_a_scan_knows(place: Path) -> None:
    shutil.copytree(place / "i", place / "old")
    ok(place, "index", "feedback", "i", "phash", "00" * 8, "--sign", "my.key")
    ok(place, "index", "verify", "i", "--trust", "my.key.pub")
    done = call("scan", "set", "--index", "old", "--trust", "my.key.pub", "--no-cache", cwd=place)
    assert (done.returncode, "may lack recent opt-outs" in done.stderr) == (2, True)


def test_a_damaged_memory_is_said(place: Path) -> None:
    ok(place, "index", "verify", "i", "--trust", "my.key.pub")
    (place / "state" / "auditor" / "seen-indexes.json").write_text("{")
    done = call("scan", "set", "--index", "i", "--trust", "my.key.pub", cwd=place)
    assert (done.returncode, "remove it to begin anew" in done.stderr) == (2, True)


def test_without_a_place_to_remember_it_is_said(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.cli.seen.seen_file", lambda: None)
    assert "cannot be remembered here" in ok(
        place, "scan", "set", "--index", "i", "--trust", "my.key.pub", "--no-cache"
    )
