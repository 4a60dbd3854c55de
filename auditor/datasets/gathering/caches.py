"""Latent and text-embedding caches: what a trainer would read instead of the pictures and captions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from auditor.datasets.reading import listing, lora_header
from auditor.datasets.reading.carriers import carrier
from auditor.datasets.reading.kinds import split
from auditor.datasets.reading.listing import Folder, basename
from auditor.model import Note, Sample, Text

_TEXT_CACHE = re.compile(r"(.+?)(?:_te_outputs|_(?:sd3|flux|lumina|hi|anima)_te|_te|_[a-z0-9]+_te)$")
_LATENTS = re.compile(r"(.+?)(?:_\d{2,5}x\d{2,5})?(?:_[a-z][a-z0-9]*)?(?:_flip)?$")
_HASHED = re.compile(r"(.+?)_[A-Za-z0-9_=-]{6,}$")
CACHE_FOLDERS = frozenset({"_latent_cache", "_t_e_cache", "_clip_vision_cache", "cache"})
"""Folders in which trainers keep the caches of the pictures beside them."""
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
        else:
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
        elif sample.kind == "model" and _named_as_cache(folder, split(name)[0]):
            # Whatever its header says: a model of that name beside that picture is what a trainer takes for its cache.
            latents.append(name)
        yield sample


def _named_as_cache(folder: Folder, stem: str) -> bool:
    """Whether a file's name is that of a cache of a picture beside it: with the picture's size, or for its texts."""
    found = _SIZED.fullmatch(stem) or _TEXT_CACHE.fullmatch(stem)
    return found is not None and found[1] in folder.picture_stems


def _has_picture(folder: Folder, stem: str) -> bool:
    stems = folder.picture_stems
    if basename(folder.path).casefold() in CACHE_FOLDERS:
        stems |= listing.read(str(Path(folder.path).parent)).picture_stems
    candidates = [stem]
    for pattern in (_SIZED, _LATENTS, _HASHED):
        found = pattern.fullmatch(stem)
        if found is not None:
            candidates.append(found[1])
    return any(candidate in stems for candidate in candidates)


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
