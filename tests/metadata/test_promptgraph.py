"""Which nodes of a graph asked for something, and which only kept something out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.metadata.containers.budget import Budget
from auditor.metadata.promptgraph import api_graph, negative_nodes, read, workflow_graph


def node(kind: str = "X", **inputs: Any) -> dict[str, Any]:
    return {"class_type": kind, "inputs": inputs}


def texts(value: dict[str, Any]) -> tuple[set[str], set[str]]:
    graph = api_graph(value) or workflow_graph(value)
    assert graph is not None
    positive, negative = read(graph, "PNG prompt", Budget())
    return {text.value for text in positive}, {text.value for text in negative}


def test_a_node_between_prompt_and_sampler_is_followed() -> None:
    value = {
        "1": node(text="wanted"),
        "2": node(text="refused"),
        "3": node(a=["1", 0]),
        "4": node(a=["2", 0]),
        "5": node(positive=["3", 0], negative=["4", 0]),
    }
    assert texts(value) == ({"wanted"}, {"refused"})


def test_a_node_on_both_sides_counts_as_wanted() -> None:
    value = {"1": node(text="shared"), "2": node(positive=["1", 0], negative=["3", 0]), "3": node(a=["1", 0])}
    assert texts(value) == ({"shared"}, set())


def test_a_node_that_nothing_uses_counts_as_wanted() -> None:
    assert texts({"1": node(text="a note"), "2": node(b="other")}) == ({"a note", "other"}, set())


def test_widgets_called_negative_are_refused_wherever_they_stand() -> None:
    value = {"1": node(positive="wanted", negative="one", text_neg="two", negative_prompt="three", neg="four")}
    assert texts(value) == ({"wanted"}, {"one", "two", "three", "four"})


def test_a_title_says_what_a_node_without_names_is() -> None:
    value = {"1": {**node(text="refused"), "_meta": {"title": "Negative Prompt"}}, "2": node(conditioning=["1", 0])}
    assert texts(value) == (set(), {"refused"})


def test_numbers_links_and_packed_data_are_no_texts() -> None:
    value = {"1": node(seed=3, on=True, image="A" * 500, link=["2", 0], empty="", n="12 34"), "2": node(t="words")}
    assert texts(value) == ({"words"}, set())


@pytest.mark.parametrize("value", [None, [], {}, {"a": 1}, {"nodes": 3}, {"nodes": [1]}, {"1": {"inputs": {}}}, "x"])
def test_other_values_are_no_graph(value: Any) -> None:
    assert api_graph(value) is None
    assert workflow_graph(value) is None


@pytest.mark.parametrize(
    "value",
    [
        {"nodes": [{"id": 1, "inputs": 3}], "links": 7},
        {"nodes": [{"id": None, "inputs": [1, None, {"link": 5}]}], "links": [[1], [1, 2, 3, 4, 5], {"origin_id": 1}]},
        {"nodes": [], "definitions": {"subgraphs": [1, {"nodes": 2}, {"nodes": [{}]}]}},
        {"nodes": [{"data": 5}], "edges": [{"source": "a"}, 4]},
    ],
)
def test_damaged_workflows_are_read_as_far_as_they_go(value: Any) -> None:
    graph = workflow_graph(value)
    assert graph is not None
    read(graph, "test", Budget())


EDGES = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef"), st.booleans()), max_size=15)


@given(EDGES)
def test_a_node_next_to_an_end_over_a_plain_input_is_never_refused(edges: list[tuple[str, str, bool]]) -> None:
    value: dict[str, Any] = {name: node() for name in "abcdef"}
    for number, (origin, consumer, negative) in enumerate(edges):
        value[consumer]["inputs"][f"negative{number}" if negative else f"x{number}"] = [origin, 0]
    graph = api_graph(json.loads(json.dumps(value)))
    assert graph is not None
    refused = negative_nodes(*graph)
    ends = set("abcdef") - {origin for origin, _, _ in edges}
    assert not refused & ends
    assert not refused & {origin for origin, consumer, negative in edges if not negative and consumer in ends}
