"""`auditor index …` as a user calls it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.index.opening.store import open_index
from tests.cli.inprocess import call, ok
from tests.index.samples import gallery, make_index, person, picture, record


@pytest.fixture
def place(tmp_path: Path) -> Path:
    gallery(tmp_path / "artists", "Ash Varga", 2)
    gallery(tmp_path / "artists", "Bo", 1, first=10)
    return tmp_path


def test_the_life_of_an_index(place: Path) -> None:
    said = ok(place, "index", "build", "artists", "--out", "mine", "--no-regions", "--contact", "the gallery")
    assert "mine: version 1 of 'mine' (2 artists, 3 works)." in said
    gallery(place / "more", "Cy", 1, first=20)
    assert "version 2 of 'mine' (3 artists, 4 works)" in ok(place, "index", "add", "mine", "more", "--no-regions")
    assert "version 3" in ok(place, "index", "withdraw", "mine", "--artist", "Bo", "--note", "asked")
    work = next(iter(open_index(place / "mine").works()))
    assert "version 4" in ok(place, "index", "withdraw", "mine", "--work", work.work_id[:8], "--reason", "false-match")
    assert "version 5" in ok(place, "index", "feedback", "mine", "phash", "00" * 8, "--reason", "a white page")
    facts = json.loads(ok(place, "index", "info", "mine", "--json"))
    assert (facts["artists"], facts["works"], facts["tombstones"], facts["feedback"]) == (2, 2, 3, 1)
    assert facts["contact"] == "the gallery"
    assert "the gallery" in ok(place, "index", "info", "mine")
    assert "version 5 of 'mine' holds" in ok(place, "index", "verify", "mine")
    assert "version 6" in ok(place, "index", "withdraw", "mine", "--artist", "Bo", "--undo")


def test_a_build_prepares_the_search_for_every_later_scan(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_, **__: str(place / "cache"))
    ok(place, "index", "build", "artists", "--out", "mine")
    digest = open_index(place / "mine").manifest.files["regions.parquet"].sha256
    assert [path.name for path in (place / "cache" / "derived").iterdir()] == [f"regions-{digest}"]
    monkeypatch.setattr("auditor.index.search.region_tree.build", lambda *_: pytest.fail("it was prepared"))
    ok(place, "scan", "artists", "--index", "mine", "--engine", "serial", "--cache", "elsewhere", code=1)


@pytest.mark.parametrize("failure", [RuntimeError("write error"), MemoryError()])
def test_a_search_that_cannot_be_prepared_fails_no_build(
    place: Path, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def full(*_: object) -> None:
        raise failure

    monkeypatch.setattr("faiss.write_index_binary", full)
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_, **__: str(place / "cache"))
    assert "(2 artists, 3 works)" in ok(place, "index", "build", "artists", "--out", "mine")
    assert list((place / "cache" / "derived").iterdir()) == []


def test_a_cache_that_cannot_be_written_fails_no_build(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / "cache").write_text("a file where the folder would be")
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_, **__: str(place / "cache"))
    assert "(2 artists, 3 works)" in ok(place, "index", "build", "artists", "--out", "mine")
    ok(place, "scan", "artists", "--index", "mine", "--engine", "serial", "--no-cache", code=1)


def test_an_artist_alone_with_one_folder(tmp_path: Path) -> None:
    gallery(tmp_path, "my-art", 2)
    assert "(1 artist, 2 works)" in ok(tmp_path, "index", "build", "my-art/", "--out", "my-optout/")
    assert open_index(tmp_path / "my-optout").artists[0].names == ("my-art",)
    said = ok(tmp_path, "index", "build", "my-art", "--out", "my-optout", "--artist", "Ash Varga")
    assert "2 works no longer in the source: marked withdrawn" in said


def test_what_is_left_out_is_said(place: Path) -> None:
    (place / "artists" / "Bo" / "bad.png").write_text("x")
    (place / "artists" / "loose.png").write_text("x")
    (place / "artists" / "empty").mkdir()
    said = ok(place, "index", "build", "artists", "--out", "mine", "--no-regions", code=3)
    assert "skipped Bo/bad.png: not-a-picture" in said
    assert "1 picture could not be read and will not be found: not-a-picture 1." in said
    assert "left out loose.png" in said
    assert "left out the folder empty" in said
    again = ok(place, "index", "build", "artists", "--out", "mine", "--no-regions", code=3)
    assert "nothing changed; version 1 stands" in again


def test_years_are_no_artists(tmp_path: Path) -> None:
    for number, year in enumerate(("2023", "2024")):
        gallery(tmp_path / "my-art", year, 1, first=number)
    (tmp_path / "my-art" / "2024" / "castle.svg").write_text("<svg/>")
    said = ok(tmp_path, "index", "build", "my-art/", "--out", "my-optout", "--no-regions", code=3)
    assert "Artist 'my-art': 2 pictures from my-art" in said
    assert "(1 artist, 2 works)" in said
    assert "--artist NAME or an artist.toml" in said
    assert "skipped 2024/castle.svg: unsupported" in said
    assert ok(tmp_path, "index", "build", "my-art", "--out", "my-optout", "--no-regions", code=3)


def test_what_cannot_be_read_this_time_is_not_marked_withdrawn(place: Path) -> None:
    ok(place, "index", "build", "artists", "--out", "mine", "--no-regions")
    for file in (place / "artists" / "Bo").iterdir():
        file.write_bytes(file.read_bytes()[:200])
    (place / "artists" / "Ash Varga" / "picture-0.png").unlink()
    said = ok(place, "index", "build", "artists", "--out", "mine", "--no-regions", code=3)
    assert "(2 artists, 3 works)" in said
    assert "stay listed as they are" in said
    for file in (place / "artists" / "Bo").iterdir():
        file.unlink()
    said = ok(place, "index", "build", "artists", "--out", "mine", "--no-regions")
    assert "2 works no longer in the source: marked withdrawn" in said


def test_an_unreadable_folder_is_3_every_time(tmp_path: Path) -> None:
    (tmp_path / "art" / "Ash").mkdir(parents=True)
    (tmp_path / "art" / "Ash" / "a.png").write_text("x")
    for _ in range(3):
        assert "not-a-picture" in ok(tmp_path, "index", "build", "art", "--out", "i", code=3)
    assert ok(tmp_path, "index", "add", "i", "art", code=3)


def test_exit_codes(place: Path) -> None:
    assert call("index", "build", "nowhere", "--out", "x", cwd=place).returncode == 2
    assert call("index", "build", "artists", cwd=place).returncode == 2
    assert call("index", "build", "artists", "--out", "artists", cwd=place).returncode == 2
    assert call("index", "info", "nowhere", cwd=place).returncode == 2
    assert call("index", "verify", "nowhere", cwd=place).returncode == 2
    assert call("index", "add", "nowhere", "artists", cwd=place).returncode == 2
    assert call("index", "withdraw", "nowhere", "--work", "x", cwd=place).returncode == 2
    assert call("index", "nonsense", cwd=place).returncode == 2
    (place / "bad" / "Ash").mkdir(parents=True)
    (place / "bad" / "Ash" / "a.png").write_text("x")
    assert call("index", "build", "bad", "--out", "unread", cwd=place).returncode == 3
    make_index(place / "i")
    done = call("index", "withdraw", "i", cwd=place)
    assert (done.returncode, "Say what to withdraw" in done.stderr) == (2, True)
    assert call("index", "merge", "i", "--out", "j", cwd=place).returncode == 2
    assert call("index", "build", "artists", "--out", "x", "--expires", "soon", cwd=place).returncode == 2
    assert not (place / "x").exists()


def test_nothing_is_printed_on_stdout_but_the_result(place: Path) -> None:
    (place / "artists" / "Bo" / "bad.png").write_text("x")
    done = call("index", "build", "artists", "--out", "mine", "--no-regions", cwd=place)
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["mine:", "digest"]


def test_merge_and_diff(tmp_path: Path) -> None:
    make_index(tmp_path / "a", [person()], [record(0)])
    make_index(tmp_path / "b", [person(preference="constrained")], [record(0), record(1)])
    said = ok(tmp_path, "index", "merge", "a", "b", "--out", "c", "--name", "Joined")
    assert "1 work in more than one list." in said
    assert "the stricter counts" in said
    assert "version 1 of 'Joined' (1 artist, 2 works)" in said
    assert f"works added 1: a/{record(1).work_id}" in ok(tmp_path, "index", "diff", "a", "c")
    assert ok(tmp_path, "index", "diff", "a", "c", "--exit-code", code=1)
    assert "They list the same." in ok(tmp_path, "index", "diff", "a", "a", "--exit-code")
    found = json.loads(call("index", "diff", "a", "c", "--json", cwd=tmp_path).stdout)
    assert found["works_added"] == [f"a/{record(1).work_id}"]


def test_import_and_export(tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text("artist,alias,mood\nAsh Varga,ash_v,sad\n")
    said = ok(tmp_path, "index", "import", "names.csv", "--format", "names-csv", "--out", "names", "--name", "Names")
    assert "not carried: 1 cells of the column 'mood'" in said
    assert "version 1 of 'Names' (1 artist, 0 works)" in said
    assert "written as optout-list" in ok(
        tmp_path, "index", "export", "names", "--format", "optout-list", "--out", "list.jsonl"
    )
    (tmp_path / "bad.csv").write_text("artist\n\n,x\n")
    done = call("index", "import", "bad.csv", "--format", "names-csv", "--out", "bad", cwd=tmp_path)
    assert done.returncode == 2
    assert "bad.csv, line 3" in done.stderr
    assert call("index", "export", "names", "--format", "xml", "--out", "x", cwd=tmp_path).returncode == 2
    help_text = ok(tmp_path, "index", "import", "--help")
    assert all(name in help_text for name in ("optout-list", "threatexchange", "tdmai", "sha256sum"))


def test_sign_and_trust(tmp_path: Path) -> None:
    pytest.importorskip("cryptography")
    make_index(tmp_path / "i", [person()], [record(0)])
    said = ok(tmp_path, "index", "keygen", "my.key")
    identity = said.split("key id ")[1].split()[0]
    assert identity in ok(tmp_path, "index", "sign", "i", "--key", "my.key")
    for trust in ("my.key.pub", identity):
        assert "by a trusted key" in ok(tmp_path, "index", "verify", "i", "--trust", trust)
    assert "pin the publisher's with --trust" in ok(tmp_path, "index", "verify", "i")
    ok(tmp_path, "index", "feedback", "i", "phash", "00" * 8)
    done = call("index", "verify", "i", "--trust", "my.key.pub", cwd=tmp_path)
    assert (done.returncode, "is not signed" in done.stderr) == (2, True)
    assert call("index", "keygen", "my.key", cwd=tmp_path).returncode == 2
    assert call("index", "sign", "i", "--key", "missing", cwd=tmp_path).returncode == 2


def test_an_older_version_in_its_place_is_noticed(tmp_path: Path) -> None:
    import shutil

    make_index(tmp_path / "i", [person()], [record(0)])
    shutil.copytree(tmp_path / "i", tmp_path / "old")
    ok(tmp_path, "index", "feedback", "i", "phash", "00" * 8)
    seen = ["--seen", "seen.json"]
    ok(tmp_path, "index", "verify", "i", *seen)
    shutil.rmtree(tmp_path / "i")
    (tmp_path / "old").rename(tmp_path / "i")
    done = call("index", "verify", "i", *seen, cwd=tmp_path)
    assert (done.returncode, "--allow-older" in done.stderr) == (2, True)
    ok(tmp_path, "index", "verify", "i", *seen, "--allow-older")
    ok(tmp_path, "index", "verify", "i", *seen)


def test_expired(tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text("artist\nAsh\n")
    ok(
        tmp_path, "index", "import", "names.csv", "--format", "names-csv", "--out", "i", "--expires", "2020-01-01"
    )  # fmt: skip
    assert "it expired on 2020-01-01" in ok(tmp_path, "index", "verify", "i")
    assert ok(tmp_path, "index", "verify", "i", "--fail-expired", code=2)
    assert json.loads(ok(tmp_path, "index", "info", "i", "--json"))["expired"] is True


def test_lint(tmp_path: Path) -> None:
    make_index(tmp_path / "i", [person()], [record(0), record(1, pdq=record(0).pdq)])
    said = ok(tmp_path, "index", "lint", "i")
    assert "duplicate-entry" in said
    assert "→ Withdraw one" in said
    assert "statement-missing" in said
    found = json.loads(call("index", "lint", "i", "--json", cwd=tmp_path).stdout)
    assert {"rule", "subject", "message", "fix"} == set(found[0])
    assert ok(tmp_path, "index", "lint", "i", "--exit-code", code=1)


def test_an_interrupted_build_is_said_to_resume(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from auditor.index.making import build as module

    real = module.hash_all

    def stopped(jobs: list[object], workers: int) -> object:
        yield from real(jobs[:1], 1)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "hash_all", stopped)
    done = call("index", "build", "artists", "--out", "mine", "--no-regions", cwd=place)
    assert done.returncode == 130
    assert sorted(path.name for path in place.iterdir()) == ["artists"]
    monkeypatch.setattr(module, "hash_all", real)
    assert "Resumed: 1 picture" in ok(place, "index", "build", "artists", "--out", "mine", "--no-regions")


def test_a_day_can_be_given_for_repeatable_builds(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    ok(place, "index", "build", "artists", "--out", "mine", "--no-regions")
    assert open_index(place / "mine").manifest.issued == "1970-01-02"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    assert call("index", "build", "artists", "--out", "x", cwd=place).returncode == 2


def test_a_withdrawn_work_no_longer_matches_in_a_scan(place: Path) -> None:
    ok(place, "index", "build", "artists", "--out", "mine", "--no-regions")
    (place / "set").mkdir()
    picture(10).save(place / "set" / "copy.png")
    assert call("scan", "set", "--index", "mine", "--no-cache", cwd=place).returncode == 1
    ok(place, "index", "withdraw", "mine", "--artist", "Bo")
    assert call("scan", "set", "--index", "mine", "--no-cache", cwd=place).returncode == 0
