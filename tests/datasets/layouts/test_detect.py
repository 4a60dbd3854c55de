"""What `auto` chooses, and that it says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.datasets.interface import LayoutOptions
from auditor.datasets.layouts.detect import choose
from auditor.errors import DatasetError, UsageError
from tests.pictures import encoded, painting

PICTURE = encoded(painting(1, (64, 48)))


def lay(root: Path, *names: str) -> str:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(PICTURE if path.suffix == ".png" else b"by greg")
    return str(root)


def captions(root: str, **values: str) -> dict[str, list[str]]:
    chosen = choose(root, "auto", LayoutOptions(values))
    return {s.path: [c.text for c in s.captions] for s in chosen.samples() if s.kind == "picture"}


def test_repeat_folders_are_kohya(tmp_path: Path) -> None:
    chosen = choose(lay(tmp_path, "10_x/a.png"), "auto", LayoutOptions())
    assert chosen.name == "kohya"
    assert "named with repeats" in chosen.explanation


def test_text_captions_are_read_where_there_are_no_others(tmp_path: Path) -> None:
    root = lay(tmp_path, "10_x/a.png", "10_x/a.txt")
    assert captions(root) == {"10_x/a.png": ["by greg"]}
    chosen = choose(root, "auto", LayoutOptions())
    assert chosen.options.values == {"caption_extension": ".txt"}
    assert ".txt" in chosen.explanation


def test_the_trainers_default_holds_where_its_files_are_there_or_the_user_says_so(tmp_path: Path) -> None:
    root = lay(tmp_path / "both", "10_x/a.png", "10_x/a.txt", "10_x/a.caption")
    assert choose(root, "auto", LayoutOptions()).options.values == {}
    root = lay(tmp_path / "said", "10_x/a.png", "10_x/a.txt")
    assert captions(root, caption_extension=".caption") == {"10_x/a.png": ["x"]}
    named = choose(root, "kohya", LayoutOptions())
    assert [c.text for s in named.samples() if s.kind == "picture" for c in s.captions] == ["x"]


def test_loose_pictures_are_read_whatever_the_trainer(tmp_path: Path) -> None:
    chosen = choose(lay(tmp_path, "a.png", "a.txt"), "auto", LayoutOptions())
    texts = [text.value for sample in chosen.samples() for text in sample.texts]
    assert "by greg" in texts
    assert chosen.explanation


@pytest.mark.parametrize(("name", "error"), [("kohyaa", UsageError), ("auto", DatasetError)])
def test_errors_say_what_to_do(tmp_path: Path, name: str, error: type[Exception]) -> None:
    with pytest.raises(error, match=r"Did you mean 'kohya'|Check the path"):
        choose(str(tmp_path / "nowhere"), name, LayoutOptions())


def test_an_unknown_option_is_an_error_with_a_suggestion(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="caption_extension"):
        choose(lay(tmp_path, "a.png"), "kohya", LayoutOptions({"caption_extensoin": ".txt"}))


@pytest.mark.parametrize("name", ["deep/b.png", ".b.png", "b.zip"])
def test_what_trainers_read_differently_gives_the_union(tmp_path: Path, name: str) -> None:
    chosen = choose(lay(tmp_path, "a.png", name), "auto", LayoutOptions())
    assert chosen.name == "union"
    assert "differently" in chosen.explanation and "--layout" in chosen.explanation


def test_several_layouts_that_fit_are_named(tmp_path: Path) -> None:
    root = lay(tmp_path, "3_x/a.png", "metadata.csv")
    chosen = choose(root, "auto", LayoutOptions())
    assert chosen.name == "union"
    assert "'kohya'" in chosen.explanation and "'imagefolder'" in chosen.explanation


@pytest.mark.parametrize(("name", "text"), [("x.toml", "a = = 1"), ("x.json", '{"a" 1}'), ("x.yaml", "a: *x")])
def test_a_damaged_configuration_says_where(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError, match=r"line 1, column \d"):
        choose(str(tmp_path / name), "auto", LayoutOptions())
