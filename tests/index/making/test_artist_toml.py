from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import ConfigError
from auditor.index.format.schema import Preferences
from auditor.index.making.artist_toml import NOTHING_SAID, guess_kind, read_artist_toml
from auditor.model import Artist, Statement

FULL = """
id = "ash"
names = ["Ash Varga", " Ash V. "]
aliases = ["ashvarga", "Ash the Great", {value = "阿什", kind = "native"}, {value = "by ash"}]
ambiguous = ["Ash"]
preference = "constrained"
verification = "domain"
expires = 2030-12-31

[[statement]]
date = "2026-01-31"
title = "Please do not train on my work"
uri = "https://example.org/optout"

[[statement]]
kind = "agent"

[works."keep/ash-keep.png"]
title = "Ash Keep"
uri = "https://example.org/ash-keep"
preference = "allowed"
declared = 2026-01-01
expires = 2027-01-01T10:00:00
policy = "https://example.org/terms"

[works.second]
preference = { training = "prohibited", generative-training = "prohibited" }
"""


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "artist.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_everything_that_can_be_said(tmp_path: Path) -> None:
    note = read_artist_toml(write(tmp_path, FULL))
    assert note.artist == Artist(
        id="ash",
        names=("Ash Varga", "Ash V."),
        aliases=("ashvarga", "Ash the Great", "阿什", "by ash"),
        alias_kinds=("handle", "alias", "native", "alias"),
        ambiguous=("Ash",),
        statements=(
            Statement("self", "2026-01-31", "Please do not train on my work", "https://example.org/optout"),
            Statement("agent"),
        ),
        verification="domain",
        preference="constrained",
        expires="2030-12-31",
    )
    keep = note.works["keep/ash-keep.png"]
    assert (keep.title, keep.preference.generative_training) == ("Ash Keep", "allowed")
    assert (keep.declared, keep.expires, keep.policy) == ("2026-01-01", "2027-01-01", "https://example.org/terms")
    assert note.works["second"].preference == Preferences("prohibited", "prohibited", None)


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    note = read_artist_toml(write(tmp_path, ""))
    assert note.artist == Artist("", ())
    assert note.works.get("x", NOTHING_SAID) == NOTHING_SAID


def test_one_statement_may_be_a_table(tmp_path: Path) -> None:
    note = read_artist_toml(write(tmp_path, '[statement]\nkind = "public-record"'))
    assert note.artist.statements == (Statement("public-record"),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name = 'x'", r"name is not known; did you mean 'names'\?"),
        ("names = 'x'", "names must be a list"),
        ("names = ['']", "without empty names"),
        ("names = [1]", "names must be text"),
        ("aliases = [3]", "aliases must be a list of names"),
        ("aliases = [{value = 'a', sort = 'b'}]", "aliases.sort is not known"),
        ("aliases = [{value = 'a', kind = 'b'}]", "aliases.kind must be one of handle"),
        ("preference = 'maybe'", "preference must be one of prohibited, constrained, allowed, not 'maybe'"),
        ("verification = 'yes'", "verification must be one of"),
        ("expires = 'soon'", "expires must be a day such as"),
        ("statement = ['x']", "statement must be a table"),
        ("[statement]\nkind = 'rumour'", "statement.kind must be one of self"),
        ("works = 1", "works must be a table"),
        ("[works]\na = 1", "works.'a' must be a table"),
        ("[works.a]\nsize = 1", "works.'a'.size is not known"),
        ("[works.a]\npreference = 1", "must be a word or a table"),
        ("[works.a]\npreference = {use = 'allowed'}", "use is not known"),
        ("names = [", "cannot be read as TOML"),
        (b"\xff\xfe", "cannot be read as TOML"),
        ("a=" + "[" * 5000, "cannot be read as TOML"),
    ],
)
def test_what_does_not_fit_is_said_with_its_place(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        read_artist_toml(write(tmp_path, text))


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="at most 4,000,000 are read"):
        read_artist_toml(write(tmp_path, b"#" * 4_000_001))


@given(st.text(max_size=200))
def test_no_text_crashes(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        read_artist_toml(path)
    except ConfigError as error:
        assert str(path) in str(error)


@pytest.mark.parametrize(
    ("alias", "kind"),
    [
        ("@ash", "handle"),
        ("ashvarga", "handle"),
        ("Ash V", "alias"),
        ("ash v", "alias"),
        ("Аш", "native"),
        ("阿什", "native"),
    ],
)
def test_the_kind_is_guessed_from_the_letters(alias: str, kind: str) -> None:
    assert guess_kind(alias) == kind
