"""Other tools on the same lists and texts. Run by `main.py` with an interpreter that has them; prints JSON lines.

Input (a JSON file): {"names": [...], "captions": [...], "tags": [...], "windows": [[text, artist, label]], "disguised":
[[text, name]]}. What is not installed is left out.
"""

from __future__ import annotations

import importlib.util
import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

Find = Callable[[str], bool]
SLOW_TEXTS = 300
"""Texts for a peer that takes milliseconds for each."""


def plain_automaton(names: list[str]) -> Find:
    """Exact, small letters, whole words."""
    from ahocorasick_rs import AhoCorasick

    automaton = AhoCorasick([f" {name.lower()} " for name in names])
    word = re.compile(r"[^\w]+")
    return lambda text: bool(automaton.find_matches_as_indexes(f" {word.sub(' ', text.lower())} "))


def flashtext(names: list[str]) -> Find:
    """Exact, any case, whole words."""
    from flashtext import KeywordProcessor

    processor = KeywordProcessor()
    for name in names:
        processor.add_keyword(name)
    return lambda text: bool(processor.extract_keywords(text))


def rapidfuzz_scan(names: list[str]) -> Find:
    """partial_ratio of at least 90 with any name."""
    from rapidfuzz import fuzz, process

    lowered = [name.lower() for name in names]
    return lambda text: bool(process.extractOne(text.lower(), lowered, scorer=fuzz.partial_ratio, score_cutoff=90))


def spacy_phrases(names: list[str]) -> Find:
    """PhraseMatcher on small letters."""
    import spacy
    from spacy.matcher import PhraseMatcher

    language = spacy.blank("en")
    matcher = PhraseMatcher(language.vocab, attr="LOWER")
    matcher.add("artist", list(language.pipe(names)))
    return lambda text: bool(matcher(language(text)))


PEERS: dict[str, tuple[str, Callable[[list[str]], Find], bool]] = {
    "ahocorasick_rs": ("ahocorasick_rs", plain_automaton, False),
    "flashtext": ("flashtext", flashtext, False),
    "rapidfuzz scan": ("rapidfuzz", rapidfuzz_scan, True),
    "spaCy PhraseMatcher": ("spacy", spacy_phrases, False),
}


def measure(task: dict[str, list]) -> Iterator[dict[str, float | str]]:
    """One row for each peer."""
    for name, (package, build, slow) in PEERS.items():
        if importlib.util.find_spec(package) is None:
            continue
        find = build(task["names"])
        captions = task["captions"][:SLOW_TEXTS] if slow else task["captions"]
        tags = task["tags"][:SLOW_TEXTS] if slow else task["tags"]
        disguised = task["disguised"][:SLOW_TEXTS] if slow else task["disguised"]
        start = time.perf_counter()
        false_captions = sum(map(find, captions))
        seconds = time.perf_counter() - start
        knows = build(sorted({artist for _, artist, _ in task["windows"]}))
        slips = [knows(text) for text, _, label in task["windows"] if label]
        others = [knows(text) for text, _, label in task["windows"] if not label]
        yield {
            "name": name,
            "speed": len(captions) / seconds,
            "captions": false_captions * 1e4 / len(captions),
            "tags": sum(map(find, tags)) * 1e4 / len(tags),
            "recall": sum(slips) / len(slips),
            "others": sum(others),
            "disguised": sum(find(text) for text, _ in disguised) / len(disguised),
        }


if __name__ == "__main__":
    for row in measure(json.loads(Path(sys.argv[1]).read_text("utf-8"))):
        print(json.dumps(row), flush=True)
