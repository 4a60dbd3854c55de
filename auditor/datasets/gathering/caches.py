"""Latent and text-embedding caches: what a trainer would read instead of the pictures and captions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.datasets.reading import lora_header
from auditor.datasets.reading.carriers import carrier
from auditor.datasets.reading.kinds import split
from auditor.datasets.reading.listing import Folder
from auditor.model import Note, Sample, Text

_TEXT_CACHE = re.compile(r"(.+?)(?:_te_outputs|_(?:sd3|flux|lumina|hi|anima)_te|_te|_[a-z0-9]+_te)$")
_LATENTS = re.compile(r"(.+?)(?:_\d{2,5}x\d{2,5})?(?:_[a-z][a-z0-9]*)?(?:_flip)?$")
_SIZED = re.compile(r"(.+?)(?:_\d{2,5}(?:-\d{2,5})?)?_\d{2,5}x\d{2,5}(?:_[a-z0-9_]+)?$")


def samples(folder: Folder, names: list[str]) -> Iterator[Sample]:
    """One carrier for the caches beside their pictures, and a counted skip for latents without a picture."""
    if not names:
        return
    texts: list[Text] = []
    beside = 0
    for name in names:
        stem = split(name)[0]
        texts.append(Text(name, "file name", None, "file-name", False))
        if _TEXT_CACHE.fullmatch(stem) is not None or _has_picture(folder, stem):
            beside += 1
        elif name.endswith((".npz", ".safetensors")):
            yield _orphan(folder, name)
    where = folder.relative or "."
    notes: tuple[Note, ...] = ()
    if beside:
        message = (
            f"{where} holds {beside} caches of latents or text embeddings. A trainer that finds them uses them instead "
            "of the pictures and captions beside them, so what is trained may differ from what was audited."
        )
        notes = (Note("dataset.cache-outranks-files", message),)
    yield carrier(where, tuple(texts), notes)


def model_or_cache(folder: Folder, name: str, latents: list[str]) -> Iterator[Sample]:
    """The header of a `.safetensors` file; one that is a cache joins `latents`."""
    for sample in lora_header.samples(folder.at(name), folder.inside(name)):
        if sample.kind == "carrier":
            latents.append(name)
        yield sample


def _has_picture(folder: Folder, stem: str) -> bool:
    if stem in folder.picture_stems:
        return True
    for pattern in (_SIZED, _LATENTS):
        found = pattern.fullmatch(stem)
        if found is not None and found[1] in folder.picture_stems:
            return True
    return False


def _orphan(folder: Folder, name: str) -> Sample:
    path = folder.inside(name)
    message = f"{path} holds latents of a picture that is not in the folder; a trainer can train on it all the same."
    return Sample(
        path=path,
        payload=None,
        texts=(Text(name, "file name", None, "file-name", False),),
        role="other",
        trained=False,
        reason="latents of a picture that is not in the folder",
        notes=(Note("dataset.cache-outranks-files", message),),
        skip="latents-without-picture",
    )
