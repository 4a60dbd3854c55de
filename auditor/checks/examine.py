"""One sample in, one outcome out. Pure: values in, values out.

The work splits in two. `examine_picture` depends on nothing but the picture's bytes, its metadata side files, its
role and the context, so its result can be kept by content. `audit_sample` adds what depends on the sample's place:
its texts, its notes, and whether it would be trained.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace

from auditor.checks.copies.compare import decode_for
from auditor.checks.interface import Context, Examined, Subject
from auditor.checks.options import AuditOptions
from auditor.checks.origin import with_hidden_metadata
from auditor.checks.table import CHECKS, Check
from auditor.errors import PictureError
from auditor.metadata.read import read_metadata
from auditor.metadata.values import FileMetadata
from auditor.model import Finding, Sample, Severity, Text
from auditor.outcome import PictureResult, SampleOutcome, Skip

LOWERED: dict[Severity, Severity] = {"high": "medium", "medium": "low", "low": "low"}

UNREAD_TEXTS = "lines of text beside trained pictures that the layout does not read"


def examine_picture(sample: Sample, data: bytes, context: Context, options: AuditOptions) -> PictureResult:
    """Run every check that needs the picture's bytes alone. Findings carry an empty sample path, to be filled in.

    The bytes are decoded once and their metadata is read once, for all checks.
    """
    content = hashlib.sha256(data).hexdigest()
    picture, problem = None, None
    try:
        picture = decode_for(sample, data, context, options)
    except PictureError as error:
        problem = (error.reason, error.detail)
    metadata = _metadata(sample, data, options)
    if metadata is not None and picture is not None:
        metadata = with_hidden_metadata(metadata, picture)
    subject = Subject(sample, content, data, picture, metadata)
    answers = tuple(_answers(subject, context, options, place=False))
    problems = (problem, *(answer.problem for answer in answers))
    return PictureResult(
        content,
        tuple(finding for answer in answers for finding in answer.findings),
        any(answer.too_plain for answer in answers),
        next((item for item in problems if item is not None), None),
    )


def _answers(subject: Subject, context: Context, options: AuditOptions, *, place: bool) -> Iterator[Examined]:
    """What each check that was asked for gives, in the order of the table."""
    for row in _asked(options):
        if row.place == place:
            answer = row.load()(subject, context, options)
            assert isinstance(answer, Examined)
            yield answer


def _asked(options: AuditOptions) -> Iterator[Check]:
    """The rows to run. A row within another is run by that one."""
    return (row for name, row in CHECKS.items() if name in options.checks and row.within is None)


def _metadata(sample: Sample, data: bytes, options: AuditOptions) -> FileMetadata | None:
    """What the file says of itself, also where its pixels cannot be decoded; None where no check asks for it."""
    return read_metadata(data, sample.sidecars) if any(row.metadata for row in _asked(options)) else None


def audit_sample(
    sample: Sample, picture: PictureResult | None, problem: Skip | None, context: Context, options: AuditOptions
) -> SampleOutcome:
    """Put together what a sample's bytes and its place gave.

    `picture` is None where no bytes could be read (then `problem` says why) or where there are none to read.
    """
    if problem is None and sample.skip is not None:
        problem = Skip(sample.path, sample.skip, sample.reason or sample.skip)
    if problem is None and picture is not None and picture.problem is not None:
        problem = Skip(sample.path, *picture.problem)
    content = picture.content_sha256 if picture is not None else None
    of_picture = picture.findings if picture is not None else ()
    findings = [replace(item, sample=sample.path, trained=sample.trained) for item in of_picture]
    answers = tuple(_answers(Subject(sample, content), context, options, place=True))
    problems = (answer.problem for answer in answers if answer.problem is not None)
    problem = problem or next((Skip(sample.path, *item) for item in problems), None)
    findings += [finding for answer in answers for finding in answer.findings]
    admitted = _admitted_by(sample)
    return SampleOutcome(
        sample=sample.path,
        findings=tuple(
            lower_untrained(replace(item, listed_in=admitted), sample.reason, guessed=options.guessed)
            for item in findings
        ),
        skip=problem,
        too_plain=picture is not None and picture.too_plain,
        counted=sample.kind != "carrier",
        content_sha256=content,
        texts_sha256=texts_digest(sample.texts),
        texts=len(sample.texts) if context.names is not None and "names" in options.checks else 0,
        trained=sample.trained,
        left_out=tuple(_left_out(sample)),
        picture=picture,
    )


def lower_untrained(finding: Finding, reason: str | None, *, guessed: bool = False) -> Finding:
    """Lower the grade of a finding about something that is carried but not trained, and keep why it is not trained.

    Where the layout was `guessed` the grade stays: another trainer may well use what this one leaves out.
    """
    if finding.trained:
        return finding
    if guessed:
        return replace(finding, not_trained_because=reason, left_out_by_guess=True)
    return replace(finding, severity=LOWERED[finding.severity], not_trained_because=reason)


def texts_digest(texts: Iterable[Text]) -> str:
    """SHA-256 over the texts and where each stands, in hex; empty without a text."""
    digest = hashlib.sha256()
    found = False
    for text in texts:
        found = True
        for part in (text.source, str(text.line), text.value):
            raw = part.encode("utf-8", "surrogatepass")
            digest.update(len(raw).to_bytes(8, "big"))
            digest.update(raw)
    return digest.hexdigest() if found else ""


def _left_out(sample: Sample) -> Iterator[tuple[str, int]]:
    """By which rule the sample, or texts beside a picture that is trained, would not be trained, and how many."""
    if sample.kind != "picture":
        return
    if not sample.trained:
        yield sample.reason or "left out", 1
    elif unread := sum(not text.trained and text.kind == "caption" for text in sample.texts):
        yield UNREAD_TEXTS, unread


def _admitted_by(sample: Sample) -> tuple[str, int | None] | None:
    """The caption file or metadata row that a code-review report can point at."""
    for caption in sample.captions:
        if caption.line is not None:
            return caption.source, caption.line
    return None
