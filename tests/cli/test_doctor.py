from __future__ import annotations

from pathlib import Path

from tests.cli.inprocess import call


def test_it_says_versions_extras_indexes_and_checks(built: Path, tmp_path: Path) -> None:
    done = call("doctor", "--index", built / "index", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    text = done.stdout
    for said in ("auditor ", "Python ", "pillow ", "[sign]", "[c2pa]", "2 artists, 6 works", "unsigned", "copies, "):
        assert said in text
    assert "none: defaults hold" in text


def test_the_configuration_and_its_indexes_are_looked_at(built: Path, tmp_path: Path) -> None:
    (tmp_path / "auditor.toml").write_text(f'index = ["{built / "index"}"]\n')
    done = call("doctor", cwd=tmp_path)
    assert done.returncode == 0
    assert "auditor.toml" in done.stdout
    assert "6 works" in done.stdout


def test_what_cannot_be_used_is_2_and_the_rest_is_said_all_the_same(built: Path, tmp_path: Path) -> None:
    (tmp_path / "auditor.toml").write_text("indx = 3\n")
    done = call("doctor", "--index", tmp_path / "nowhere", "--index", built / "index", cwd=tmp_path)
    assert done.returncode == 2
    assert "Did you mean 'index'" in done.stdout
    assert "nowhere" in done.stdout
    assert "6 works" in done.stdout


def test_without_an_index_it_says_that_no_picture_would_be_compared(tmp_path: Path) -> None:
    done = call("doctor", cwd=tmp_path)
    assert "public-statements" in done.stdout
    assert "copies: no index holds picture hashes" in done.stdout
