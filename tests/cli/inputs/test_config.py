from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.cli.inputs.config import KEYS, Config, find_config, load_config
from auditor.errors import ConfigError


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


FULL = """
index = ["indexes/demo", "/abs/other"]
layout = "kohya"
output = ["terminal", "json=report.json"]
fail-on = "medium"
waivers = "waivers.jsonl"
engine = "processes"
jobs = 2
names-only = false
thumbnails = true
require-signature = true
trust = ["keys/curator.pub", "SHA256:abc"]

[layout-options]
caption_extension = ".txt"
enable_wildcard = true
num_repeats = 4

[rules]
"copy.similar" = "high"
signal = "low"

[artists]
"mira-vale" = "medium"
"""


def test_a_full_file(tmp_path: Path) -> None:
    path = write(tmp_path / "auditor.toml", FULL)
    config = load_config(path)
    assert config.source == path
    assert config.index == (tmp_path / "indexes/demo", Path("/abs/other"))
    assert config.layout == "kohya"
    assert dict(config.layout_options) == {"caption_extension": ".txt", "enable_wildcard": "true", "num_repeats": "4"}
    assert config.output == ("terminal", "json=report.json")
    assert config.fail_on == "medium"
    assert config.waivers == tmp_path / "waivers.jsonl"
    assert (config.engine, config.jobs, config.names_only, config.thumbnails) == ("processes", 2, False, True)
    assert config.trust == (str(tmp_path / "keys/curator.pub"), "SHA256:abc")
    assert config.overrides.items() == (
        ("artist:mira-vale", "medium"),
        ("rule:copy.similar", "high"),
        ("rule:signal", "low"),
    )


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "auditor.toml", "")
    assert load_config(path) == Config(source=path)


def test_every_documented_key_is_known() -> None:
    assert {"index", "layout", "layout-options", "output", "fail-on", "waivers", "rules", "artists", "extend"} <= set(
        KEYS
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('fail_on = "high"', "Did you mean 'fail-on'"),
        ('fial-on = "high"', "Did you mean 'fail-on'"),
        ("xyzzy = 1", "Known are index"),
        ('fail-on = "low"', "one of none, medium, high"),
        ('[rules]\n"copy.exakt" = "low"', "Did you mean 'copy.exact'"),
        ('[rules]\n"copy.exact" = "off"', "rules.copy.exact should be one of high, medium, low"),
        ('[artists]\nmira = "none"', "artists.mira should be one of"),
        ("jobs = -1", "whole number"),
        ("jobs = true", "whole number"),
        ("index = 3", "index should be a text or a list"),
        ('index = ["", "a"]', "index should be"),
        ("layout = []", "layout should be text"),
        ("thumbnails = 1", "true or false"),
        ("rules = 1", "should be a table"),
        ("[layout-options]\na = []", "layout-options.a"),
        ("a = ", "not TOML"),
        ('extend = "missing.toml"', "missing.toml: cannot be read"),
        ('extend = "auditor.toml"', "extends itself"),
    ],
)
def test_what_is_off_is_said(tmp_path: Path, text: str, said: str) -> None:
    path = write(tmp_path / "auditor.toml", text)
    with pytest.raises(ConfigError, match=said):
        load_config(path)


def test_extending_builds_on_the_other_file(tmp_path: Path) -> None:
    write(tmp_path / "base/house.toml", 'index = ["lists"]\nfail-on = "high"\n[rules]\nsignal = "low"\nname = "low"')
    path = write(tmp_path / "auditor.toml", 'extend = "base/house.toml"\nfail-on = "medium"\n[rules]\nsignal = "high"')
    config = load_config(path)
    assert config.index == (tmp_path / "base" / "lists",)
    assert config.fail_on == "medium"
    assert dict(config.rules) == {"signal": "high", "name": "low"}
    assert config.source == path


def test_a_ring_of_files_is_an_error(tmp_path: Path) -> None:
    write(tmp_path / "a.toml", 'extend = "b.toml"')
    write(tmp_path / "b.toml", 'extend = "a.toml"')
    with pytest.raises(ConfigError, match="extends itself"):
        load_config(tmp_path / "a.toml")


def test_the_nearest_file_counts_alone(tmp_path: Path) -> None:
    write(tmp_path / "auditor.toml", 'layout = "flat"')
    inner = write(tmp_path / "a/pyproject.toml", '[tool.auditor]\nfail-on = "none"')
    (tmp_path / "a/b").mkdir()
    assert find_config(tmp_path / "a/b") == inner
    assert load_config(inner).layout is None
    assert load_config(inner).fail_on == "none"


def test_own_file_comes_before_pyproject(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", "[tool.auditor]\njobs = 1")
    own = write(tmp_path / "auditor.toml", "jobs = 2")
    assert find_config(tmp_path) == own


def test_a_pyproject_without_the_table_or_broken_is_passed_over(tmp_path: Path) -> None:
    outer = write(tmp_path / "auditor.toml", "jobs = 2")
    write(tmp_path / "a/pyproject.toml", "[tool.other]\nx = 1")
    write(tmp_path / "a/b/pyproject.toml", "broken = ")
    assert find_config(tmp_path / "a/b") == outer


def test_an_unknown_key_in_pyproject_is_an_error(tmp_path: Path) -> None:
    path = write(tmp_path / "pyproject.toml", "[tool.auditor]\njbos = 1\n[tool.other]\nx = 1")
    with pytest.raises(ConfigError, match="Did you mean 'jobs'"):
        load_config(path)


def test_no_file_at_all(tmp_path: Path) -> None:
    found = find_config(tmp_path)
    assert found is None or tmp_path not in found.parents


def test_an_enormous_or_binary_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "auditor.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="not TOML"):
        load_config(path)
    path.write_bytes(b"#" * 1_000_001)
    with pytest.raises(ConfigError, match="at most 1,000,000 are read"):
        load_config(path)


@given(st.text(max_size=200))
@settings(max_examples=100)
def test_any_text_is_a_configuration_or_a_clear_error(text: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "auditor.toml"
        path.write_text(text, encoding="utf-8", errors="surrogatepass", newline="")
        try:
            assert load_config(path).source == path
        except ConfigError as error:
            assert str(path) in str(error)
