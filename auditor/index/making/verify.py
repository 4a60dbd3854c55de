"""The complete check of an index: every byte, every row, the signature and the version chain."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from auditor.errors import IndexCorrupt, IndexProblem, IndexUntrusted
from auditor.imaging.conformance import check as run_vector
from auditor.imaging.conformance import shipped as shipped_vectors
from auditor.index.disk.atomic_folder import OWN_FILES, resolve
from auditor.index.format.manifest import Ancestor, Manifest
from auditor.index.format.preferences import is_expired
from auditor.index.format.schema import (
    ALIAS_KINDS,
    ARTISTS,
    OPINIONS,
    PREFERENCES,
    REGIONS,
    STATUSES,
    VERIFICATIONS,
    WORKS,
)
from auditor.index.making.content import keys
from auditor.index.opening.lineage import Seen, check_seen, check_successor
from auditor.index.opening.store import Index, corrupt, open_index, read_manifest
from auditor.index.opening.trust import OLD_SIGNATURE, TrustedKey


@dataclass(frozen=True, slots=True)
class Verification:
    """What was checked and holds, and what a person should know."""

    index: Index
    checks: tuple[str, ...]
    warnings: tuple[str, ...]


def verify_index(
    path: str | os.PathLike[str],
    *,
    today: date,
    trusted: Sequence[TrustedKey] = (),
    seen: Seen | None = None,
    previous: Path | None = None,
    allow_expired: bool = True,
    self_test: bool = False,
) -> Verification:
    """Check everything that can be checked of an index.

    `seen` is what was verified earlier, `previous` the folder of a version this one must be made from. With
    `self_test` the shipped test vectors of the index's algorithms are run too, which takes about a second.

    Raises:
        IndexProblem: something does not hold; the message names the file and what to do.
    """
    index = open_index(path, hash_limit=None, trusted=trusted)
    checks = ["index.json: canonical, and its digest holds"]
    checks += [f"{name}: SHA-256 and {entry.rows:,} rows" for name, entry in index.manifest.files.items()]
    _rows(index)
    checks.append("rows: ids are unique, works have artists, values are of the vocabulary")
    if self_test and (tested := _self_test(index)):
        checks.append(f"self-test: this machine makes the hashes of {', '.join(tested)} as they must be")
    if index.signature:
        state = "by a trusted key" if index.signature.startswith("verified:") else "no key was given to trust it"
        checks.append(f"index.sig: signature holds, {state}")
    if previous is not None:
        before = read_manifest(resolve(previous), str(previous))
        _require_same_list(index.manifest, before, previous)
        check_successor(index.manifest, Ancestor(before.version, before.digest), str(path))
        checks.append(f"version chain: made from version {before.version} in {previous}")
    if seen is not None:
        check_seen(seen, index.manifest, os.path.realpath(path), bool(trusted))
        checks.append("version chain: no older version and no fork of what was verified here before")
    return Verification(index, tuple(checks), _warnings(index, today, trusted, allow_expired))


@cache
def _self_test(index: Index) -> tuple[str, ...]:
    """Run the shipped vectors of the algorithms that the index was made with; returns their names."""
    vectors = [vector for vector in shipped_vectors()["vectors"] if vector["algorithm"] in index.manifest.hashes]
    for result in map(run_vector, vectors):
        if not result.passed:
            raise IndexProblem(
                f"{index.path}: this machine makes {result.algorithm} otherwise than it must be ({result.vector}: "
                f"{result.detail}), so pictures would not be found. Install provenance-auditor and its packages again."
            )
    return tuple(sorted({str(vector["algorithm"]) for vector in vectors}))


def _require_same_list(manifest: Manifest, before: Manifest, previous: Path) -> None:
    if manifest.id != before.id:
        raise IndexCorrupt(
            f"{previous} is another list ('{before.name}', id {before.id}), not an earlier version of "
            f"'{manifest.name}'. Give the folder of an earlier version of the same list."
        )


def _warnings(index: Index, today: date, trusted: Sequence[TrustedKey], allow_expired: bool) -> tuple[str, ...]:
    warnings = []
    manifest = index.manifest
    if is_expired(manifest.expires, today):
        text = f"it expired on {manifest.expires}: fetch a newer version from the publisher."
        if not allow_expired:
            raise IndexUntrusted(f"{index.path}: {text}")
        warnings.append(text)
    if index.signature is None:
        warnings.append("it is not signed, so it cannot be told who made it.")
    elif not trusted:
        warnings.append("it is signed, but no key was given to trust: pin the publisher's with --trust.")
    extra = sorted(item.name for item in index.path.iterdir() if item.name not in (*OWN_FILES, OLD_SIGNATURE))
    if extra:
        warnings.append(f"files beside it that are not covered by its digest: {', '.join(extra[:5])}.")
    return tuple(warnings)


def _rows(index: Index) -> None:
    """Everything that a reader relies on and that a digest cannot show."""
    artists = index.table(ARTISTS)
    _require(index, ARTISTS, _unique(artists["artist_id"]), "an artist id is there twice")
    _require(index, ARTISTS, pc.all(pc.greater(pc.list_value_length(artists["names"]), 0)), "an artist has no name")
    for column, allowed in (("status", STATUSES), ("preference", PREFERENCES), ("verification", VERIFICATIONS)):
        _vocabulary(index, ARTISTS, artists[column], allowed)
    alias_kinds = pc.struct_field(pc.list_flatten(artists["aliases"]).combine_chunks(), "kind")
    _vocabulary(index, ARTISTS, alias_kinds, ALIAS_KINDS)
    works = index.table(WORKS, ["work_id", "artist_id", "status", "sha256", "preference"])
    _require(index, WORKS, _unique(keys(works)), "a work id is there twice for one artist")
    lengths = pc.binary_length(pc.list_flatten(works["sha256"]))
    _require(index, WORKS, pc.all(pc.equal(lengths, 32)), "a file digest has not 32 bytes")
    known = pc.is_in(works["artist_id"], artists["artist_id"].combine_chunks())
    _require(index, WORKS, pc.all(known), "a work refers to an artist that is not listed")
    _vocabulary(index, WORKS, works["status"], STATUSES)
    for use in ("generative_training", "training", "inference"):
        _vocabulary(index, WORKS, pc.struct_field(works["preference"].combine_chunks(), use), PREFERENCES)
    if index.has_regions:
        _region_rows(index, works["work_id"].combine_chunks())
    _require(
        index,
        "feedback.parquet",
        pa.scalar(all(opinion.opinion in OPINIONS for opinion in index.feedback)),
        "an opinion is not of the vocabulary",
    )


def _region_rows(index: Index, work_ids: pa.Array) -> None:
    total = 0
    for first, table in index.region_tables():
        same = table["work_id"].combine_chunks().equals(work_ids.slice(first, table.num_rows))
        _require(index, REGIONS, pa.scalar(same), "its rows are not those of works.parquet")
        counts = [pc.fill_null(pc.list_value_length(table[name]), 0).to_numpy() for name in table.schema.names[1:]]
        equal = all(np.array_equal(counts[0], other) for other in counts[1:])
        _require(index, REGIONS, pa.scalar(equal), "a work has more positions than hashes, or fewer")
        total += table.num_rows
    _require(index, REGIONS, pa.scalar(total == len(work_ids)), "it has fewer rows than works.parquet")


def _unique(column: pa.ChunkedArray) -> pa.Scalar:
    return pa.scalar(pc.count_distinct(column).as_py() == len(column))


def _vocabulary(index: Index, name: str, column: pa.ChunkedArray | pa.Array, allowed: Sequence[str]) -> None:
    known = pc.or_(pc.is_null(column), pc.is_in(column, pa.array(allowed, pa.string())))
    _require(index, name, pc.all(known), f"a value is none of {', '.join(allowed)}")


def _require(index: Index, name: str, holds: pa.Scalar, why: str) -> None:
    if holds.as_py() is False:
        raise corrupt(index.path, name, why)
