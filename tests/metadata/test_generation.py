"""Every generator's layout: the writer is recognised, the prompts are told apart."""

from __future__ import annotations

import json

import pytest

from auditor.metadata.containers.budget import Budget
from auditor.metadata.generation import harvest_fields
from auditor.metadata.read import read_metadata
from auditor.metadata.values import Field
from tests.metadata.material import making, writers

NAME = "Aldebrand Quenzle"
POSITIVE = [f"a harbour at dawn, art by {NAME}, oil", "caf\u00e9 \u2014 港の朝, by " + NAME]


@pytest.mark.parametrize("positive", POSITIVE)
@pytest.mark.parametrize("name", writers.WRITERS)
def test_the_prompt_is_found_and_its_writer_named(name: str, positive: str) -> None:
    expected, write = writers.WRITERS[name]
    generation = read_metadata(write(positive, "blurry, lowres")).generation
    assert generation.is_ai
    assert expected in generation.writers
    assert any(NAME in (text.value if text.searched is None else text.searched) for text in generation.positive)
    assert not any("blurry" in (text.value if text.searched is None else text.searched) for text in generation.positive)


@pytest.mark.parametrize("name", writers.WRITERS)
def test_a_name_in_the_negative_prompt_alone_is_no_positive_text(name: str) -> None:
    _, write = writers.WRITERS[name]
    metadata = read_metadata(write("a harbour at dawn", f"blurry, {NAME}"))
    texts = [text.value if text.searched is None else text.searched for text in metadata.generation.positive]
    assert not any(NAME in text for text in texts)
    assert not any(NAME in text.value for text in metadata.texts)
    if name != "iptc-prompt":
        assert any(NAME in text.value for text in metadata.generation.negative)


@pytest.mark.parametrize("name", writers.WRITERS)
def test_what_is_searched_lines_up_with_what_the_field_holds(name: str) -> None:
    for text in read_metadata(writers.WRITERS[name][1](POSITIVE[0], "blurry")).generation.positive:
        assert text.searched is None or len(text.searched) == len(text.value)


def test_a_camera_picture_is_no_ai_output() -> None:
    block = making.exif_block({0x010F: (2, b"Canon\0"), 0x0110: (2, b"EOS R5\0"), 0x0131: (2, b"GIMP 2.10\0")})
    generation = read_metadata(making.jpeg_exif(block)).generation
    assert not generation.is_ai
    assert generation.positive == ()


@pytest.mark.parametrize(
    "value",
    ['{"a": 1}', "[1, 2]", "{broken", "Created with GIMP", json.dumps({"author": "x"}), "Shot in 3 steps: fun"],
)
def test_ordinary_comments_are_no_prompt(value: str) -> None:
    assert not read_metadata(making.png(making.text("Comment", value))).generation.is_ai


def test_unknown_fields_beside_a_generators_own_are_searched_too() -> None:
    data = making.png(
        making.text("parameters", writers.a1111_text("a house", "blurry")), making.text("style_preset", NAME)
    )
    assert any(text.value == NAME for text in read_metadata(data).generation.positive)


def test_a_generator_in_the_software_field_is_enough() -> None:
    assert read_metadata(making.png(making.text("Software", "DALL-E 3"))).generation.writers == ("DALL-E",)


def test_every_string_of_a_prompt_graph_says_its_node() -> None:
    found = read_metadata(writers.comfy_png(POSITIVE[0], "blurry")).generation.positive
    assert any("prompt graph, node CLIPTextEncode 6" in text.source for text in found)


def test_a_prompt_graph_that_runs_in_a_circle_ends() -> None:
    graph = {str(n): {"class_type": "X", "inputs": {"negative": [str((n + 1) % 50), 0], "t": NAME}} for n in range(50)}
    generation, _ = harvest_fields((Field("PNG", "prompt", json.dumps(graph)),), Budget())
    assert generation.writers == ("ComfyUI",)


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_fields_does_not_matter(order: int) -> None:
    fields = [
        Field("PNG", "Comment", '{"prompt": "p one", "uc": "n"}'),
        Field("PNG", "Software", "NovelAI"),
        Field("PNG", "Description", "p one"),
    ][::order]
    generation, _ = harvest_fields(fields, Budget())
    assert generation.writers == ("NovelAI",)
    assert {text.source for text in generation.positive} >= {"PNG Description", "PNG Comment, prompt"}
