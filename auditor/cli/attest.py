"""`auditor attest`: state in a verifiable form what a report found about a dataset."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from auditor.cli.console import progress, say
from auditor.cli.inputs.files import dataset_parts, dataset_root, moved_to, report_bytes
from auditor.cli.inputs.paths import write_file
from auditor.errors import PictureError, ReportError
from auditor.outcome import Report
from auditor.report.reading import parse

SHOWN = 20


@click.command()
@click.argument("report", metavar="REPORT", type=click.Path(path_type=Path))
@click.option(
    "--out", "-o", "out", metavar="FILE", required=True, type=click.Path(path_type=Path), help="Where it goes."
)
@click.option("--key", metavar="KEY", type=click.Path(path_type=Path), help="Private key (PEM, Ed25519) to sign with.")
@click.option("--dataset", type=click.Path(path_type=Path), help="Where the dataset lies now, if it was moved.")
@click.option("--exclude", metavar="PATH", multiple=True, help="A file that is no part of the dataset; repeatable.")
@click.option("--manifest", metavar="FILE", type=click.Path(path_type=Path), help="Also write the sha256sum lines.")
@click.option("--stamp", metavar="LORA", type=click.Path(path_type=Path), help="Put its digest into a LoRA's header.")
@click.option("--predicate-only", is_flag=True, help="Write only the predicate, for tools that make the statement.")
def attest(
    report: Path,
    out: Path,
    key: Path | None,
    dataset: Path | None,
    exclude: tuple[str, ...],
    manifest: Path | None,
    stamp: Path | None,
    predicate_only: bool,
) -> int:
    """Write an in-toto statement about the dataset of REPORT: its files, what was checked, with what result.

    With --key the statement is signed (DSSE, Ed25519; `auditor index keygen` makes a key). Without, it is plain JSON
    for another signer, for instance a CI's own attestation step.

    \b
    auditor attest report.json -o audit.intoto.json --key my.key
    auditor attest report.json -o audit.intoto.json --key my.key --stamp my-lora.safetensors
    auditor verify audit.intoto.json my-dataset --trust my.key.pub
    """
    from auditor.attest.statement import make_statement, to_bytes
    from auditor.attest.subject import read_subject

    data = report_bytes(report)
    loaded = parse(data.decode("utf-8", "replace"))
    if dataset is not None:
        loaded = moved_to(loaded, dataset)
    place = dataset_root(loaded)
    outputs = [path for path in (out, report, manifest) if path is not None]
    excluded = tuple(sorted({*exclude, *_inside(place, outputs)}))
    _check_agrees(loaded, report)
    _check_unchanged(loaded, excluded)
    with progress("Hashing") as advance:
        subject = read_subject(place, excluded, advance, dataset_parts(loaded))
    name = place.resolve().name or "dataset"
    statement = make_statement(loaded, hashlib.sha256(data).hexdigest(), subject, name, excluded, datetime.now(UTC))
    payload = to_bytes(statement["predicate"] if predicate_only else statement)
    write_file(out, _signed(payload, key) if key is not None else payload)
    if manifest is not None:
        write_file(manifest, subject.manifest)
    if loaded.verdict.result != "pass":
        say(f"The verdict is {loaded.verdict.result}: `auditor verify` will say that the statement is no pass.")
    say(f"{len(subject.files):,} files, verdict {loaded.verdict.result}: {out}{' (signed)' if key else ' (unsigned)'}")
    if subject.paths:
        say(f"It is about these paths of {place}, and about nothing beside them: {', '.join(subject.paths)}")
    for link in subject.linked_folders[:SHOWN]:
        say(f"Part of it, although it lies behind a link: {link}")
    if stamp is not None:
        _stamp(stamp, payload)
    return 0


def _check_agrees(report: Report, path: Path) -> None:
    """What the report says must follow from what else it says.

    Raises:
        ReportError: it does not.
    """
    from auditor.attest.agree import disagreements

    wrong = list(disagreements(report, datetime.now(UTC).date()))
    for sentence in wrong[:SHOWN]:
        say(f"the report disagrees with itself: {sentence}")
    if wrong:
        raise ReportError(f"{path} was not attested: it is not as a scan wrote it, or it is out of date. Scan again.")


def _check_unchanged(report: Report, own: Collection[str]) -> None:
    """The pictures and texts must still be those that were audited.

    Raises:
        ReportError: they are not.
    """
    from auditor.verdict.tally import dataset_digest

    contents = list(_contents(report))
    # a report that was written into the dataset after the scan is no change of the dataset
    others = [(path, content) for path, content in contents if _in_dataset(report, path) not in own]
    if report.dataset.digest not in {dataset_digest(contents), dataset_digest(others)}:
        raise ReportError(
            f"{report.dataset.shown}: its pictures or texts are not those of the report any more. Scan again with the "
            "report outside the dataset, then attest that."
        )


def _in_dataset(report: Report, path: str) -> str:
    """A sample's path as seen from the dataset's folder; samples of several paths are seen from where the scan ran."""
    from auditor.datasets.layouts.several import below

    return below(dataset_root(report), path) if len(report.dataset.sources) > 1 else path


def _contents(report: Report) -> Iterator[tuple[str, str]]:
    """(path, content) of every sample, as the scan that made the report saw them."""
    from auditor.checks.examine import texts_digest
    from auditor.datasets.layouts.several import listed_again
    from auditor.datasets.reading.payload import read
    from auditor.run.worker_auditor import MAX_FILE_BYTES
    from auditor.verdict.tally import content_key

    with progress("Comparing with the report") as advance:
        for number, sample in enumerate(listed_again(report.dataset), start=1):
            advance(number, None)
            texts = texts_digest(sample.texts)
            if sample.kind == "carrier" and not texts:
                continue
            digest = None
            if sample.payload is not None and sample.skip is None:
                with contextlib.suppress(PictureError):
                    digest = hashlib.sha256(read(sample.payload, MAX_FILE_BYTES)).hexdigest()
            yield sample.path, content_key(digest, texts)


def _inside(dataset: Path, outputs: list[Path]) -> Iterator[str]:
    """Our own files, where they lie inside the dataset."""
    root = dataset.resolve()
    for path in outputs:
        if path.resolve().is_relative_to(root):
            yield path.resolve().relative_to(root).as_posix()


def _signed(payload: bytes, key: Path) -> bytes:
    from auditor.attest.statement import PAYLOAD_TYPE
    from auditor.index.making.sign import load_private
    from auditor.support.dsse import sign

    return sign(payload, PAYLOAD_TYPE, load_private(key))


def _stamp(path: Path, payload: bytes) -> None:
    from auditor.attest.stamp import write_stamp
    from auditor.attest.statement import PREDICATE_TYPE

    write_stamp(path, hashlib.sha256(payload).hexdigest(), PREDICATE_TYPE)
    say(f"{path} carries the statement's digest now.")
