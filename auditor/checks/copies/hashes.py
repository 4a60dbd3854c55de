"""Whole-picture copies: digests, then every kind of hash that the opened indexes have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from auditor.checks.copies.regions.matches import RegionMatch
from auditor.checks.interface import CopySearcher, ListedWork, WorkHit
from auditor.checks.listing import eased
from auditor.fingerprint import fingerprint
from auditor.imaging.hash_kind import HashKind, bound
from auditor.imaging.pdq import ORIENTATIONS
from auditor.imaging.pixels import Picture
from auditor.imaging.views import WholeView
from auditor.model import Finding, Match, Reference, Severity, Tier, Work
from auditor.rules import BY_ID
from auditor.support.extras import available
from auditor.thresholds import Thresholds

RULE_OF_TIER: dict[Tier, str] = {"exact": "copy.exact", "pixels": "copy.pixels", "whole": "copy.whole"}
PICTURE_SUFFIXES = frozenset({"png", "jpg", "jpeg", "webp", "gif", "tif", "tiff", "bmp", "avif"})


@dataclass(frozen=True, slots=True)
class CopyCandidate:
    """A work that some tier found, before it is rendered."""

    work: int
    rule: str
    severity: Severity
    match: Match
    sentence: str = ""
    """What the region tier says of it; empty for the other tiers."""
    kind: HashKind | None = None
    """What kind of hash found it; None for digests and regions."""

    @property
    def strength(self) -> tuple[int, int, int]:
        """Sort key: the stronger, the smaller."""
        tiers = ("exact", "pixels", "whole", "region")
        distance = self.match.distance or 0
        return (("high", "medium", "low").index(self.severity), tiers.index(self.match.tier), distance)


def digest_candidates(hits: Iterable[WorkHit], tier: Tier) -> Iterator[CopyCandidate]:
    """Candidates of the exact or the pixels tier."""
    for hit in hits:
        yield CopyCandidate(hit.work, RULE_OF_TIER[tier], "high", Match(tier, distance=0, algorithm="sha256"))


def hash_candidates(
    picture: Picture, views: Sequence[WholeView], searcher: CopySearcher, thresholds: Thresholds
) -> tuple[CopyCandidate, ...]:
    """Candidates of the whole tier, one per work. Views that are too plain take no part.

    A kind whose package is not installed is left out.
    """
    usable = [view for view in views if view.quality >= thresholds.pdq_quality]
    if not usable:
        return ()
    hits: dict[int, list[tuple[HashKind, WorkHit]]] = {}
    for kind in searcher.kinds:
        if kind.compared is None or (kind.extra is not None and not available(kind.extra)):
            continue
        codes = kind.load().codes(picture, usable)
        near = searcher.by_hash(kind.name, codes, bound(thresholds, kind.compared.reach))
        for work, hit in _nearest(near).items():
            hits.setdefault(work, []).append((kind, hit))
    graded = (_grade(work, found, usable, thresholds) for work, found in sorted(hits.items()))
    return tuple(candidate for candidate in graded if candidate is not None)


def region_candidate(found: RegionMatch, searcher: CopySearcher) -> CopyCandidate:
    """A match of the region tier as a candidate."""
    title = shown_title(searcher.listed(found.work).work)
    return CopyCandidate(found.work, found.rule, BY_ID[found.rule].severity, found.match, found.sentence(title))


def _nearest(hits: Iterable[WorkHit]) -> dict[int, WorkHit]:
    best: dict[int, WorkHit] = {}
    for hit in hits:
        known = best.get(hit.work)
        if known is None or (hit.distance, hit.query) < (known.distance, known.query):
            best[hit.work] = hit
    return best


def _grade(
    work: int, hits: Sequence[tuple[HashKind, WorkHit]], views: Sequence[WholeView], thresholds: Thresholds
) -> CopyCandidate | None:
    """Grade one work by the most trusted kind that is near enough to count by itself; others can confirm it."""
    for kind, hit in hits:
        assert kind.compared is not None
        confirmed = any(other.compared and other.compared.confirms for other, _ in hits if other is not kind)
        rule = kind.compared.rule(hit.distance, confirmed, thresholds)
        if rule is not None:
            return CopyCandidate(work, rule, BY_ID[rule].severity, _match(hit, views, kind), kind=kind)
    return None


def _match(hit: WorkHit, views: Sequence[WholeView], kind: HashKind) -> Match:
    if kind.compared is None or not kind.compared.oriented:
        return Match("whole", distance=hit.distance, algorithm=kind.algorithm)
    position, orientation = divmod(hit.query, len(ORIENTATIONS))
    mirrored, turned = ORIENTATIONS[orientation]
    # The row says how the sample must be changed to give the work; the finding says how the work was changed. A
    # mirroring followed by a turn is its own inverse, a turn alone is undone by the turn the other way.
    rotation = turned if mirrored else (360 - turned) % 360
    return Match(
        "whole",
        distance=hit.distance,
        mirrored=mirrored,
        rotation=rotation,
        algorithm=kind.algorithm,
        view=views[position].name,
    )


def strongest_per_artist(
    candidates: Iterable[CopyCandidate], searcher: CopySearcher
) -> Iterator[tuple[CopyCandidate, ListedWork, int]]:
    """Yield for every artist the strongest whole-picture candidate and how many more works of theirs match.

    A list often holds one work several times (sizes, versions): each copy is then reported once, not once per
    version. Region candidates are all kept, because a sheet can hold several works.
    """
    groups: dict[tuple[str, str], list[tuple[CopyCandidate, ListedWork]]] = {}
    for candidate in candidates:
        listed = searcher.listed(candidate.work)
        if candidate.match.tier == "region":
            yield candidate, listed, 0
        else:
            groups.setdefault((listed.index, listed.artist.id), []).append((candidate, listed))
    for group in groups.values():
        group.sort(key=lambda pair: (pair[0].strength, pair[1].work.id))
        best, listed = group[0]
        yield best, listed, len(group) - 1


def render(
    candidate: CopyCandidate, listed: ListedWork, others: int, content: str, size: tuple[int, int] | None = None
) -> Finding:
    """Turn a candidate into a finding with an empty sample.

    `content` is the picture's file SHA-256 in hex, `size` its width and height after orientation.
    """
    work, artist = listed.work, listed.artist
    title = shown_title(work)
    sentence = candidate.sentence or _sentence(candidate, title)
    more = (f"{others} more listed work{'s' if others > 1 else ''} of this artist also match.",) if others else ()
    return Finding(
        rule=candidate.rule,
        severity=eased(candidate.severity, work.preference),
        sample="",
        message=f"{sentence[0].upper()}{sentence[1:]}. Work by {artist.names[0]}.",
        fingerprint=fingerprint(candidate.rule, content, work.id),
        artist=Reference(artist.id, artist.names[0]),
        work=Reference(work.id, work.title or ""),
        match=replace(
            candidate.match,
            sample_size=size,
            work_size=(work.width, work.height) if work.width and work.height else None,
        ),
        index=listed.index,
        remarks=(*listed.remarks, *more),
    )


def shown_title(work: Work) -> str:
    """The title as a sentence says it: a file name without its picture suffix, or the id where there is none."""
    if not work.title:
        return f"work {work.id[:12]}"
    stem, dot, suffix = work.title.rpartition(".")
    return stem if dot and stem and suffix.casefold() in PICTURE_SUFFIXES else work.title


def _sentence(candidate: CopyCandidate, title: str) -> str:
    match = candidate.match
    if match.tier == "exact":
        return f"the same file as “{title}”"
    if match.tier == "pixels":
        return f"the same pixels as “{title}”, saved again"
    turned = f", turned by {match.rotation}°" if match.rotation else ""
    kind = "mirrored copy" if match.mirrored else "copy"
    hashed = candidate.kind
    measure = f" ({hashed.title} distance {match.distance} of {hashed.bits} bits)" if hashed is not None else ""
    if hashed is not None and hashed.compared is not None and not hashed.compared.oriented:
        return f"looks like “{title}”{measure}"
    if candidate.rule == "copy.similar":
        return f"looks like a {kind} of “{title}”{turned}{measure}"
    return f"a {kind} of the whole of “{title}”{turned}{measure}"
