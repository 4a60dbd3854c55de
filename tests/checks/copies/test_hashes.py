"""Grades, orientations and sentences of whole-picture copies."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from auditor.checks.copies.hashes import (
    CopyCandidate,
    digest_candidates,
    hash_candidates,
    render,
    shown_title,
    strongest_per_artist,
)
from auditor.checks.interface import ListedWork, WorkHit
from auditor.imaging.perceptual import whole_views
from auditor.imaging.pixels import decode
from auditor.index.format.hash_kinds import PDQ, PHASH
from auditor.model import Artist, Match, Work
from auditor.thresholds import Thresholds
from auditor.verdict.wording import full_message
from tests.pictures import encoded, painting

ARTIST = Artist("mirela", ("Mirela Ashdown",))
OTHER = Artist("tobias", ("Tobias Quill",))


class Works:
    """A searcher over a few works by brute force, or one that gives fixed hits."""

    kinds = (PDQ, PHASH)

    def __init__(self, pictures: list[Image.Image], listed: list[ListedWork] | None = None) -> None:
        self.views = [whole_views(decode(encoded(picture)))[0] for picture in pictures]
        self.rows = listed or [
            ListedWork(Work(f"w{n}", ARTIST.id, f"Work {n}.png"), ARTIST, "index") for n in range(len(pictures))
        ]

    def _near(self, codes: np.ndarray, stored: list[np.ndarray], radius: int) -> tuple[WorkHit, ...]:
        hits = []
        for query, code in enumerate(codes):
            for work, own in enumerate(stored):
                distance = int(np.bitwise_count(code ^ own).sum())
                if distance <= radius:
                    hits.append(WorkHit(work, distance, query))
        return tuple(hits)

    def by_hash(self, kind: str, codes: np.ndarray, radius: int) -> tuple[WorkHit, ...]:
        return self._near(codes, [getattr(view, kind)[0] for view in self.views], radius)

    def listed(self, work: int) -> ListedWork:
        return self.rows[work]


TURNS = {
    (False, 0): None,
    (False, 90): Image.Transpose.ROTATE_270,  # Pillow turns counter-clockwise
    (False, 180): Image.Transpose.ROTATE_180,
    (False, 270): Image.Transpose.ROTATE_90,
    (True, 0): Image.Transpose.FLIP_LEFT_RIGHT,
    (True, 90): Image.Transpose.TRANSVERSE,
    (True, 180): Image.Transpose.FLIP_TOP_BOTTOM,
    (True, 270): Image.Transpose.TRANSPOSE,
}


@pytest.mark.parametrize(("change", "turn"), TURNS.items())
def test_the_match_says_how_the_work_was_changed(change: tuple[bool, int], turn: Image.Transpose | None) -> None:
    works = Works([painting(1), painting(2)])
    mirrored, rotation = change
    picture = painting(1) if turn is None else painting(1).transpose(turn)
    # The definition in model.Match: mirrored first, then turned clockwise.
    expected = painting(1)
    if mirrored:
        expected = expected.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    assert np.array_equal(np.asarray(expected.rotate(-rotation, expand=True)), np.asarray(picture))
    decoded = decode(encoded(picture, "JPEG", quality=70))
    (candidate,) = hash_candidates(decoded, whole_views(decoded), works, Thresholds())  # type: ignore[arg-type]
    assert candidate.rule == "copy.whole"
    assert (candidate.match.mirrored, candidate.match.rotation) == change


def test_unrelated_pictures_match_nothing() -> None:
    works = Works([painting(seed) for seed in range(10)])
    for seed in range(100, 110):
        decoded = decode(encoded(painting(seed)))
        assert hash_candidates(decoded, whole_views(decoded), works, Thresholds()) == ()  # type: ignore[arg-type]


class Fixed(Works):
    """Gives the distances it was made with, whatever the query."""

    def __init__(self, pdq: int | None, phash: int | None) -> None:
        super().__init__([painting(1)])
        self.distances = {"pdq": pdq, "phash": phash}

    def by_hash(self, kind: str, codes: np.ndarray, radius: int) -> tuple[WorkHit, ...]:
        distance = self.distances[kind]
        return (WorkHit(0, distance, 0),) if distance is not None and distance <= radius else ()


@pytest.mark.parametrize(
    ("pdq", "phash", "rule"),
    [
        (31, None, "copy.whole"),
        (32, None, "copy.similar"),
        (32, 6, "copy.whole"),
        (50, None, "copy.similar"),
        (51, None, None),
        (None, 4, "copy.similar"),
        (None, 5, None),
    ],
)
def test_two_signals_raise_the_grade(pdq: int | None, phash: int | None, rule: str | None) -> None:
    decoded = decode(encoded(painting(1)))
    found = hash_candidates(decoded, whole_views(decoded), Fixed(pdq, phash), Thresholds())  # type: ignore[arg-type]
    assert [candidate.rule for candidate in found] == ([rule] if rule else [])
    assert all(candidate.severity == ("high" if rule == "copy.whole" else "medium") for candidate in found)


def test_a_plain_picture_is_not_matched_by_hash() -> None:
    plain = Image.new("RGB", (400, 300), (200, 180, 160))
    decoded = decode(encoded(plain))
    views = whole_views(decoded)
    assert all(view.quality < 50 for view in views)
    assert hash_candidates(decoded, views, Fixed(0, 0), Thresholds()) == ()  # type: ignore[arg-type]


def test_one_finding_per_artist_the_strongest_first() -> None:
    rows = [
        ListedWork(Work("w0", ARTIST.id, "a"), ARTIST, "index"),
        ListedWork(Work("w1", ARTIST.id, "b"), ARTIST, "index"),
        ListedWork(Work("w2", OTHER.id, "c"), OTHER, "index"),
    ]
    works = Works([painting(1)], rows)
    candidates = [
        CopyCandidate(0, "copy.whole", "high", Match("whole", distance=9)),
        *digest_candidates([WorkHit(1, 0)], "exact"),
        CopyCandidate(2, "copy.similar", "medium", Match("whole", distance=40)),
    ]
    found = {listed.artist.id: (c.rule, others) for c, listed, others in strongest_per_artist(candidates, works)}  # type: ignore[arg-type]
    assert found == {"mirela": ("copy.exact", 1), "tobias": ("copy.similar", 0)}


def test_sentences() -> None:
    listed = ListedWork(Work("w0" * 12, ARTIST.id, "Ash Keep.png"), ARTIST, "index")
    exact = render(CopyCandidate(0, "copy.exact", "high", Match("exact")), listed, 0, "c" * 64)
    assert exact.message == "The same file as “Ash Keep”. Work by Mirela Ashdown."
    whole = Match("whole", distance=6, mirrored=True, rotation=90, algorithm="pdq@1")
    text = render(CopyCandidate(0, "copy.whole", "high", whole, kind=PDQ), listed, 2, "c" * 64)
    assert full_message(text) == (
        "A mirrored copy of the whole of “Ash Keep”, turned by 90° (PDQ distance 6 of 256 bits). "
        "Work by Mirela Ashdown. 2 more listed works of this artist also match."
    )


def test_a_constrained_listing_is_for_review_and_says_why() -> None:
    work = Work("w0", ARTIST.id, "a", preference="constrained")
    listed = ListedWork(work, ARTIST, "index", ("Training is listed as subject to conditions.",))
    finding = render(CopyCandidate(0, "copy.exact", "high", Match("exact")), listed, 0, "c" * 64)
    assert finding.severity == "medium"
    assert "subject to conditions" in full_message(finding)


@pytest.mark.parametrize(
    ("title", "shown"), [("p.v2.png", "p.v2"), ("No. 5", "No. 5"), (None, "work 123456789abc"), (".png", ".png")]
)
def test_shown_title(title: str | None, shown: str) -> None:
    assert shown_title(Work("123456789abcdef", "a", title)) == shown


def test_fingerprints_name_content_and_work_only() -> None:
    listed = ListedWork(Work("w0", ARTIST.id, "a"), ARTIST, "index")
    one = render(CopyCandidate(0, "copy.whole", "high", Match("whole", distance=3)), listed, 0, "c" * 64)
    two = render(CopyCandidate(0, "copy.whole", "high", Match("whole", distance=9, mirrored=True)), listed, 4, "c" * 64)
    other = render(CopyCandidate(0, "copy.whole", "high", Match("whole", distance=3)), listed, 0, "d" * 64)
    assert one.fingerprint == two.fingerprint != other.fingerprint
