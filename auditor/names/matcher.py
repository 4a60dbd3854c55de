"""The matcher: texts in, mentions out. `compile_matcher` makes one from a list."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from auditor.names import tables
from auditor.names.ambiguity import Grade, Judgement, judge
from auditor.names.context import strengthen
from auditor.names.cues import Cue, Strength
from auditor.names.edges import shape_of
from auditor.names.exact import ExactSearch, Hit, letter_patterns, native_patterns, spaced_patterns
from auditor.names.fuzzy import FuzzySearch, fuzzy_tables, text_words
from auditor.names.interface import ListedName, NameMatch
from auditor.names.mention import Mention
from auditor.names.native import native_hits
from auditor.names.places import Places
from auditor.names.recognise import recognise
from auditor.names.scoring import REVIEW, reason, score
from auditor.names.surfaces import Surface, surfaces
from auditor.names.syntax import Reading, readings
from auditor.names.views import Views, build_views

_FULL_NATIVE = 2
"""Characters up to which a native name says too little alone."""
BATCH_CHARACTERS = 200_000
"""Texts are searched together up to about this many characters."""


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Texts, their readings, and which text each reading is of."""

    texts: Sequence[str]
    kinds: Sequence[str]
    readings: Sequence[Reading]
    owner: Sequence[int]
    views: Views


class CompiledMatcher:
    """Implements `interface.NameMatcher`; `find_many` is the fast way for many texts."""

    def __init__(self, listed: Sequence[Surface], exact: ExactSearch, fuzzy: FuzzySearch | None) -> None:
        self.surfaces = listed
        self.exact = exact
        self.fuzzy = fuzzy
        self._judgements: dict[int, Judgement] = {}

    def find(self, text: str, kind: str = "caption") -> tuple[NameMatch, ...]:
        """See `interface.NameMatcher.find`."""
        return self.find_many([text], kind)[0]

    def find_many(self, texts: Sequence[str], kind: str = "caption") -> list[tuple[NameMatch, ...]]:
        """`find` for each text of one kind, in order; many times faster than one by one."""
        found: list[tuple[NameMatch, ...]] = []
        for part in _batches(texts):
            found.extend(self._find_batch(part, kind))
        return found

    def judgement(self, number: int) -> Judgement:
        """The grade of a surface and why."""
        known = self._judgements.get(number)
        if known is None:
            known = self._judgements[number] = judge(self.surfaces[number])
        return known

    def _find_batch(self, texts: Sequence[str], kind: str) -> Iterator[tuple[NameMatch, ...]]:
        batch = _read(texts, kind)
        by_text: dict[int, list[tuple[Mention, int]]] = {}
        by_reading: dict[int, list[Mention]] = {}
        for hit in self.exact.hits(batch.views):
            reading = batch.views.reading(hit.start)
            by_reading.setdefault(reading, []).extend(self._mentions(hit, batch, reading))
        if self.fuzzy is not None:
            self._guess(self.fuzzy, batch, by_reading)
        for reading, mentions in by_reading.items():
            for mention in strengthen(mentions, batch.views, reading, kind):
                by_text.setdefault(batch.owner[reading], []).append((mention, reading))
        for number, text in enumerate(texts):
            native = self._native(text) if not text.isascii() else ()
            if native or number in by_text:
                yield self._resolve(text, by_text.get(number, []), batch, native)
            else:
                yield ()

    def _native(self, text: str) -> list[NameMatch]:
        """Names in their own script, longest first."""
        found: list[NameMatch] = []
        for hit in native_hits(text, self.exact):
            for number in self.exact.native.surfaces(hit.pattern):
                surface = self.surfaces[number]
                cue = Cue(Strength.STRONG if hit.cue else Strength.NONE, hit.cue)
                grade = self.judgement(number).grade if len(surface.native) > _FULL_NATIVE else Grade.NAME_ONLY
                mention = Mention(number, hit.start, hit.end, "native-script", grade, cue)
                if score(mention) >= REVIEW:
                    why = reason(mention, text[hit.start : hit.end], surface.listed, self.judgement(number))
                    found.append(
                        NameMatch(
                            surface.artist_id, surface.listed, hit.start, hit.end, score(mention), mention.form, why
                        )
                    )
        return found

    def _mentions(self, hit: Hit, batch: Batch, reading: int) -> Iterator[Mention]:
        patterns = self.exact.letters if hit.joined else self.exact.spaced
        for number in patterns.surfaces(hit.pattern):
            surface = self.surfaces[number]
            shape = shape_of(batch.views.text, hit.start, hit.end, surface.spaced if hit.joined else None)
            if shape is None:
                continue
            grade = self.judgement(number).grade
            if grade is Grade.PERSONAL and shape.form in ("concatenated", "spaced-out"):
                grade = Grade.DISTINCTIVE
            if grade is not Grade.DISTINCTIVE and (not shape.same_words or shape.hard_gap):
                continue
            ceiling = 0.75 if shape.hard_gap or shape.form == "split" else 1.0
            yield Mention(number, hit.start, hit.end, shape.form, grade, ceiling=ceiling)

    def _guess(self, fuzzy: FuzzySearch, batch: Batch, by_reading: dict[int, list[Mention]]) -> None:
        """Add what the fuzzy search finds outside the exact mentions that count by themselves."""
        covered = np.zeros(len(batch.views.text) + 1, dtype=np.bool_)
        for mentions in by_reading.values():
            for mention in mentions:
                if mention.grade is Grade.DISTINCTIVE and len(self.surfaces[mention.surface].spaced.split()) > 1:
                    covered[mention.start : mention.end] = True
        text = text_words(batch.views)
        for guess in fuzzy.guesses(text, batch.views, covered):
            found = recognise(guess, fuzzy, text, batch.views, self.judgement(guess.surface).grade)
            if found is not None:
                by_reading.setdefault(int(text.reading[guess.first]), []).append(found.mention)

    def _resolve(
        self, text: str, found: list[tuple[Mention, int]], batch: Batch, native: Sequence[NameMatch]
    ) -> tuple[NameMatch, ...]:
        """Map to the source, let longer names swallow shorter ones, keep one per artist and place."""
        accepted: list[NameMatch] = list(native)
        places = Places(accepted)
        for mention, reading in sorted(found, key=lambda pair: (-pair[0].length, -score(pair[0]), pair[0].start)):
            points = score(mention)
            if points < REVIEW:
                continue
            offset = int(batch.views.bounds[reading])
            source = batch.readings[reading]
            start, end = source.folded.span(mention.start - offset, mention.end - offset)
            surface = self.surfaces[mention.surface]
            if places.taken(start, end, surface.artist_id):
                continue
            written = replace(mention, form=_form(mention, source, text[start:end]))
            why = reason(written, text[start:end], surface.listed, self.judgement(mention.surface))
            match = NameMatch(surface.artist_id, surface.listed, start, end, points, written.form, why)
            accepted.append(match)
            places.take(match)
        return tuple(sorted(accepted, key=lambda match: (match.start, match.end, match.artist_id)))


def compile_matcher(names: Iterable[ListedName], misspellings: bool = True) -> CompiledMatcher:
    """Build a matcher from the names and aliases of a list. Names without a letter or digit are left out.

    Without `misspellings` only whole listed names are found, in any writing; no near spellings, initials or surnames.
    """
    listed = surfaces(names)
    exact = ExactSearch(spaced_patterns(listed), letter_patterns(listed), native_patterns(listed))
    return CompiledMatcher(listed, exact, FuzzySearch(listed, fuzzy_tables(listed)) if misspellings else None)


def _batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    start, size = 0, 0
    for number, text in enumerate(texts):
        size += len(text) + 1
        if size >= BATCH_CHARACTERS:
            yield texts[start : number + 1]
            start, size = number + 1, 0
    if start < len(texts):
        yield texts[start:]


def _read(texts: Sequence[str], kind: str) -> Batch:
    found: list[Reading] = []
    owner: list[int] = []
    look_alikes = tables.look_alikes()
    for number, text in enumerate(texts):
        for reading in readings(text, look_alikes):
            found.append(reading)
            owner.append(number)
    views = build_views([reading.folded.text for reading in found])
    return Batch(texts, [kind] * len(texts), found, owner, views)


def _form(mention: Mention, reading: Reading, written: str) -> str:
    """The form that a reader sees: what had to be undone names it."""
    if mention.edits or mention.form not in ("exact", "separator", "possessive"):
        return mention.form
    if reading.kind in ("look-alike", "leet"):
        return reading.kind
    if not written.isascii():
        return "accents" if any(_has_accent(character) for character in written) else "look-alike"
    if reading.kind == "decoded" and any(mark in written for mark in "&%\\"):
        return "encoded"
    return mention.cue.form or mention.form


def _has_accent(character: str) -> bool:
    return character > "\x7f" and unicodedata.category(unicodedata.normalize("NFD", character)[-1]) == "Mn"
