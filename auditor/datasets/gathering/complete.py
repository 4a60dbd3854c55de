"""What every layout's samples get on their way to the audit: their composed captions, and what was not looked at.

A layout gives the parts of a caption (lines, prefixes, names of folders) as texts. A name may stand in none of them
and only in what the trainer puts together, so the composed captions are searched besides. A note that says that
something was not looked at becomes a sample of its own that is counted and skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.datasets.reading.kinds import split
from auditor.model import Caption, Note, Sample, Text

PLACES_TOLD = 4
"""Parts of a composed caption whose places are told."""
LEAST_PART = 4
"""Characters of a text from which it is a part of a caption also in the middle of a word."""
SHARED_KEPT = 10_000
"""Texts of configurations that are remembered."""
BYTE_ORDER_MARK = "\ufeff"


class Completer:
    """Completes samples in their order; it remembers what configurations said, which comes before the pictures."""

    def __init__(self) -> None:
        self._shared: set[str] = set()
        self._missing: set[str] = set()

    def __call__(self, sample: Sample) -> Iterator[Sample]:
        """Yield the sample with its composed captions as texts, then what its notes say was not looked at.

        What is missing is counted once, though the layout and the look into unread listings may both come upon it.
        """
        if sample.skip == "missing" and not sample.captions and sample.path in self._missing:
            return
        if sample.skip == "missing" and len(self._missing) < SHARED_KEPT:
            self._missing.add(sample.path)
        if sample.kind == "carrier" and len(self._shared) < SHARED_KEPT:
            self._shared.update(folded(text.value).strip() for text in sample.texts if text.kind == "config")
        yield with_composed(sample, self._shared)
        for note in sample.notes:
            if note.skip is not None and sample.skip is None:
                yield unseen(sample.path, note)


def with_composed(sample: Sample, shared: set[str] | frozenset[str] = frozenset()) -> Sample:
    """The sample with a text for every caption that none of its texts says already, white space folded in all.

    `shared` are the texts of configurations: a caption that is one of them is searched there.
    """
    texts = tuple(map(_folded_text, sample.texts))
    known = {text.value.strip() for text in texts}
    more: list[Text] = []
    for caption in sample.captions:
        value = folded(caption.text).strip()
        if value and value not in known and value not in shared:
            known.add(value)
            more.extend(_composed(value, caption, texts, trained=sample.trained))
    if not more and texts == sample.texts:
        return sample
    return replace(sample, texts=(*texts, *more))


def folded(text: str) -> str:
    """White space of any kind and number, line ends included, as one blank; a byte order mark is none of the text."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text
    odd = "  " in text or any((c.isspace() and c != " ") or c == BYTE_ORDER_MARK for c in text)
    return " ".join(text.replace(BYTE_ORDER_MARK, " ").split()) if odd else text


def _folded_text(text: Text) -> Text:
    value = folded(text.value)
    return text if value == text.value else replace(text, value=value)


def _composed(value: str, caption: Caption, texts: tuple[Text, ...], *, trained: bool) -> Iterator[Text]:
    """The text of a composed caption, with the places of its parts, and where they meet; none where one part is all."""
    plain = _plain(value)
    places, edges = [caption.source], set[int]()
    for text in texts:
        part = _plain(split(text.value)[0] if text.kind == "file-name" else text.value).strip()
        start = _place_of(part, plain)
        if start == 0 and len(part) == len(plain):
            return
        if start >= 0:
            edges.update((start, start + len(part)))
            places.append(text.source if text.line is None else f"{text.source}:{text.line}")
    told = ", ".join(list(dict.fromkeys(places))[:PLACES_TOLD])
    remark = f"The trainer puts this caption together from {told} and its settings."
    seams = tuple(sorted(edges - {0, len(value)}))
    yield Text(value, caption.source, caption.line, "caption", trained, remark=remark, seams=seams)


def _place_of(part: str, whole: str) -> int:
    """Where a part stands as words of their own, else, of a longer one, anywhere; -1 where it does not."""
    if not part:
        return -1
    start = f" {whole} ".rfind(f" {part} ")
    return whole.rfind(part) if start < 0 and len(part) >= LEAST_PART else start


def _plain(text: str) -> str:
    """Everything that is no letter and no digit as a blank: trainers turn underscores of names into blanks."""
    return "".join(c if c.isalnum() else " " for c in text)


def unseen(path: str, note: Note) -> Sample:
    """A sample that is counted and skipped, for what a note says was not looked at."""
    return Sample(
        path=path, payload=None, kind="carrier", trained=False, role="other", skip=note.skip, reason=note.message
    )
