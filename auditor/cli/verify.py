"""`auditor verify`: whether a statement still holds for a dataset."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import click

from auditor.cli.console import progress, say, tell
from auditor.errors import ReportError, UsageError
from auditor.support import reading


@click.command()
@click.argument("statement", metavar="STATEMENT", type=click.Path(path_type=Path))
@click.argument("dataset", metavar="DATASET", type=click.Path(path_type=Path))
@click.option(
    "--trust", metavar="KEY", multiple=True, type=click.Path(path_type=Path), help="Public key file; repeatable."
)
@click.option("--lora", metavar="FILE", type=click.Path(path_type=Path), help="A LoRA that should carry its digest.")
def verify(statement: Path, dataset: Path, trust: tuple[Path, ...], lora: Path | None) -> int:
    """Check STATEMENT against DATASET: signature, every file, age of the indexes, waivers, verdict.

    A statement about several paths is checked against the folder that holds them all.
    Exit code 0 if all holds, 1 with the reasons if not. A signed statement needs --trust; an unsigned one says only
    whether the dataset is the one it describes.
    """
    from auditor.attest.check import problems
    from auditor.attest.statement import read_statement
    from auditor.attest.subject import read_subject

    if statement.is_dir():
        raise UsageError(
            f"{statement} is a folder. First comes the statement, then the dataset: verify STATEMENT DATASET."
        )
    payload = read_payload(statement, trust)
    stated = read_statement(payload)
    with progress("Hashing") as advance:
        found = read_subject(dataset, stated.excluded, advance, stated.paths)
    reasons = list(problems(stated, found, datetime.now(UTC).date()))
    if lora is not None:
        reasons.extend(_lora(lora, payload))
    for reason in reasons:
        tell(f"does not hold: {reason}")
    if stated.paths:
        say(f"It is about these paths of {dataset} alone: {', '.join(stated.paths)}")
    for path in stated.excluded:
        say(f"Not part of the statement: {path}")
    if reasons:
        return 1
    tell(f"holds: {len(stated.files):,} files of {stated.name}, verdict {stated.result}")
    counts = ", ".join(f"{count:,} {severity}" for severity, count in stated.counts)
    say(f"It fails on: {stated.fail_on}. Findings that no waiver covers: {counts}.")
    if stated.fail_on == "none":
        say("Its policy lets every finding pass: read the findings before you rely on it.")
    say(stated.limits)
    return 0


def read_payload(path: Path, trust: tuple[Path, ...]) -> bytes:
    """The statement inside a file; its signature is checked where it has one.

    Raises:
        ReportError: it cannot be read, or its signature does not hold.
        UsageError: it is signed and no key is trusted, or keys are given and it is not signed.
    """
    from auditor.attest.statement import PAYLOAD_TYPE
    from auditor.index.opening.trust import load_public
    from auditor.support.dsse import MAX_BYTES, EnvelopeError, verify

    try:
        data = reading.read_bytes(path, MAX_BYTES)
    except OSError as error:
        raise ReportError(f"{path}: cannot be read ({error.strerror}). `auditor attest` writes such a file.") from error
    if b'"payloadType"' not in data[:MAX_BYTES]:
        if trust:
            raise UsageError(f"{path} is not signed, so --trust says nothing. Sign it with `auditor attest --key`.")
        say("The statement is not signed: anybody can have written it.")
        return data
    if not trust:
        raise UsageError(f"{path} is signed: name the public key that you trust with --trust.")
    try:
        checked = verify(data, PAYLOAD_TYPE, [load_public(key) for key in trust])
    except EnvelopeError as error:
        raise ReportError(f"{path}: the signature does not hold: {error}. Do not rely on it.") from error
    say(f"Signed by {checked.key_id}")
    return checked.payload


def _lora(path: Path, payload: bytes) -> list[str]:
    from auditor.attest.stamp import read_stamp

    stamp = read_stamp(path)
    if stamp is None:
        return [f"{path} carries no statement's digest"]
    return [] if stamp == hashlib.sha256(payload).hexdigest() else [f"{path} carries the digest of another statement"]
