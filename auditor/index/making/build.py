"""Folders of pictures -> an index. Hashes only; no picture is kept."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

import pyarrow as pa

from auditor.imaging.hash_kind import HashKind
from auditor.imaging.regions.features import ALGORITHM as REGIONS_ALGORITHM
from auditor.index.disk.atomic_folder import REGION_ROW_GROUP, replacing
from auditor.index.format import hash_kinds
from auditor.index.format.identity import safe_text, work_id
from auditor.index.format.manifest import Manifest
from auditor.index.format.schema import MANIFEST, WorkRecord, with_values, works_schema
from auditor.index.format.tables import works_tables
from auditor.index.making.artist_toml import NOTHING_SAID
from auditor.index.making.carry import carry_over
from auditor.index.making.content import Content, Segment, content_of
from auditor.index.making.hashing import Hashed, HashJob
from auditor.index.making.pool import hash_all
from auditor.index.making.sources import FoundArtists, SourcePicture, find_artists
from auditor.index.making.spool import Spool, stamp
from auditor.index.making.versions import NO_LABEL, Label, write_version
from auditor.index.opening.store import open_index
from auditor.index.search.region_columns import features_table
from auditor.outcome import Skip

EXPORT_IT = "files of this kind are not read here: export the picture as PNG beside it"
Progress = Callable[[int, int | None], None]
"""Called with (pictures done, pictures in all)."""


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What to make, apart from where from and where to."""

    label: Label = NO_LABEL
    artist: str | None = None
    """Make each source one artist of this name."""
    titles: bool = True
    """Use file names as titles of works that artist.toml gives none."""
    regions: bool = True
    asked: tuple[str, ...] = ()
    """Names of kinds of hashes that are made only where they are asked for, for instance `iscc`."""
    keep: bool = False
    """Keep what an index at the same place already lists (as `auditor index add` does). Otherwise what is no longer
    in the sources is marked withdrawn, so that nothing vanishes silently."""
    jobs: int = 0
    """Worker processes; 0 = one for each available core."""


DEFAULT_OPTIONS = BuildOptions()


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build did."""

    manifest: Manifest
    unchanged: bool
    """True where the old version already said the same; it was left as it was."""
    unsigned: bool
    """True where the old version was signed and the new one is not yet."""
    found: FoundArtists
    added: int
    withdrawn: int
    still_withdrawn: int
    skipped: tuple[Skip, ...]
    """Originals that could not be read: damaged ones in the order of the sources, then those of an unread kind."""
    kept_unsure: bool
    """True where nothing was marked withdrawn because not everything could be read."""
    duplicates: int
    """Pictures that are the same file as an earlier one of the same artist."""
    resumed: int
    """Pictures whose hashes an interrupted run had already made."""


def build(
    sources: Sequence[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    options: BuildOptions = DEFAULT_OPTIONS,
    *,
    today: date,
    spool: Path | None = None,
    progress: Progress | None = None,
) -> BuildResult:
    """Hash the pictures of a folder per artist and write them as an index.

    An index that is already at `out` gets a new version. `spool` is a folder for results that outlive an
    interruption; a run with the same sources resumes from it. Without one, an interrupted run starts anew.

    Raises:
        UsageError: a source is missing or holds no artist, or `out` holds something else than an index.
        ConfigError: an artist.toml is off.
        IndexProblem: another process writes `out`, the disk is full, or the index there is damaged.
    """
    found = find_artists([Path(source) for source in sources], options.artist)
    target = Path(os.path.realpath(out))
    with replacing(target) as new:
        old = open_index(target, check_signature=False) if (target / MANIFEST).exists() else None
        results = Spool(spool or target.with_name(f".{target.name}.new-{secrets.token_hex(4)}"))
        try:
            resumed = _hash(found.pictures, options, results, progress)
            works = _BuiltWorks(found.pictures, options, results)
            segment = Segment(works.table(), works.regions if options.regions else None)
            # what could not be looked at is not known to be gone
            unsure = bool(works.skipped or found.left_out)
            joined = carry_over(
                content_of(old) if old else None,
                Content(found.artists, (segment,)),
                today.isoformat(),
                options.keep or unsure,
                found.described,
            )
            written = write_version(
                new, joined.content, today=today, label=options.label, old=old, default_name=target.name
            )
        except BaseException:
            results.flush()
            if spool is None:
                results.forget()
            raise
    results.forget()
    return BuildResult(
        manifest=written.manifest,
        unchanged=written.unchanged,
        unsigned=written.unsigned,
        found=found,
        added=joined.added,
        withdrawn=joined.withdrawn,
        still_withdrawn=joined.still_withdrawn,
        skipped=(*works.skipped, *(Skip(key, "unsupported", EXPORT_IT) for key in found.unread)),
        kept_unsure=unsure and old is not None and not options.keep,
        duplicates=works.duplicates,
        resumed=resumed,
    )


def _mark(picture: SourcePicture, options: BuildOptions) -> bytes:
    made = (kind.algorithm for kind in hash_kinds.kinds() if not kind.asked or kind.name in options.asked)
    return stamp((picture.path, picture.size, picture.mtime_ns, options.regions, REGIONS_ALGORITHM, *made))


def _hash(pictures: Sequence[SourcePicture], options: BuildOptions, results: Spool, progress: Progress | None) -> int:
    """Hash what the spool does not hold yet; return how many it held."""
    todo = [picture for picture in pictures if _mark(picture, options) not in results]
    done = resumed = len(pictures) - len(todo)
    if progress is not None:
        progress(done, len(pictures))
    jobs = [HashJob(picture.key, picture.path, options.regions, options.asked) for picture in todo]
    for place, hashed in hash_all(jobs, options.jobs):
        results.add(_mark(todo[place], options), hashed)
        done += 1
        if progress is not None:
            progress(done, len(pictures))
    results.flush()
    return resumed


class _BuiltWorks:
    """The works that hashed pictures give: repeated files once, unreadable pictures as skips."""

    def __init__(self, pictures: Sequence[SourcePicture], options: BuildOptions, results: Spool) -> None:
        self._options = options
        self._results = results
        self._kept: list[SourcePicture] = []
        self._pictures = pictures
        self.skipped: list[Skip] = []
        self.duplicates = 0

    def table(self) -> pa.Table:
        """The works. Fills `skipped` and `duplicates`."""
        return pa.concat_tables([works_schema().empty_table(), *works_tables(self._records())])

    def regions(self) -> Iterator[pa.Table]:
        """Region rows in the order of `table`."""
        rest = iter(self._kept)
        while batch := list(islice(rest, REGION_ROW_GROUP)):
            hashed = [self._get(picture) for picture in batch]
            yield features_table([work_id(item.sha256) for item in hashed], [item.regions for item in hashed])

    def _get(self, picture: SourcePicture) -> Hashed:
        return self._results.get(_mark(picture, self._options))

    def _records(self) -> Iterator[WorkRecord]:
        seen: set[tuple[str, bytes]] = set()
        for picture in self._pictures:
            hashed = self._get(picture)
            if hashed.reason is not None:
                self.skipped.append(Skip(safe_text(picture.key), hashed.reason, hashed.detail))
            elif (picture.artist, hashed.sha256) in seen:
                self.duplicates += 1
            else:
                seen.add((picture.artist, hashed.sha256))
                self._kept.append(picture)
                yield _record(picture, hashed, self._options.titles)


def _record(picture: SourcePicture, hashed: Hashed, titles: bool) -> WorkRecord:
    note = picture.note or NOTHING_SAID
    whole, *views = hashed.views
    record = WorkRecord(
        work_id=work_id(hashed.sha256),
        artist_id=picture.artist,
        title=note.title or (safe_text(Path(picture.key).name) if titles else None),
        uri=note.uri,
        width=hashed.width,
        height=hashed.height,
        sha256=(hashed.sha256,),
        pixel_sha256=hashed.pixel_sha256,
        pdq=whole.pdq,
        pdq_quality=whole.pdq_quality,
        phash=whole.phash,
        views=tuple(views),
        preference=note.preference,
        declared=note.declared,
        expires=note.expires,
        policy=note.policy,
    )
    return with_values(record, {name: _stored(hash_kinds.named(name), code) for name, code in hashed.further})


def _stored(kind: HashKind, code: bytes) -> bytes | str:
    return kind.load().text_of(code) if kind.text else code
