"""The matcher: texts in, mentions out. `compile_matcher` makes one from a list."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from auditor.names.finding.edges import shape_of
from auditor.names.finding.exact import ExactSearch, Hit, letter_patterns, native_patterns, spaced_patterns
from auditor.names.finding.fuzzy import FuzzySearch, fuzzy_tables
from auditor.names.finding.native import has_unspaced, native_hits
from auditor.names.finding.places import Places
from auditor.names.finding.recognise import recognise
from auditor.names.interface import ListedName, NameMatch
from auditor.names.judging.context import strengthen
from auditor.names.judging.cues import NO_CUE, Strength, may_be_cued
from auditor.names.judging.mention import Mention
from auditor.names.judging.phrases import unfolded
from auditor.names.judging.reasons import reason
from auditor.names.judging.scoring import UNCUED, score
from auditor.names.judging.unspaced import cue_beside
from auditor.names.listing.ambiguity import Everyday, Grade, Judgement, everyday_of, judge
from auditor.names.listing.surfaces import Surface, surfaces
from auditor.names.reading.batch import Batch, batches, read
from auditor.names.reading.fold import is_other_script, is_unspaced
from auditor.names.reading.syntax import Reading
from auditor.names.reading.words import TextWords, text_words
from auditor.thresholds import NAMES

_WHOLE_FORMS = ("exact", "separator", "possessive", "concatenated", "spaced-out", "split")
"""Forms of the whole listed name, which several artists may share."""
_PROSE = ("caption", "prompt", "tag")
"""Kinds of text in which what has no cue beside it is put off."""
_LEET_FROM = 5
"""Letters from which a name may be written with digits."""


class CompiledMatcher:
    """Implements `interface.NameMatcher`; `find_many` is the fast way for many texts."""

    def __init__(
        self, listed: Sequence[Surface], exact: ExactSearch, fuzzy: FuzzySearch | None, everyday: Everyday
    ) -> None:
        self.surfaces = listed
        self.exact = exact
        self.fuzzy = fuzzy
        self.everyday = everyday
        self._judgements: dict[int, Judgement] = {}
        self._cued_only: dict[tuple[bool, int], bool] = {}

    def find(self, text: str, kind: str = "caption", floor: float = NAMES.review) -> tuple[NameMatch, ...]:
        """See `interface.NameMatcher.find`."""
        return self.find_many([text], kind, floor)[0]

    def find_many(
        self, texts: Sequence[str], kind: str = "caption", floor: float = NAMES.review
    ) -> list[tuple[NameMatch, ...]]:
        """`find` for each text of one kind, in order; many times faster than one by one."""
        found: list[tuple[NameMatch, ...]] = []
        for part in batches(texts):
            found.extend(self._find_batch(part, kind, floor))
        return found

    def judgement(self, number: int) -> Judgement:
        """The grade of a surface and why."""
        known = self._judgements.get(number)
        if known is None:
            known = self._judgements[number] = judge(self.surfaces[number], self.everyday)
        return known

    def _find_batch(self, texts: Sequence[str], kind: str, floor: float) -> Iterator[tuple[NameMatch, ...]]:
        batch = read(texts, self.fuzzy.near.numbers if self.fuzzy is not None else ())
        words = text_words(batch.views)
        by_text: dict[int, list[tuple[Mention, int]]] = {}
        by_reading: dict[int, list[Mention]] = {}
        doubtful = self._exact(batch, words, kind, floor, by_reading)
        if self.fuzzy is not None:
            self._guess(self.fuzzy, batch, words, by_reading)
        for reading, mentions in by_reading.items():
            for mention in self._judged(batch, words, reading, mentions, doubtful.get(reading, ()), kind):
                by_text.setdefault(batch.owner[reading], []).append((mention, reading))
        for number, text in enumerate(texts):
            native = self._native(text, floor) if has_unspaced(text) else ()
            if native or number in by_text:
                yield self._resolve(text, by_text.get(number, []), batch, native, floor)
            else:
                yield ()

    def _exact(
        self, batch: Batch, words: TextWords, kind: str, floor: float, by_reading: dict[int, list[Mention]]
    ) -> dict[int, list[Hit]]:
        """Add the mentions of the exact search; return the hits that count only if another name of the text does.

        Most hits in a long list are everyday words that happen to be listed, so what has no cue is put off first.
        """
        doubtful: dict[int, list[Hit]] = {}
        lower, bounds = batch.views.lower, batch.views.bounds.tolist()
        for hit in self.exact.hits(batch.views):
            reading = bisect_right(bounds, hit.start) - 1
            quick = floor > UNCUED and kind in _PROSE and batch.texts[batch.owner[reading]].isascii()
            near = (hit.start, hit.end, bounds[reading], bounds[reading + 1] - 1)
            if quick and self._needs_cue(hit) and not may_be_cued(lower, *near):
                doubtful.setdefault(reading, []).append(hit)
                continue
            found = list(self._mentions(hit, batch, reading, words))
            if found:
                by_reading.setdefault(reading, []).extend(found)
        return doubtful

    def _judged(
        self, batch: Batch, words: TextWords, reading: int, mentions: list[Mention], doubtful: Sequence[Hit], kind: str
    ) -> list[Mention]:
        """The mentions of a reading with their cues; `doubtful` hits join where a sure name may pass its cue on."""
        cued = self._in_source(mentions, batch, reading)
        found = strengthen(cued, batch.views, reading, kind)
        if doubtful and any(score(mention) >= NAMES.block for mention in found):
            put_off = [mention for hit in doubtful for mention in self._mentions(hit, batch, reading, words)]
            cued += self._in_source(put_off, batch, reading)
            found = strengthen(cued, batch.views, reading, kind)
        return found

    def _needs_cue(self, hit: Hit) -> bool:
        """Say whether no surface of a pattern counts without a cue, in any language."""
        key = (hit.joined, hit.pattern)
        known = self._cued_only.get(key)
        if known is None:
            patterns = self.exact.letters if hit.joined else self.exact.spaced
            grades = (self.judgement(number).grade for number in patterns.surfaces(hit.pattern))
            known = self._cued_only[key] = all(grade > Grade.PERSONAL for grade in grades)
        return known

    def _native(self, text: str, floor: float) -> list[NameMatch]:
        """Names in their own script as they are listed, then those that are read so; one per artist and place."""
        found: list[NameMatch] = []
        places = Places()
        for hit in native_hits(text, self.exact):
            surface, judgement = self.surfaces[hit.surface], self.judgement(hit.surface)
            form, ceiling = ("reading", NAMES.reading) if hit.reading else ("native-script", 1.0)
            grade = max(judgement.grade, Grade.NAME_ONLY) if hit.reading else judgement.grade
            mention = Mention(hit.surface, hit.start, hit.end, form, grade, hit.cue, ceiling=ceiling)
            points = score(mention)
            if points >= floor and not places.taken(hit.start, hit.end, surface.artist_id):
                why = reason(mention, text[hit.start : hit.end], surface, judgement)
                found.append(NameMatch(surface.artist_id, surface.listed, hit.start, hit.end, points, form, why))
                places.take(found[-1])
        return found

    def _mentions(self, hit: Hit, batch: Batch, reading: int, words: TextWords) -> Iterator[Mention]:
        patterns = self.exact.letters if hit.joined else self.exact.spaced
        for number in patterns.surfaces(hit.pattern):
            surface = self.surfaces[number]
            shape = shape_of(batch.views.text, hit.start, hit.end, surface.spaced if hit.joined else None)
            if shape is None:
                continue
            judgement = self.judgement(number)
            grade = judgement.grade
            if judgement.languages:
                language = words.language(words.number_at(hit.start))
                grade = judgement.within(language)
                foreign = language != "en" and not batch.texts[batch.owner[reading]].isascii()
                if foreign and grade is Grade.DISTINCTIVE:
                    grade = Grade.NAME_ONLY
            if grade is Grade.PERSONAL and shape.form in ("concatenated", "spaced-out"):
                grade = Grade.DISTINCTIVE
            if grade is not Grade.DISTINCTIVE and (not shape.same_words or shape.hard_gap):
                continue
            if batch.readings[reading].kind == "leet" and len(surface.letters) < _LEET_FROM:
                continue
            if shape.form == "split" and " " not in surface.spaced:
                grade = max(grade, Grade.NAME_ONLY)
            ceiling = NAMES.split if shape.hard_gap or shape.form == "split" else 1.0
            yield Mention(
                number, hit.start, hit.end, shape.form, grade, NO_CUE, 0, ceiling, surface.is_tag, surface.ambiguous
            )

    def _guess(self, fuzzy: FuzzySearch, batch: Batch, words: TextWords, by_reading: dict[int, list[Mention]]) -> None:
        """Add what the fuzzy search finds outside the exact mentions that count by themselves."""
        covered = np.zeros(len(batch.views.text) + 1, dtype=np.bool_)
        for mentions in by_reading.values():
            for mention in mentions:
                if mention.grade is Grade.DISTINCTIVE and " " in self.surfaces[mention.surface].spaced:
                    covered[mention.start : mention.end] = True
        for guess in fuzzy.guesses(words, batch.views, covered):
            judgement = self.judgement(guess.surface)
            found = recognise(guess, fuzzy, self.surfaces[guess.surface], judgement, words, batch.views)
            if found is not None:
                by_reading.setdefault(int(words.reading[guess.first]), []).append(found)

    def _in_source(self, mentions: Sequence[Mention], batch: Batch, reading: int) -> list[Mention]:
        checked = (self._cued_in_source(mention, batch, reading) for mention in mentions)
        return [mention for mention in checked if mention is not None]

    def _cued_in_source(self, mention: Mention, batch: Batch, reading: int) -> Mention | None:
        """Look at the text as it was given for what folding took away: cues in Han, kana and Hangul, and the script.

        A whole word of another script that reads like a listed name is that name only beside a cue; what reaches over
        Han, kana or Hangul is no name at all (None).
        """
        text = batch.texts[batch.owner[reading]]
        if batch.readings[reading].kind == "inflected":
            surface = self.surfaces[mention.surface]
            if mention.edits or surface.listed.islower():
                return None  # a tag or a slip with an ending is some other word
            if " " not in surface.spaced:
                mention = replace(mention, grade=max(mention.grade, Grade.NAME_ONLY))
        if text.isascii():
            return mention
        start, end = batch.source_span(reading, mention.start, mention.end)
        if has_unspaced(text[start:end]) and any(c.isalpha() and is_unspaced(c) for c in text[start:end]):
            return None
        cue = cue_beside(text, start, end)
        if cue.strength is Strength.STRONG:
            mention = replace(mention, cue=cue)
        if is_other_script(text[start:end]) and not is_other_script(self.surfaces[mention.surface].listed):
            if mention.form == "split":
                return None
            mention = replace(mention, grade=max(mention.grade, Grade.NAME_ONLY))
        return mention

    def _resolve(
        self, text: str, found: list[tuple[Mention, int]], batch: Batch, native: Sequence[NameMatch], floor: float
    ) -> tuple[NameMatch, ...]:
        """Map to the source, let longer names swallow shorter ones, keep one per artist and place."""
        accepted: list[NameMatch] = list(native)
        places = Places(accepted)
        for mention, reading in sorted(found, key=_rank):
            points = score(mention)
            if points < floor:
                continue
            start, end = batch.source_span(reading, mention.start, mention.end)
            surface = self.surfaces[mention.surface]
            if places.taken(start, end, surface.artist_id if mention.form in _WHOLE_FORMS else None):
                continue
            cue = mention.cue if text.isascii() else replace(mention.cue, phrase=unfolded(mention.cue.phrase, text))
            written = replace(mention, form=_form(mention, batch.readings[reading], text[start:end]), cue=cue)
            why = reason(written, text[start:end], surface, self.judgement(mention.surface))
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
    everyday = everyday_of(listed)
    fuzzy = FuzzySearch(listed, fuzzy_tables(listed), everyday) if misspellings else None
    return CompiledMatcher(listed, exact, fuzzy, everyday)


def _rank(pair: tuple[Mention, int]) -> tuple[int, float, int, int, int]:
    """Longer mentions first, then the surer, the better spelt, the earlier in the text and in the list."""
    mention = pair[0]
    return (-mention.length, -score(mention), mention.edits, mention.start, mention.surface)


def _form(mention: Mention, reading: Reading, written: str) -> str:
    """The form that a reader sees: what had to be undone names it."""
    if mention.edits or mention.form not in ("exact", "separator", "possessive"):
        return mention.form
    if reading.kind in ("look-alike", "leet", "inflected"):
        return reading.kind
    if not written.isascii():
        if is_other_script(written):
            return "transcribed"
        return "accents" if any(_has_accent(character) for character in written) else "look-alike"
    if reading.kind == "decoded" and any(mark in written for mark in "&%\\"):
        return "encoded"
    return mention.cue.form or mention.form


def _has_accent(character: str) -> bool:
    return character > "\x7f" and unicodedata.category(unicodedata.normalize("NFD", character)[-1]) == "Mn"
