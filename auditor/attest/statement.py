"""The statement: an in-toto Statement v1 with this project's own predicate, and its reading. Pure."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any

from auditor.attest.subject import Subject
from auditor.errors import ReportError
from auditor.outcome import IndexInfo, Report, Waiver
from auditor.verdict.gate import FAILING

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "urn:provenance-auditor:predicate:dataset-audit:v1"
PAYLOAD_TYPE = "application/vnd.in-toto+json"
LIMITS = (
    "Absence of a match is not proof of absence. Only works and names that the listed indexes hold were compared, "
    "with the checks that ran and the thresholds stated; a picture changed beyond what they can follow is not found. "
    "The statement is about these files as they were, not about a model trained on them."
)


@dataclass(frozen=True, slots=True)
class Stated:
    """What a statement says, as far as it can be checked again."""

    name: str
    digest: str
    """`dirHash` of the subject."""
    files: tuple[tuple[str, str], ...]
    excluded: tuple[str, ...]
    result: str
    indexes: tuple[tuple[str, str | None], ...]
    """(name, last day or None)."""
    waivers: tuple[tuple[str, str | None], ...]
    """(what it covers, last day or None)."""
    limits: str
    counts: tuple[tuple[str, int], ...]
    """Unwaived findings per severity."""
    fail_on: str
    seen: int
    audited: int
    skipped: int
    overrides: tuple[tuple[str, str], ...]
    thresholds: tuple[tuple[str, float], ...]
    policy_digest: str
    paths: tuple[str, ...] = ()
    """What the files lie below, relative to the dataset's folder; empty: they are all its files."""


def make_statement(
    report: Report, report_digest: str, subject: Subject, name: str, excluded: Sequence[str], now: datetime
) -> dict[str, Any]:
    """Put the statement together. `now` is stated with its seconds, in UTC."""
    return {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": name, "digest": {"dirHash": subject.digest, "sha256": subject.digest}}],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "auditor": {"name": report.tool_name, "version": report.tool_version},
            "attestedOn": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "dataset": {
                "layout": report.dataset.layout,
                "options": dict(report.dataset.options),
                "digest": report.dataset.digest,
                "excluded": list(excluded),
                "linkedFolders": list(subject.linked_folders),
                "files": dict(subject.files),
                **({"paths": list(subject.paths)} if subject.paths else {}),
            },
            "indexes": [_index(index) for index in report.indexes],
            "policy": {
                "digest": {"sha256": policy_digest(report)},
                "failOn": report.verdict.fail_on,
                "overrides": dict(report.verdict.overrides),
            },
            "thresholds": dict(report.thresholds),
            "coverage": _coverage(report),
            "verdict": {"result": report.verdict.result, "counts": dict(report.verdict.counts)},
            "waivers": [_waiver(waiver) for waiver in report.waivers],
            "report": {"digest": {"sha256": report_digest}},
            "limits": LIMITS,
        },
    }


def policy_digest(report: Report) -> str:
    """SHA-256 of the gate, the overrides and the thresholds as canonical JSON."""
    return digest_of_policy(report.verdict.fail_on, dict(report.verdict.overrides), dict(report.thresholds))


def digest_of_policy(fail_on: str, overrides: Mapping[str, str], thresholds: Mapping[str, float]) -> str:
    """The same from its parts."""
    policy = {
        "failOn": fail_on,
        "overrides": dict(overrides),
        "thresholds": {name: float(value) for name, value in thresholds.items()},
    }
    return hashlib.sha256(_canonical(policy)).hexdigest()


def to_bytes(statement: dict[str, Any]) -> bytes:
    """The statement as the bytes that are signed: canonical JSON (sorted keys, ASCII) with a newline."""
    return _canonical(statement) + b"\n"


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")


def _index(index: IndexInfo) -> dict[str, Any]:
    return {
        "name": index.name,
        "digest": {"sha256": index.digest.rpartition(":")[2]},
        "version": index.version,
        "issued": index.issued,
        "expires": index.expires,
        "signatureVerified": index.signature is not None and index.signature.startswith("verified:"),
    }


def _coverage(report: Report) -> dict[str, Any]:
    coverage = report.coverage
    return {
        "seen": coverage.seen,
        "audited": coverage.audited,
        "skipped": dict(coverage.skipped),
        "tooPlain": coverage.too_plain,
        "texts": coverage.texts,
        "notTrained": coverage.not_trained,
        "missing": coverage.missing,
        "leftOut": [{"rule": rule, "count": count} for rule, count in coverage.left_out],
        "checksRun": list(coverage.checks_run),
        "checksSkipped": [{"check": skip.check, "reason": skip.reason} for skip in coverage.checks_skipped],
    }


def _waiver(waiver: Waiver) -> dict[str, Any]:
    return {
        "fingerprint": waiver.fingerprint,
        "artist": waiver.artist,
        "rule": waiver.rule,
        "reason": waiver.reason,
        "by": waiver.by,
        "until": waiver.until,
    }


def read_statement(payload: bytes) -> Stated:
    """Read a statement of this kind.

    Raises:
        ReportError: it is malformed or of another kind.
    """
    try:
        value = json.loads(payload)
        if value["_type"] != STATEMENT_TYPE or value["predicateType"] != PREDICATE_TYPE:
            raise ValueError(f"its type is {value['_type']!r} with predicate {value['predicateType']!r}")
        (subject,) = value["subject"]
        predicate = value["predicate"]
        dataset = predicate["dataset"]
        return Stated(
            name=_text(subject["name"]),
            digest=_text(subject["digest"]["dirHash"]),
            files=tuple((_path(path), _text(digest)) for path, digest in dataset["files"].items()),
            excluded=tuple(_path(path) for path in dataset["excluded"]),
            result=_text(predicate["verdict"]["result"]),
            indexes=tuple((_text(row["name"]), _maybe(row["expires"])) for row in predicate["indexes"]),
            waivers=tuple(
                (_text(row["fingerprint"] or f"artist {row['artist']}"), _maybe(row["until"]))
                for row in predicate["waivers"]
            ),
            limits=_text(predicate["limits"]),
            counts=tuple((_text(key), _count(value)) for key, value in predicate["verdict"]["counts"].items()),
            fail_on=_gate(predicate["policy"]["failOn"]),
            seen=_count(predicate["coverage"]["seen"]),
            audited=_count(predicate["coverage"]["audited"]),
            skipped=sum(_count(value) for value in predicate["coverage"]["skipped"].values()),
            overrides=tuple((_text(key), _text(value)) for key, value in predicate["policy"]["overrides"].items()),
            thresholds=tuple((_text(key), _number(value)) for key, value in predicate["thresholds"].items()),
            policy_digest=_text(predicate["policy"]["digest"]["sha256"]),
            paths=tuple(_inside(path) for path in dataset.get("paths", ())),
        )
    except KeyError as error:
        raise ReportError(
            f"Not a statement of `auditor attest`: it has no {error}. Name the file that it wrote."
        ) from error
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ReportError(f"Not a statement of `auditor attest` ({error}). Name the file that it wrote.") from error


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} should be text")
    return value


def _path(value: Any) -> str:
    _text(value).encode("utf-8", "surrogateescape")  # a ValueError where no file can be called so
    return str(value)


def _inside(value: Any) -> str:
    """A path that leads nowhere but below the dataset's folder."""
    path = PurePath(_path(value))
    if path.anchor or ".." in path.parts or not value:
        raise ValueError(f"{value!r} does not lie inside the dataset")
    return _path(value)


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError(f"{value!r} should be a count")
    return value


def _number(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError(f"{value!r} should be a number")
    if not math.isfinite(value):
        raise ValueError(f"{value!r} is no number")
    return value


def _gate(value: Any) -> str:
    if value not in FAILING:
        raise ValueError(f"there is no gate {value!r}")
    return _text(value)


def _maybe(value: Any) -> str | None:
    return None if value is None else _text(value)
