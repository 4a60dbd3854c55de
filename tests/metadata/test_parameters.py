"""A1111's text layout, Midjourney's flags, early InvokeAI's brackets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.metadata import parameters
from auditor.metadata.values import Field


@pytest.mark.parametrize(
    ("text", "positive", "negative"),
    [
        ("a\nb\nNegative prompt: c\nd\nSteps: 20, Size: 1x1", "a\nb", "c\nd"),
        ("a\nSteps: 20, Size: 1x1", "a", ""),
        ("a\nNegative prompt: c", "a", "c"),
        ("Negative prompt: c\nSteps: 1", "", "c"),
        ("Steps: 3 to a better life\nmore\nSteps: 20, Size: 1x1", "Steps: 3 to a better life\nmore", ""),
        ("a", "a", ""),
        ("", "", ""),
    ],
)
def test_the_parts_of_a_text(text: str, positive: str, negative: str) -> None:
    assert parameters.split(text)[:2] == (positive, negative)


@given(st.text(), st.text())
def test_the_positive_part_is_a_prefix_so_spans_stay_true(before: str, after: str) -> None:
    text = f"{before}\nNegative prompt: {after}"
    positive, _, settings = parameters.split(text)
    assert text.startswith(positive)
    assert text.endswith(settings)


def test_prompts_inside_the_settings_are_sorted() -> None:
    value = (
        'x\nSteps: 2, Hires prompt: "a, \\"b\\"", ADetailer negative prompt: c, Lora hashes: "n: 1f", Model: m, Seed: 3'
    )
    positive, negative = parameters.read(Field("PNG", "parameters", value))
    assert [(text.value, text.source) for text in positive] == [
        ("x", "PNG parameters"),
        ('a, "b"', "PNG parameters, Hires prompt"),
        ("n: 1f", "PNG parameters, Lora hashes"),
        ("m", "PNG parameters, Model"),
    ]
    assert [text.value for text in negative] == ["c"]


@pytest.mark.parametrize(
    ("value", "kept", "gone"),
    [
        ("a --no b c --v 6 Job ID: x", ["a", "--v 6"], ["b c"]),
        ("a --no b Job ID: x", ["a", "Job ID"], [" b "]),
        ("a --no b", ["a"], ["b"]),
        ("a --noise 3", ["--noise 3"], []),
    ],
)
def test_midjourney_exclusions_are_blanked_in_place(value: str, kept: list[str], gone: list[str]) -> None:
    ((found,), _) = parameters.midjourney(Field("PNG", "Description", value))
    assert found.value == value
    assert found.searched is not None and len(found.searched) == len(value)
    assert all(part in found.searched for part in kept)
    assert not any(part in found.searched for part in gone)


@given(st.text(alphabet="ab[] "))
def test_bracketed_text_keeps_its_length(value: str) -> None:
    ((found,), negative) = parameters.bracketed(value, "PNG Dream")
    assert found.searched is not None and len(found.searched) == len(value)
    assert all(text.value.startswith("[") for text in negative)
