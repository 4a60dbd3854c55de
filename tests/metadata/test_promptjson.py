"""Prompts in JSON of any shape."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.metadata import promptjson
from auditor.metadata.containers.budget import Budget


@pytest.mark.parametrize("text", ["", "words", "{", "[1,", "{'a': 1}", "12"])
def test_what_is_no_json_gives_none_in_silence(text: str) -> None:
    budget = Budget()
    assert promptjson.load(text, budget, "here") is None
    assert budget.notes == []


@pytest.mark.parametrize("text", ['{"a": 1}', '\ufeff {"a": 1}\0', '\n{"a": 1}\n', '{"a": NaN}'])
def test_json_is_read_around_what_writers_add(text: str) -> None:
    assert set(promptjson.load(text, Budget(), "here")) == {"a"}


@pytest.mark.parametrize(
    ("text", "reason"), [("[" * 20_000 + "]" * 20_000, "too-deep"), ("[" + "1," * 400_000 + "1]", "too-many")]
)
def test_json_beyond_the_bounds_leaves_a_note(text: str, reason: str) -> None:
    budget = Budget()
    assert promptjson.load(text, budget, "here") is None
    assert [note.reason for note in budget.notes] == [reason]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


def reference(value: Any) -> list[str]:
    """Every string value by plain recursion."""
    if isinstance(value, str):
        return [value]
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for child in children for text in reference(child)]


@given(JSON)
def test_every_string_is_given_in_order(value: Any) -> None:
    assert [text for _, text in promptjson.strings(value, Budget(), "here")] == reference(value)


@pytest.mark.parametrize(
    "key",
    ["negative", "negative_prompt", "negativePrompt", "Negative Prompt", "uc", "neg", "neg_prompt", "undesired_content",
     "full_negative_prompt", "v4_negative_prompt", "n_prompt", "text-neg"],
)  # fmt: skip
def test_keys_that_refuse(key: str) -> None:
    positive, negative = promptjson.read({"prompt": "wanted", "deep": {key: {"list": ["refused"]}}}, "here", Budget())
    assert [text.value for text in positive] == ["wanted"]
    assert [text.value for text in negative] == ["refused"]


@pytest.mark.parametrize("key", ["prompt", "negotiated", "lucid", "positive", "style", "energy", "truce"])
def test_keys_that_only_look_like_it(key: str) -> None:
    positive, negative = promptjson.read({key: "wanted"}, "here", Budget())
    assert ([text.value for text in positive], negative) == (["wanted"], [])
