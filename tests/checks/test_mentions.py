"""One grade for one evidence, wherever the name stands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from auditor.checks.mentions import REVIEW_ONLY, SAID, SAID_OF_FILE, Mention, around, best_of, grade, name_finding
from auditor.checks.names import RULE_OF_KIND
from auditor.model import Artist
from auditor.names.interface import NameMatch
from auditor.rules import BY_ID
from auditor.thresholds import DEFAULT, Thresholds
from tests.cli.inprocess import ok
from tests.index.samples import make_index, person
from tests.pictures import painting

NAME = "Aldebrand Quenzle"
TEXT = f"art by {NAME}"
PLACES = [*((rule, False) for rule in SAID), *((rule, True) for rule in SAID_OF_FILE)]
PREFERENCES = ("prohibited", "constrained")
CONDITION = "Use is allowed under conditions only."
SCORES = (0.5, 0.79, 0.8, 0.95, 1.0)


def mention(score: float, in_file: bool = False, trained: bool = True, value: str = TEXT) -> Mention:
    start = value.index(NAME)
    match = NameMatch("q", NAME, start, start + len(NAME), score, "exact", "It stands there.")
    return Mention(value, "a.txt", match, trained=trained, in_file=in_file)


def expected(rule: str, score: float, preference: str, block: float) -> str:
    """The rule of grading, said a second time."""
    return "high" if score >= block and preference == "prohibited" and rule != "name.metadata" else "medium"


@pytest.mark.parametrize(("rule", "in_file"), PLACES)
@pytest.mark.parametrize("preference", PREFERENCES)
@pytest.mark.parametrize("score", SCORES)
def test_the_grade_follows_from_score_and_listing_alone(
    rule: str, in_file: bool, preference: str, score: float
) -> None:
    artist = Artist("q", (NAME,), preference=preference, remarks=(CONDITION,))
    found = name_finding(rule, "a.png", None, mention(score, in_file), 0, artist, "demo", DEFAULT)
    assert found.severity == expected(rule, score, preference, DEFAULT.name_block)
    assert found.rule == rule
    assert found.remarks == (CONDITION,)
    assert NAME in found.message
    assert found.text is not None and found.text.value[found.text.start : found.text.end] == NAME


@given(
    st.sampled_from(PLACES),
    st.sampled_from(PREFERENCES),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_the_bound_that_grades_is_the_one_stated(
    place: tuple[str, bool], preference: str, score: float, block: float
) -> None:
    assert grade(place[0], score, preference, Thresholds(name_block=block)) == expected(
        place[0], score, preference, block
    )


def test_every_rule_that_says_a_name_is_known_and_rendered() -> None:
    assert set(SAID) >= set(RULE_OF_KIND.values())
    assert {*SAID, *SAID_OF_FILE} == {rule for rule in BY_ID if rule.startswith("name.")} | {
        "origin.ai-prompted-with-listed-name"
    }
    for rule in {*SAID, *SAID_OF_FILE}:
        assert BY_ID[rule].severity == ("medium" if rule in REVIEW_ONLY else "high")


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_what_is_trained_is_shown_before_what_scores_more(rows: list[tuple[float, bool]]) -> None:
    best = best_of([mention(score, trained=trained) for score, trained in rows])
    assert best.trained == any(trained for _, trained in rows)
    assert best.match.score == max(score for score, trained in rows if trained == best.trained)


@given(st.integers(0, 9_000), st.integers(0, 9_000))
def test_a_cut_text_still_holds_the_name_at_its_span(before: int, after: int) -> None:
    value = "x" * before + NAME + "y" * after
    cut, start, end = around(value, before, before + len(NAME))
    assert cut[start:end] == NAME
    assert cut in value
    assert len(cut) <= 4_000


def made_set(folder: Path) -> None:
    """The same name once beside a picture, once in the prompt that made one, once in a file's credit."""
    folder.mkdir()
    painting(1).save(folder / "caption.png")
    (folder / "caption.txt").write_text(TEXT, encoding="utf-8")
    prompt = PngInfo()
    prompt.add_text("parameters", f"{TEXT}\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512")
    painting(2).save(folder / "prompt.png", pnginfo=prompt)
    exif = Image.Exif()
    exif[0x013B] = TEXT  # Artist
    painting(3).save(folder / "credit.jpg", exif=exif)


@pytest.mark.parametrize(("preference", "severity"), [("prohibited", "high"), ("constrained", "medium")])
def test_caption_prompt_and_credit_get_one_grade_in_a_real_scan(tmp_path: Path, preference: str, severity: str) -> None:
    make_index(tmp_path / "index", [person(name=NAME, preference=preference)], [])
    made_set(tmp_path / "set")
    words = ("scan", "set", "--index", "index", "--engine", "serial", "--no-cache", "-o", "json=r.json")
    ok(tmp_path, *words, code=1 if severity == "high" else 0)
    findings = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["findings"]
    named = {(row["sample"], row["rule"]): row for row in findings if row["rule"] != "origin.ai-output"}
    assert set(named) == {
        ("caption.png", "name.caption"),
        ("prompt.png", "origin.ai-prompted-with-listed-name"),
        ("credit.jpg", "name.creator"),
    }
    assert {row["severity"] for row in named.values()} == {severity}
    assert len({tuple(row.get("remarks", ())) for row in named.values()}) == 1
