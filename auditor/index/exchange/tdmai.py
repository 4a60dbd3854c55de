"""Declarations by ISCC: TDM·AI `{version, iscc, intent, all|train-ai|train-genai|ai-use|search}` with "true" for
allowed and "false" for reserved, and TDMRep `{iscc, tdm-reservation, tdm-policy}`.

`train-genai` inherits from `train-ai`, and that from `all`. Source: docs.tdmai.org, "JSON Format for Usage
Declarations" and "JSON Format for TDMrep Declarations". Codes are taken apart by `iscc_lib` (extra [iscc]); only the
64 bits of the Image-Code are kept. So few bits are weak evidence: a match asks for review.
"""

from __future__ import annotations

import base64
import json
from typing import Any, BinaryIO, TextIO

from auditor.imaging.iscc import HEADER, code_of_text, text_of
from auditor.index.exchange.interface import Dropped, ReadOptions, WriteOptions
from auditor.index.exchange.jsontext import json_objects
from auditor.index.exchange.listed import count_left
from auditor.index.exchange.sink import Sink
from auditor.index.format.identity import work_id
from auditor.index.format.schema import Preferences, WorkRecord
from auditor.index.opening.store import Index
from auditor.support.extras import require

_INTENTS = ("activate", "update", "supersede")
_KNOWN = {
    "version", "iscc", "intent", "all", "train-ai", "train-genai", "ai-use", "search", "policy", "tdm-reservation",
    "tdm-policy",
}  # fmt: skip
_WORD = {"prohibited": "false", "allowed": "true"}


def read(stream: BinaryIO, sink: Sink, options: ReadOptions) -> None:
    """A work for each Image-Code; a later `update` or `supersede` replaces the earlier declaration of the code."""
    require("iscc_lib")
    artist = sink.named_artist(options.artist)
    declared: dict[str, tuple[WorkRecord, int]] = {}
    for line, item in json_objects(stream, sink):
        code = _image_code(item, line, sink)
        if code is None:
            sink.drop("declarations for codes without an Image-Code")
            continue
        said = _preferences(item, line, sink)
        for key in item.keys() - _KNOWN:
            sink.drop(f"values of {key[:40]!r}")
        if "search" in item:
            sink.drop("statements about search")
        if said.generative_training is None:
            sink.drop("declarations that say nothing of training")
            continue
        if code in declared and item.get("intent", "activate") == "activate":
            raise sink.fail(line, f"{code} is declared already in line {declared[code][1]:,}; an update says so.")
        policy = _text(item.get("policy", item.get("tdm-policy")), "policy", line, sink)
        identity = work_id(code_of_text(code) + b"iscc")
        declared[code] = (WorkRecord(identity, artist, iscc=code, preference=said, policy=policy), line)
    for work, line in declared.values():
        sink.work(work, line)


def _image_code(item: dict[str, Any], line: int, sink: Sink) -> str | None:
    text = item.get("iscc")
    if not isinstance(text, str) or len(text) > 500:
        raise sink.fail(line, "it has no `iscc`.")
    try:
        units = require("iscc_lib").iscc_decompose(text)
    except ValueError as error:
        raise sink.fail(line, f"{text[:80]!r} is no ISCC: {error}.") from error
    for unit in units:
        raw = base64.b32decode(unit + "=" * (-len(unit) % 8))
        # Main type and sub type say that it is an Image-Code; the first 64 bits of a longer one are the short one.
        if raw[:1] == HEADER[:1] and len(raw) >= 10:
            return text_of(raw[2:10])
    return None


def _preferences(item: dict[str, Any], line: int, sink: Sink) -> Preferences:
    if item.get("intent", "activate") not in _INTENTS:
        raise sink.fail(line, f"`intent` is one of {', '.join(_INTENTS)}.")
    if "tdm-reservation" in item:
        reserved = item["tdm-reservation"]
        if isinstance(reserved, bool) or reserved not in (0, 1, "0", "1"):
            raise sink.fail(line, "`tdm-reservation` is 0 or 1.")
        word = "prohibited" if int(reserved) else "allowed"
        return Preferences(word, word, None)
    for key in ("all", "train-ai", "train-genai", "ai-use", "search"):
        if item.get(key) not in (None, "true", "false"):
            raise sink.fail(line, f'`{key}` is "true" or "false".')
    training = item.get("train-ai") or item.get("all")
    generative = item.get("train-genai") or training
    words = {"true": "allowed", "false": "prohibited", None: None}
    return Preferences(words[generative], words[training], words[item.get("ai-use")])


def _text(value: Any, key: str, line: int, sink: Sink) -> str | None:
    if value is not None and not isinstance(value, str):
        raise sink.fail(line, f"`{key}` is no text.")
    return value or None


def write(index: Index, stream: TextIO, options: WriteOptions) -> Dropped:
    """A JSON array with a TDM·AI declaration for each work that has an Image-Code and a stated preference."""
    dropped = Dropped()
    artists = {artist.id: artist for artist in index.artists}
    separator = "[\n"
    for work in index.works():
        artist = artists[work.artist_id]
        if work.status != "active" or artist.status != "active":
            dropped.add("tombstones")
            continue
        if work.iscc is None or not code_of_text(work.iscc):
            dropped.add("works without an ISCC Image-Code")
            continue
        said = work.preference
        generative = said.generative_training or said.training or artist.preference
        training = said.training or generative
        if "constrained" in (generative, training, said.inference):
            dropped.add("constrained works, declared as reserved")
        item = {"version": "1.0", "iscc": work.iscc, "intent": "activate"}
        item["train-ai"] = _WORD.get(training, "false")
        item["train-genai"] = _WORD.get(generative, "false")
        if said.inference:
            item["ai-use"] = _WORD.get(said.inference, "false")
        if work.policy:
            item["policy"] = work.policy
        stream.write(separator + json.dumps(item, ensure_ascii=True))
        separator = ",\n"
    stream.write("[]\n" if separator == "[\n" else "\n]\n")
    count_left(index, dropped, kept=frozenset({"iscc", "preference", "policy"}))
    return dropped
