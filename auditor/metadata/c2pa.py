"""C2PA manifest stores: reservations (CAWG and C2PA training-mining), source types, creators, signature.

Read with `c2pa-python` (extra `c2pa`), with every network access switched off. Sources: C2PA Technical
Specification 2.x; CAWG Training and Data Mining Assertion 1.0 and 1.1.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from auditor.metadata.containers.budget import TEXT_LIMIT, Budget
from auditor.metadata.reservations import interpret_plus
from auditor.metadata.rights import source_type
from auditor.metadata.values import Generation, Meaning, MetadataText, Reservation, Signature, SourceType
from auditor.support import extras

MIME_TYPES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WebP": "image/webp",
    "TIFF": "image/tiff",
    "AVIF": "image/avif",
    "HEIF": "image/heif",
    "GIF": "image/gif",
    "JPEG XL": "image/jxl",
}
OFFLINE = {"verify": {"remote_manifest_fetch": False, "ocsp_fetch": False}}
"""Settings without which a picture could make its reader call an address that the picture names."""
WHERE = "C2PA manifest"
_LABELS = {"cawg.training-mining": "CAWG", "c2pa.training-mining": "C2PA"}
_HARMLESS = ("signingCredential.untrusted", "assertion.action.")
_JSON_LIMIT = 2 * TEXT_LIMIT
_MANIFEST_LIMIT = 200
_SCOPES = {
    "ai_generative_training": "training of generative AI models",
    "ai_training": "training of AI models other than generative ones",
    "ai_inference": "use as input of a trained AI model",
    "data_mining": "data mining",
}


@dataclass(frozen=True, slots=True)
class StoreContents:
    """What a manifest store says."""

    reservations: tuple[Reservation, ...] = ()
    texts: tuple[MetadataText, ...] = ()
    generation: Generation = field(default_factory=Generation)
    signature: Signature | None = None


def interpret_use(entry: str, use: str, constraint: str | None) -> Meaning:
    """Return what one training-mining entry means for training a generative model.

    `constrained` counts as not allowed where nothing is said about the constraint. Uses other than generative
    training ask for review: a person decides what they mean for the model at hand.
    """
    kind = use.replace("_", "").replace("-", "").casefold()
    if kind == "allowed":
        return "allowed"
    if entry.rpartition(".")[2].casefold() != "ai_generative_training":
        return "review"
    if kind == "constrained":
        return "constrained" if constraint else "prohibited"
    return "prohibited" if kind == "notallowed" else "review"


def _entries(data: Any) -> Iterator[tuple[str, str, str | None]]:
    """Yield (entry, use, constraint) of an assertion: under `entries`, or flat as in version 1.0."""
    if not isinstance(data, Mapping):
        return
    inner = data.get("entries")
    table = inner if isinstance(inner, Mapping) else data
    for name, entry in table.items():
        if isinstance(entry, Mapping):
            use = entry.get("use")
            stated = entry.get("constraint_info", entry.get("constraints_info"))
        else:
            use, stated = (entry, None) if "." in str(name) else (None, None)
        if isinstance(use, str):
            yield str(name), use, None if stated is None else str(stated)[:2000]


def _reservations(label: str, data: Any, where: str) -> Iterator[Reservation]:
    base = label.split("__")[0]
    for known, vocabulary in _LABELS.items():
        if base == known or base.startswith(known + "."):
            for entry, use, constraint in _entries(data):
                meaning = interpret_use(entry, use, constraint)
                scope = _SCOPES.get(entry.rpartition(".")[2].casefold(), entry)
                yield Reservation(entry, vocabulary, use, meaning, f"{where} {base}", scope, constraint)
    if isinstance(data, Mapping) and isinstance(code := data.get("plus:DataMining"), str):
        read = interpret_plus(code)
        if read is not None:
            yield Reservation("plus:DataMining", "IPTC/PLUS", code, read[0], f"{where} {base}", read[1], None, read[2])


def _strings(value: Any) -> Iterator[str]:
    """Yield the strings of a JSON-LD value: text, list of texts, or objects with a name."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value[:100]:
            yield from _strings(item)
    elif isinstance(value, Mapping):
        yield from _strings(value.get("name", value.get("@value")))


def _texts(label: str, data: Any) -> Iterator[MetadataText]:
    if not isinstance(data, Mapping):
        return
    for key in ("author", "creator", "dc:creator", "photoshop:Credit", "Iptc4xmpExt:AIPromptWriterName"):
        for value in _strings(data.get(key)):
            yield MetadataText(value, f"C2PA {label} {key}", "creator")
    for key in ("dc:rights", "copyrightNotice", "xmpRights:UsageTerms"):
        for value in _strings(data.get(key)):
            yield MetadataText(value, f"C2PA {label} {key}", "rights")


def _prompts(label: str, data: Any, depth: int = 0) -> Iterator[MetadataText]:
    """Yield texts under keys that speak of a prompt."""
    if depth > 8:
        return
    if isinstance(data, Mapping):
        for key, value in data.items():
            if "prompt" in str(key).casefold() and "negative" not in str(key).casefold():
                for text in _strings(value):
                    yield MetadataText(text, f"C2PA {label} {key}", "generation")
            else:
                yield from _prompts(label, value, depth + 1)
    elif isinstance(data, list):
        for item in data[:200]:
            yield from _prompts(label, item, depth + 1)


def _source_types(data: Any, where: str, active: bool) -> Iterator[SourceType]:
    actions = data.get("actions") if isinstance(data, Mapping) else None
    for action in actions[:1000] if isinstance(actions, list) else ():
        stated = action.get("digitalSourceType") if isinstance(action, Mapping) else None
        found = source_type(stated, f"{where} action") if isinstance(stated, str) else None
        if found is not None:
            made = "partly" if found.made == "wholly" and not active else found.made
            yield SourceType(found.value, found.where, made)


def interpret(store: Mapping[str, Any]) -> StoreContents:
    """Interpret the reader's JSON: every manifest of the store, not only the active one."""
    reservations: list[Reservation] = []
    texts: list[MetadataText] = []
    prompts: list[MetadataText] = []
    types: list[SourceType] = []
    manifests = store.get("manifests")
    active_label = store.get("active_manifest")
    items = list(manifests.items())[:_MANIFEST_LIMIT] if isinstance(manifests, Mapping) else []
    for label, manifest in items:
        active = label == active_label
        where = WHERE if active else "C2PA ingredient manifest"
        assertions = manifest.get("assertions") if isinstance(manifest, Mapping) else None
        for assertion in assertions if isinstance(assertions, list) else ():
            if not isinstance(assertion, Mapping):
                continue
            name, data = str(assertion.get("label", "")), assertion.get("data")
            reservations.extend(_reservations(name, data, where))
            texts.extend(_texts(name, data))
            prompts.extend(_prompts(name, data))
            types.extend(_source_types(data, where, active))
            if isinstance(data, Mapping) and isinstance(stated := data.get("Iptc4xmpExt:DigitalSourceType"), str):
                found = source_type(stated, where)
                types.extend([found] if found else [])
    generation = Generation((), tuple(dict.fromkeys(prompts)), (), tuple(dict.fromkeys(types)))
    return StoreContents(tuple(reservations), tuple(dict.fromkeys(texts)), generation, _signature(store, items))


def failures(codes: Iterable[str]) -> list[str]:
    """Return the codes by which signature or content binding fails, sorted.

    An unknown issuer is no failure, and neither is a list of actions that breaks the specification's rules for such
    lists: signature and binding hold all the same.
    """
    return sorted(code for code in codes if not code.startswith(_HARMLESS))


def _signature(store: Mapping[str, Any], items: list[tuple[str, Any]]) -> Signature:
    active = dict(items).get(str(store.get("active_manifest")))
    info = active.get("signature_info") if isinstance(active, Mapping) else None
    issuer = info.get("issuer") if isinstance(info, Mapping) else None
    status = store.get("validation_status")
    rows = status if isinstance(status, list) else ()
    codes = {str(item.get("code")) for item in rows if isinstance(item, Mapping)}
    stated = store.get("validation_state")
    failed = bool(failures(codes)) or (stated not in ("Valid", "Trusted") and not codes)
    state: Literal["valid", "trusted", "invalid"] = (
        "invalid" if failed else "trusted" if stated == "Trusted" else "valid"
    )
    return Signature(state, None if issuer is None else str(issuer), tuple(sorted(codes)), len(items))


def _unread(data: bytes, where: str) -> tuple[Reservation, ...]:
    """Say that a store which could not be read names a training-mining assertion."""
    if b"training-mining" not in data:
        return ()
    scope = "training or mining (the assertion is there, its entries were not read)"
    return (Reservation("training-mining", "C2PA", "not read", "review", where, scope),)


def read_c2pa(
    data: bytes, container: str | None, budget: Budget, trust_anchors: str | None = None, store: bytes | None = None
) -> StoreContents:
    """Read the manifest store of a file that has one.

    Args:
        data: the whole file, since the signature binds it.
        container: name as `containers.detect.container_of` gives it.
        budget: collects notes.
        trust_anchors: PEM certificates to which a signature may chain to count as `trusted`.
        store: manifest store from a `.c2pa` sidecar.

    Never raises; without the extra, or where the library refuses the store, a note says so.
    """
    if not extras.available("c2pa"):
        budget.note("extra-missing", extras.missing_message("c2pa"), WHERE)
        return StoreContents(_unread(store or data, WHERE))
    try:
        parsed = json.loads(_read_json(data, MIME_TYPES.get(container or ""), trust_anchors, store))
        contents = interpret(parsed)
    except Exception as error:
        # The library raises one class per kind of damage, all of them below a private base.
        return _failed(error, store or data, budget)
    if contents.signature is not None and contents.signature.state == "invalid":
        budget.note("signature-failed", ", ".join(failures(contents.signature.codes)) or "no reason given", WHERE)
    return contents


def _read_json(data: bytes, mime: str | None, trust_anchors: str | None, store: bytes | None) -> str:
    library = extras.require("c2pa")
    settings: dict[str, Any] = {**OFFLINE}
    if trust_anchors:
        settings["trust"] = {"trust_anchors": trust_anchors}
    with (
        library.Context.from_dict(settings) as context,
        library.Reader(mime, io.BytesIO(data), manifest_data=store, context=context) as reader,
    ):
        text = str(reader.json())
    if len(text) > _JSON_LIMIT:
        raise ValueError(f"the manifest store is larger than {_JSON_LIMIT} characters")
    return text


def _failed(error: Exception, data: bytes, budget: Budget) -> StoreContents:
    detail = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    if detail.startswith("Remote:"):
        budget.note("remote-manifest", "the manifest is on the network and was not fetched", WHERE)
        return StoreContents()
    budget.note("signature-failed", f"the manifest cannot be read: {detail}", WHERE)
    return StoreContents(_unread(data, WHERE))
