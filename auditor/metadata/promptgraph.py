"""Prompts in node graphs (ComfyUI): the API form and the workflow form.

Any node may hold text, custom ones too, so every string is read. A node counts as negative where it is reached
only over inputs called "negative"; everything else may have shaped the picture and is reported as `prompt graph`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.metadata.containers.budget import Budget
from auditor.metadata.parameters import Prompts
from auditor.metadata.promptjson import NEGATIVE_KEY, is_text, strings
from auditor.metadata.values import MetadataText

NODE_LIMIT = 20_000
SUBGRAPH_LIMIT = 200
_NOT_TEXT = frozenset(("inputs", "outputs", "type", "id", "properties"))
Edge = tuple[str, str, bool]
"""(from node, to node that consumes it, over a negative input)"""


@dataclass(frozen=True, slots=True)
class Node:
    """One node of a graph."""

    name: str
    """Class and id, as findings show it."""
    content: Any
    """What its strings are read from: input values, or widget values."""
    title: str = ""


Graph = tuple[dict[str, Node], list[Edge]]


def is_link(value: Any) -> bool:
    """Say whether an input value is a link: [node id, output slot]."""
    return isinstance(value, list) and len(value) == 2 and isinstance(value[0], str | int) and isinstance(value[1], int)


def api_graph(value: Any) -> Graph | None:
    """Read the API form: {id: {class_type, inputs}}; None where it is not that."""
    if not isinstance(value, Mapping) or not value or len(value) > NODE_LIMIT:
        return None
    found = {str(key): item for key, item in value.items() if isinstance(item, Mapping) and "class_type" in item}
    if not found:
        return None
    nodes: dict[str, Node] = {}
    edges: list[Edge] = []
    for identity, item in found.items():
        inputs = item.get("inputs")
        inputs = inputs if isinstance(inputs, Mapping) else {}
        meta = item.get("_meta")
        title = str(meta.get("title", "")) if isinstance(meta, Mapping) else ""
        values = {key: inner for key, inner in inputs.items() if not is_link(inner)}
        nodes[identity] = Node(f"{item['class_type']} {identity}", values, title)
        for key, inner in inputs.items():
            if is_link(inner):
                edges.append((str(inner[0]), identity, bool(NEGATIVE_KEY.search(str(key)))))
    return nodes, edges


def workflow_graph(value: Any) -> Graph | None:
    """Read the workflow form: {nodes: [...], links: [[id, from, slot, to, slot, type]]}; None where it is not that.

    Subgraphs (`definitions.subgraphs`) are read as further parts; InvokeAI's `edges` count as links.
    """
    if not isinstance(value, Mapping) or not _is_node_list(value.get("nodes")):
        return None
    nodes: dict[str, Node] = {}
    edges: list[Edge] = []
    for number, part in enumerate([value, *_subgraphs(value)]):
        prefix = f"{number}:" if number else ""
        _add_part(part, prefix, nodes, edges)
    return nodes, edges


def _is_node_list(items: Any) -> bool:
    return isinstance(items, list) and len(items) <= NODE_LIMIT and all(isinstance(item, Mapping) for item in items)


def _subgraphs(value: Mapping[Any, Any]) -> list[Mapping[Any, Any]]:
    definitions = value.get("definitions")
    parts = definitions.get("subgraphs") if isinstance(definitions, Mapping) else None
    found = [part for part in parts if isinstance(part, Mapping)] if isinstance(parts, list) else []
    return [part for part in found[:SUBGRAPH_LIMIT] if _is_node_list(part.get("nodes"))]


def _add_part(part: Mapping[Any, Any], prefix: str, nodes: dict[str, Node], edges: list[Edge]) -> None:
    """Add the nodes and edges of one graph, under a prefix that keeps its ids apart."""
    input_of_link: dict[str, str] = {}
    for item in part["nodes"]:
        data = item.get("data")
        label = str(item.get("title") or (data.get("label", "") if isinstance(data, Mapping) else ""))
        content = {key: inner for key, inner in item.items() if key not in _NOT_TEXT}
        nodes[prefix + str(item.get("id"))] = Node(f"{item.get('type')} {prefix}{item.get('id')}", content, label)
        slots = item.get("inputs")
        for slot in slots if isinstance(slots, list) else ():
            if isinstance(slot, Mapping):
                input_of_link[str(slot.get("link"))] = str(slot.get("name", ""))
    for origin, consumer, name in _links(part, input_of_link):
        edges.append((prefix + origin, prefix + consumer, bool(NEGATIVE_KEY.search(name))))


def _links(part: Mapping[Any, Any], names: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield (from node, to node, name of the input) of every link, in each of the three forms they are written in."""
    for key in ("links", "edges"):
        items = part.get(key)
        for link in items if isinstance(items, list) else ():
            if isinstance(link, list) and len(link) >= 5:
                yield str(link[1]), str(link[3]), names.get(str(link[0]), "")
            elif isinstance(link, Mapping) and "origin_id" in link:
                yield str(link["origin_id"]), str(link.get("target_id")), names.get(str(link.get("id")), "")
            elif isinstance(link, Mapping) and "source" in link:
                yield str(link["source"]), str(link.get("target")), str(link.get("targetHandle", ""))


def _reach(starts: set[str], edges: list[Edge], over_negative: bool) -> set[str]:
    sources: dict[str, list[str]] = {}
    for origin, consumer, negative in edges:
        if over_negative or not negative:
            sources.setdefault(consumer, []).append(origin)
    reached, waiting = set(starts), list(starts)
    while waiting:
        for origin in sources.get(waiting.pop(), ()):
            if origin not in reached:
                reached.add(origin)
                waiting.append(origin)
    return reached


def negative_nodes(nodes: dict[str, Node], edges: list[Edge]) -> set[str]:
    """Return the nodes that are reached over negative inputs only."""
    consumed = {origin for origin, _, _ in edges}
    ends = set(nodes) - consumed
    positive = _reach(ends, edges, over_negative=False)
    negative = _reach({origin for origin, _, is_negative in edges if is_negative}, edges, over_negative=True)
    titled = {key for key, node in nodes.items() if NEGATIVE_KEY.search(node.title) and key not in ends}
    return (negative - positive) | titled


def read(graph: Graph, source: str, budget: Budget) -> Prompts:
    """Return the texts of a graph."""
    nodes, edges = graph
    excluded = negative_nodes(nodes, edges)
    positive: list[MetadataText] = []
    negative: list[MetadataText] = []
    for identity, node in nodes.items():
        for path, text in strings(node.content, budget, source):
            if not is_text(text):
                continue
            place = f"{source}, prompt graph, node {node.name}"[:300]
            below = identity in excluded or any(NEGATIVE_KEY.search(key) for key in path)
            (negative if below else positive).append(MetadataText(text, place, "generation"))
    return positive, negative
