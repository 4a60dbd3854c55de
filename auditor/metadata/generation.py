"""Who generated a picture, and what was asked for: every text field is looked at, whatever its name.

Layouts were taken from the writers' own documentation and output: A1111 and Forge, ComfyUI, InvokeAI (three ages),
NovelAI, Fooocus, SwarmUI, Draw Things, Midjourney, Easy Diffusion; unknown writers of prompts as JSON or under a
key called `prompt` are read as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from auditor.metadata import parameters, promptgraph, promptjson
from auditor.metadata.containers.budget import Budget
from auditor.metadata.parameters import Prompts
from auditor.metadata.values import Field, Generation, MetadataText, TextKind

UNNAMED = "unnamed generator"
_PREFIX = re.compile(r"\s*([A-Za-z_]\w{0,40})\s*:\s*(?=[{\[])")
_JOB = re.compile(r"\bJob ID:\s*[0-9a-f][0-9a-f-]{5,}", re.IGNORECASE)
_EASY_COMPANIONS = {"use_stable_diffusion_model", "num_inference_steps", "guidance_scale", "negative_prompt", "seed"}
_SOFTWARE_KEYS = {"software", "creatortool", "make", "source", "aisystemused", "credit", "generator", "model"}
_SOFTWARE = re.compile(
    r"\b(novelai|stable[ -]?diffusion|comfyui|invoke ?ai|fooocus|swarmui|draw things|midjourney|dall[·-]?e|firefly|"
    r"black forest labs|imagen|made with google ai|leonardo\.ai|ideogram|easy diffusion|automatic1111|sd\.next|"
    r"diffusionbee|krea\b|playground ai|recraft)",
    re.IGNORECASE,
)
_KEY_KINDS: dict[str, TextKind] = {
    **dict.fromkeys(("author", "artist", "creator", "by-line", "photographer", "credit"), "creator"),
    **dict.fromkeys(("copyright", "license", "licence", "disclaimer", "warning", "rights", "usage"), "rights"),
    **dict.fromkeys(("title", "description", "comment", "caption", "keywords", "subject", "label"), "description"),
}


@dataclass(slots=True)
class _Harvest:
    """What was found so far."""

    budget: Budget
    keys: frozenset[str]
    novelai: bool
    fooocus: bool
    writers: list[str] = field(default_factory=list)
    positive: list[MetadataText] = field(default_factory=list)
    negative: list[MetadataText] = field(default_factory=list)
    rest: list[MetadataText] = field(default_factory=list)

    def add(self, writer: str, prompts: Prompts) -> bool:
        if writer not in self.writers:
            self.writers.append(writer)
        self.positive += prompts[0]
        self.negative += prompts[1]
        return True


def _json_writer(key: str, value: Mapping[Any, Any], harvest: _Harvest, carrier: str) -> str | None:
    """Name the writer of a JSON object by its keys; None where it has no sign of a prompt."""
    if "sui_image_params" in value:
        return "SwarmUI"
    if key in ("invokeai_metadata", "sd-metadata", "invokeai_workflow", "invokeai_graph"):
        return "InvokeAI"
    if "v4_prompt" in value or "signed_hash" in value or (harvest.novelai and "uc" in value):
        return "NovelAI"
    if harvest.fooocus or "full_prompt" in value or "metadata_scheme" in value:
        return "Fooocus"
    if carrier == "XMP" and "c" in value and ("uc" in value or "sampler" in value):
        return "Draw Things"
    if _EASY_COMPANIONS & set(value) and "use_stable_diffusion_model" in value:
        return "Easy Diffusion"
    return UNNAMED if promptjson.has_prompt(value) else None


def _from_json(item: Field, harvest: _Harvest) -> bool:
    prefix = _PREFIX.match(item.value)
    key = (prefix.group(1) if prefix else item.key).casefold()
    value = promptjson.load(item.value[prefix.end() :] if prefix else item.value, harvest.budget, item.source)
    if not isinstance(value, Mapping | list):
        return False
    graph = promptgraph.api_graph(value) or promptgraph.workflow_graph(value)
    if graph is not None:
        writer = "InvokeAI" if key.startswith("invokeai") else "ComfyUI"
        return harvest.add(writer, promptgraph.read(graph, item.source, harvest.budget))
    if isinstance(value, list):
        return False
    comment = value.get("Comment")
    if isinstance(comment, str) and _from_json(Field(item.carrier, f"{item.key} Comment", comment), harvest):
        # The whole set of text chunks in one object, as stealth PNG info holds it.
        outer = {inner_key: inner for inner_key, inner in value.items() if inner_key != "Comment"}
        return harvest.add(harvest.writers[-1], promptjson.read(outer, item.source, harvest.budget))
    if isinstance(inner := value.get("parameters"), str) and parameters.looks_like(inner):
        return harvest.add("A1111", parameters.read(Field(item.carrier, f"{item.key} parameters", inner)))
    named = _json_writer(key, value, harvest, item.carrier)
    if named is None:
        return False
    reader = parameters.bracketed if key == "sd-metadata" else None
    return harvest.add(named, promptjson.read(value, item.source, harvest.budget, reader))


def _from_text(item: Field, harvest: _Harvest) -> bool:
    key = item.key.casefold()
    if parameters.looks_like(item.value):
        draw_things = item.carrier == "XMP"
        writer = "Fooocus" if harvest.fooocus else "Draw Things" if draw_things else "A1111"
        return harvest.add(writer, parameters.read(item, draw_things))
    if _JOB.search(item.value):
        return harvest.add("Midjourney", parameters.midjourney(item))
    if key == "dream":
        return harvest.add("InvokeAI", parameters.bracketed(item.value, item.source))
    if key == "parameters":
        return harvest.add("Fooocus" if harvest.fooocus else "A1111", _as_prompt(item))
    if key == "description" and harvest.novelai:
        return harvest.add("NovelAI", _as_prompt(item))
    plain = key.rpartition(":")[2].replace("_", " ").strip()
    if plain in ("prompt", "positive prompt", "original prompt", "full prompt", "aipromptinformation"):
        return harvest.add("Easy Diffusion" if harvest.keys & _EASY_COMPANIONS else UNNAMED, _as_prompt(item))
    if plain in ("negative prompt", "uc", "negative"):
        harvest.negative.append(MetadataText(item.value, item.source, "generation"))
        return True
    return False


def _as_prompt(item: Field) -> Prompts:
    return [MetadataText(item.value, item.source, "generation")], []


def _software(item: Field, harvest: _Harvest) -> None:
    """Take a program's name as a sign of a generator."""
    key = item.key.rpartition(":")[2].casefold()
    found = _SOFTWARE.search(item.value) if key in _SOFTWARE_KEYS and len(item.value) < 500 else None
    if found is None and key == "aisystemused":
        harvest.add(item.value[:80], ([], []))
    elif found is not None:
        name = found.group(1)
        if not any(name.casefold() in writer.casefold() for writer in harvest.writers):
            harvest.add(name, ([], []))


def harvest_fields(fields: Iterable[Field], budget: Budget) -> tuple[Generation, tuple[MetadataText, ...]]:
    """Sort text fields into generation metadata and the rest (creators, rights, descriptions, other).

    Never raises; order of the fields does not matter for what is found.
    """
    items = [item for item in dict.fromkeys(fields) if item.value.strip()]
    keys = frozenset(item.key.casefold() for item in items)
    everything = [item.value[:200].casefold() for item in items if item.key.casefold() in ("software", "title")]
    fooocus = "fooocus_scheme" in keys or any("fooocus" in text for text in everything)
    novelai = any("novelai" in text for text in everything)
    harvest = _Harvest(budget, keys, novelai, fooocus)
    for item in items:
        if not (_from_json(item, harvest) or _from_text(item, harvest)):
            _software(item, harvest)
            kind = item.kind if item.kind != "other" else _KEY_KINDS.get(item.key.casefold(), "other")
            harvest.rest.append(MetadataText(item.value, item.source, kind))
    refused = {text.value.strip() for text in harvest.negative}
    # A workflow form has no input names for its widgets: what the API form knows as negative is negative there too.
    positive = [text for text in harvest.positive if text.value.strip() not in refused]
    rest = tuple(dict.fromkeys(harvest.rest))
    if harvest.writers:
        # Fields under unknown keys beside a generator's own are the generator's too.
        positive += [text for text in rest if text.kind == "other" and promptjson.is_text(text.value)]
        rest = tuple(text for text in rest if text.kind != "other")
    generation = Generation(
        tuple(harvest.writers), tuple(dict.fromkeys(positive)), tuple(dict.fromkeys(harvest.negative))
    )
    return generation, rest
