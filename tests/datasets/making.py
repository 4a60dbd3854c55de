"""Small training sets made by code, and short ways to list them."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

from PIL import Image

from auditor.checks.names import said_by_whole
from auditor.datasets.interface import LayoutOptions
from auditor.datasets.layouts.detect import ChosenLayout, choose
from auditor.model import Sample, Text
from auditor.names.interface import ListedName, NameMatch
from auditor.names.matcher import compile_matcher
from auditor.thresholds import DEFAULT

_PNG = io.BytesIO()
Image.new("RGB", (8, 6), (10, 20, 30)).save(_PNG, "PNG")
PNG = _PNG.getvalue()
"""A whole small picture."""


def write(root: Path, files: dict[str, str | bytes]) -> Path:
    """Write files below a folder: text as UTF-8, bytes as they are, `PNG` for pictures."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def chosen(path: Path, layout: str, **options: str) -> ChosenLayout:
    """The layout with `-L` options."""
    return choose(str(path), layout, LayoutOptions(options))


def listed(path: Path, layout: str, **options: str) -> list[Sample]:
    """Every sample and carrier."""
    return list(chosen(path, layout, **options).samples())


def pictures(path: Path, layout: str, **options: str) -> dict[str, Sample]:
    """Samples that are no carriers, by path; a path must come once."""
    found = [sample for sample in listed(path, layout, **options) if sample.kind != "carrier"]
    paths = [sample.path for sample in found]
    assert len(paths) == len(set(paths)), sorted(paths)
    return {sample.path: sample for sample in found}


def trained(path: Path, layout: str, **options: str) -> dict[str, list[str]]:
    """Path -> captions of what is trained on."""
    found = pictures(path, layout, **options)
    return {name: [c.text for c in sample.captions] for name, sample in found.items() if sample.trained}


def reasons(path: Path, layout: str, **options: str) -> dict[str, str | None]:
    """Path -> why it is left out."""
    return {name: s.reason for name, s in pictures(path, layout, **options).items() if not s.trained}


def texts(path: Path, layout: str, **options: str) -> list[Text]:
    """Every text that would be searched."""
    return [text for sample in listed(path, layout, **options) for text in sample.texts]


def values(path: Path, layout: str, **options: str) -> set[str]:
    """The values of every text that would be searched."""
    return {text.value for text in texts(path, layout, **options)}


def notes(path: Path, layout: str, **options: str) -> list[tuple[str, str]]:
    """(rule, message) of every note."""
    return [(n.rule, n.message) for sample in listed(path, layout, **options) for n in sample.notes]


def note_of(path: Path, layout: str, rule: str, **options: str) -> str:
    """The message of the only note of a rule."""
    found = [message for name, message in notes(path, layout, **options) if name == rule]
    assert len(found) == 1, found
    return found[0]


def tar(path: Path, members: list[tuple[str, bytes]]) -> Path:
    """A tar of regular members in order."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w") as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def safetensors(path: Path, metadata: dict[str, object], tensors: dict[str, object] | None = None) -> Path:
    """A model file: header, and a body that is shorter than a real one."""
    entry = {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}
    header = json.dumps({"__metadata__": metadata, **(tensors or {"lora_down.weight": entry})}).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(len(header).to_bytes(8, "little") + header + bytes(4))
    return path


def mentions(path: Path, layout: str, name: str, **options: str) -> list[tuple[str, str, bool]]:
    """(sample, source, trained) of every text in which the name engine finds the name; of a composed caption only
    what no part of it says as clearly, as the check reports it."""
    matcher = compile_matcher([ListedName("artist", name)])

    def found(text: Text) -> tuple[NameMatch, ...]:
        matches = tuple(matcher.find(text.value, text.kind))
        return said_by_whole(text, matches, matcher, DEFAULT.name_review) if text.seams and matches else matches

    return [
        (text.owner or sample.path, text.source, text.trained)
        for sample in listed(path, layout, **options)
        for text in sample.texts
        if any(match.score >= 0.8 for match in found(text))
    ]
