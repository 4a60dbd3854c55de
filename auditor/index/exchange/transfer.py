"""Importing a list as an index, and exporting an index as a list."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from auditor.errors import IndexProblem, IndexUntrusted, UsageError
from auditor.index.disk.atomic_folder import file_digest, replacing
from auditor.index.exchange.interface import Dropped, ReadOptions, WriteOptions, format_of
from auditor.index.exchange.jsontext import json_line
from auditor.index.exchange.lines import text_lines
from auditor.index.exchange.sink import ListError, Sink
from auditor.index.format.manifest import Manifest, Source
from auditor.index.format.schema import MANIFEST
from auditor.index.making.carry import carry_over
from auditor.index.making.content import content_of
from auditor.index.making.versions import Label, Written, write_version
from auditor.index.making.withdrawals import Listed, emptied, require_accepted
from auditor.index.opening.store import Index, open_index
from auditor.support import reading, writing


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import wrote, and what of the list it could not carry."""

    written: Written
    dropped: tuple[str, ...]


def import_list(
    path: Path,
    name: str,
    out: Path,
    options: ReadOptions,
    *,
    today: date,
    label: Label,
    keep: bool = False,
    accept_withdrawals: bool = False,
) -> Imported:
    """Read a list and write it as an index, or as the next version of the index that is there.

    With `keep` what the index lists already stays; otherwise what the list no longer has is marked withdrawn. With
    `keep`, tombstones of another list that would leave nothing of an artist need `accept_withdrawals`.

    Raises:
        ListError: a line is not of the format; nothing was written.
        UsageError: it cannot be read, or would empty an artist of another list.
        IndexUntrusted: the list is older than what is there, or does not follow it.
        IndexProblem: another process writes the index, the disk is full, or the index there is damaged.
        MissingExtra: the format needs a package that is not installed.
    """
    exchange = format_of(name).load()
    sink = Sink(str(path))
    try:
        with reading.open_file(path) as stream:
            exchange.read(stream, sink, options)
        digest = file_digest(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}). Check the name and its permissions.") from error
    content = sink.content()
    if not content.artists:
        raise ListError(f"{path} lists nothing that an index can hold. Is it really of the format {name!r}?")
    version = sink.list_source.version if sink.list_source else 1
    combined = _combined(label, replace(sink.label, source=Source(name, version, digest)))
    target = Path(os.path.realpath(out))
    with replacing(target) as new:
        old = open_index(target, check_signature=False) if (target / MANIFEST).exists() else None
        if old is not None and sink.list_source is not None:
            _require_successor(sink, old.manifest, combined, str(path), keep)
        described = frozenset(artist.id for artist in content.artists)
        standing = content_of(old) if old else None
        joined = carry_over(standing, content, today.isoformat(), keep, described)
        if old is not None and standing is not None and keep and not accept_withdrawals:
            lists = [Listed(old.manifest.id, old.name, standing), Listed(combined.id or "", path.name, content)]
            require_accepted(emptied(lists, joined.content))
        written = write_version(new, joined.content, today=today, label=combined, old=old, default_name=target.name)
    dropped = Dropped(sink.dropped).sentences()
    still = f"{joined.still_withdrawn:,} works that stay withdrawn here" if joined.still_withdrawn else None
    return Imported(written, (*dropped, *([still] if still else [])))


def export_list(
    index: Index, name: str, path: Path, *, regions: bool = True, previous: Path | None = None
) -> tuple[str, ...]:
    """Write an index as a list, in one step, and return what could not be carried.

    `previous` is the list of an earlier version that this one names as the one before it.

    Raises:
        UsageError: the file cannot be written, or `previous` is no earlier version of the same list.
    """
    exchange = format_of(name).load()
    options = WriteOptions(regions, _chain(index.manifest, previous) if previous else None)
    try:
        with writing.replacing_file(path) as raw:
            stream = io.TextIOWrapper(raw, encoding="utf-8", newline="")
            dropped = exchange.write(index, stream, options)
            stream.detach()  # flushed, and left to its owner
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror}). Name another file.") from error
    return dropped.sentences()


def _combined(given: Label, said: Label) -> Label:
    """What the user gives outranks what the list says."""
    publisher = said.publisher
    mine = given.publisher
    return replace(
        said,
        name=given.name or said.name,
        expires=given.expires or said.expires,
        publisher=replace(
            publisher,
            name=mine.name or publisher.name,
            uri=mine.uri or publisher.uri,
            contact=mine.contact or publisher.contact,
            appeals=mine.appeals or publisher.appeals,
        ),
    )


def _require_successor(sink: Sink, old: Manifest, label: Label, path: str, keep: bool) -> None:
    """A list with versions may only go forward, and only along its own chain."""
    said = sink.list_source
    assert said is not None and label.source is not None
    if label.id != old.id:
        if keep:
            return
        raise UsageError(
            f"{path} is another list than the one that is there ('{old.name}'). Give another --out, or --add."
        )
    if old.source is None or label.source == old.source:
        return
    if said.version <= old.source.version:
        raise IndexUntrusted(
            f"{path} is version {said.version}, and version {old.source.version} was imported already. Fetch the "
            "newest version of the list; to go back, import it to another --out."
        )
    if said.previous_version == old.source.version and said.previous_sha256 != old.source.sha256:
        raise IndexUntrusted(
            f"{path} follows another version {old.source.version} than the one that was imported: the list has forked. "
            "Ask the publisher which is right; to follow this one, import it to another --out."
        )


def _chain(manifest: Manifest, previous: Path) -> dict[str, str | int]:
    """Version and digest of an earlier list of the same index."""
    sink = Sink(str(previous))
    try:
        with reading.open_file(previous) as stream:
            first = next(text_lines(stream, sink), (1, ""))
            header = json_line(first[1], 1, sink)
        digest = file_digest(previous)
    except (OSError, IndexProblem) as error:
        raise UsageError(f"--previous {previous}: {error}") from error
    version = header.get("version")
    if header.get("id") != manifest.id or not isinstance(version, int) or version >= manifest.version:
        raise UsageError(f"--previous {previous} is no earlier version of this list (now version {manifest.version}).")
    return {"version": version, "sha256": digest}
