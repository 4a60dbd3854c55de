"""The world set: real prompts and innocent texts in ten languages against lists as published.

Three tables come out: innocent texts flagged per 10,000 (by language and list), names found behind a strong cue, and
what became of the hand-labelled findings and misses of an earlier version (by list and severity). A finding that
nobody has labelled is counted as unlabelled, never as right; `--show` prints a sample of them for a person to judge.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from auditor.names.interface import ListedName, NameMatch
from auditor.names.matcher import CompiledMatcher, compile_matcher
from auditor.names.reading.fold import fold
from benchmarks import document
from benchmarks.names import data

FOLDER = data.FOLDER / "world"
LISTS = ("n100", "n3k", "n20k", "n100k")
INNOCENT = ("multi30k", "flickr8kcn", "wmt24")
"""Sources of texts that name no artist. LAION's titles and shared prompts do name some, so they are left out."""
BLOCK = 0.8
_CUE = re.compile(
    r"\b(?:art|artwork|painting|painted|illustration|drawing|drawn|photo|photograph|portrait|made|designed|created)"
    r" by[ :]+|\bin the style of |\bstyle of |\bartist:\s?|\binspired by ",
    re.IGNORECASE,
)
_ENDS = re.compile(r"\s*(?:$|[,.;:|)\]}!\n]|and\b|&)")


@dataclass(frozen=True, slots=True)
class WorldText:
    """One text; `lang` is what its source says, `kind` prompt or innocent."""

    text: str
    source: str
    lang: str
    kind: str


def _rows(name: str) -> list[dict[str, Any]]:
    with gzip.open(FOLDER / name, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def texts() -> list[WorldText]:
    """All texts of the half that is here."""
    return [WorldText(row["text"], row["source"], row["lang"], row["kind"]) for row in _rows("texts.jsonl.gz")]


def listed(name: str) -> list[str]:
    """The artists of a list; `n100` is the first hundred of the list of 3,000."""
    with gzip.open(FOLDER / f"{'n3k' if name == 'n100' else name}.csv.gz", "rt", encoding="utf-8") as lines:
        names = [row["artist"] for row in csv.DictReader(lines)]
    return names[:100] if name == "n100" else names


def engine(name: str) -> CompiledMatcher:
    """A matcher whose artist ids are the names as listed."""
    return compile_matcher([ListedName(artist, artist) for artist in listed(name)])


def behind_a_cue(texts: Sequence[WorldText], names: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """(text, position, name) of listed names that stand right behind a strong cue and end there."""
    known = {" ".join(fold(name).text.lower().split()): name for name in names if len(name) > 2}
    longest = max(len(name.split()) for name in known)
    for number, item in enumerate(texts):
        for cue in _CUE.finditer(item.text):
            rest = fold(item.text[cue.end() : cue.end() + 120].split("\n")[0]).text
            words = list(re.finditer(r"\S+", rest))[: longest + 1]
            for count in range(len(words), 0, -1):
                phrase = rest[words[0].start() : words[count - 1].end()].rstrip(",.;:|)]}!")
                if " ".join(phrase.lower().split()) in known and _ENDS.match(rest, words[0].start() + len(phrase)):
                    yield number, cue.end(), known[" ".join(phrase.lower().split())]
                    break


def innocent_table(texts: Sequence[WorldText], found: dict[str, list[tuple[NameMatch, ...]]]) -> str:
    """Innocent texts with any finding, per 10,000, by language."""
    rows = []
    for lang in sorted({item.lang for item in texts if item.source in INNOCENT}):
        numbers = [n for n, item in enumerate(texts) if item.source in INNOCENT and item.lang == lang]
        shares = [sum(bool(found[name][n]) for n in numbers) * 1e4 / len(numbers) for name in found]
        rows.append((lang, str(len(numbers)), *(f"{share:.1f}" for share in shares)))
    return document.table(("innocent texts flagged per 10,000", "texts", *found), rows)


def cue_table(texts: Sequence[WorldText], found: dict[str, list[tuple[NameMatch, ...]]], show: bool) -> str:
    """Share of the names behind a strong cue that were found."""
    rows = []
    for name, matches in found.items():
        asked = list(behind_a_cue(texts, listed(name)))
        missed = [
            (number, at, artist)
            for number, at, artist in asked
            if not any(match.start <= at + 3 and match.end > at for match in matches[number])
        ]
        rows.append((name, f"{len(asked)}", f"{1 - len(missed) / max(1, len(asked)):.4f}"))
        for number, at, artist in missed[:60] if show else ():
            print("MISSED", name, artist, "|", texts[number].text[max(0, at - 20) : at + 40].replace("\n", " "))
    return document.table(("behind a strong cue", "names", "found"), rows)


def _severity(match: NameMatch) -> str:
    return "high" if match.score >= BLOCK else "medium"


def label_table(texts: Sequence[WorldText], found: dict[str, list[tuple[NameMatch, ...]]]) -> str:
    """Labelled findings that are still made, by list and severity, and how many have no label."""
    number_of = {item.text: number for number, item in enumerate(texts)}
    counts: Counter[tuple[str, str, str]] = Counter()
    lost: Counter[str] = Counter()
    seen: set[tuple[str, int, int]] = set()
    for row in _rows("findings.jsonl.gz"):
        number, name = number_of.get(row["text"]), row["list"]
        if number is None or name not in found:
            continue
        hits = [m for m in found[name][number] if m.start < row["end"] and row["start"] < m.end]
        if not hits and row["label"] == "true":
            lost[name] += 1
        for match in hits[:1]:
            counts[name, _severity(match), row["label"]] += 1
            seen.add((name, number, match.start))
    rows = []
    for name, matches in found.items():
        for severity in ("high", "medium"):
            every = [(n, m) for n, group in enumerate(matches) for m in group if _severity(m) == severity]
            right, wrong = counts[name, severity, "true"], counts[name, severity, "false"]
            rows.append((name, severity, str(len(every)), str(right), str(wrong), str(len(every) - right - wrong)))
        rows.append((name, "labelled true, no longer found", str(lost[name]), "", "", ""))
    return document.table(("list", "severity", "findings", "labelled true", "labelled false", "unlabelled"), rows)


def miss_table(texts: Sequence[WorldText], found: dict[str, list[tuple[NameMatch, ...]]]) -> str:
    """The labelled misses: real ones found now, right refusals still refused."""
    number_of = {item.text: number for number, item in enumerate(texts)}
    counts: Counter[tuple[str, bool]] = Counter()
    for row in _rows("misses.jsonl.gz"):
        number = number_of.get(row["text"])
        if number is not None and row["list"] in found:
            hit = any(
                m.start < row["end"] and row["start"] < m.end and m.surface == row["listed"]
                for m in found[row["list"]][number]
            )
            counts[row["label"], hit] += 1
    rows = [(label, str(counts[label, True]), str(counts[label, False])) for label in sorted({k for k, _ in counts})]
    return document.table(("labelled misses", "found now", "not found"), rows)


def speed_table(texts: Sequence[WorldText], engines: dict[str, CompiledMatcher]) -> str:
    """Texts a second of processor time on one core, nothing remembered from an earlier run."""
    groups = {
        "captions (en, fr, de, cs)": [t.text for t in texts if t.source == "multi30k"] * 3,
        "prompts (en)": [t.text for t in texts if t.source in ("civitai", "krea", "pag", "parti")],
        "captions (zh)": [t.text for t in texts if t.source == "flickr8kcn"] * 6,
        "news (ja, ru, uk)": [t.text for t in texts if t.source == "wmt24" and t.lang in ("ja", "ru", "uk")],
    }
    rows = []
    for name, matcher in engines.items():
        speeds = []
        for group in groups.values():
            best = 0.0
            for _ in range(2):
                if matcher.fuzzy is not None:
                    matcher.fuzzy.near.forget()
                start = time.process_time()
                matcher.find_many(group)
                best = max(best, len(group) / (time.process_time() - start))
            speeds.append(f"{best:,.0f}")
        rows.append((name, *speeds))
    return document.table(("texts a second", *groups), rows)


def show(texts: Sequence[WorldText], found: dict[str, list[tuple[NameMatch, ...]]], count: int) -> None:
    """Print a random sample of findings for a person to judge."""
    for name, matches in found.items():
        for severity in ("innocent", "high", "medium"):
            every = [(n, m) for n, group in enumerate(matches) for m in group if _severity(m) == severity]
            if severity == "innocent":
                every = [(n, m) for n, group in enumerate(matches) for m in group if texts[n].source in INNOCENT]
            for number, m in random.Random(5).sample(every, min(count, len(every))):
                text = texts[number].text
                around = f"{text[max(0, m.start - 40) : m.start]}[[{text[m.start : m.end]}]]{text[m.end : m.end + 30]}"
                head = f"{name} {severity} {m.score} {texts[number].source}/{texts[number].lang} {m.form}"
                print(f"{head} | {m.surface} | {around!r} | {m.reason}")


def section(lists: Sequence[str] = LISTS, shown: int = 0) -> str:
    """Every table, as Markdown."""
    every = texts()
    engines = {name: engine(name) for name in lists}
    found = {name: matcher.find_many([item.text for item in every]) for name, matcher in engines.items()}
    if shown:
        show(every, found, shown)
    return "\n\n".join(
        (
            innocent_table(every, found),
            cue_table(every, found, shown > 0),
            label_table(every, found),
            miss_table(every, found),
            speed_table(every, engines),
        )
    )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lists", nargs="+", default=list(LISTS), choices=LISTS)
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N findings of each list and severity")
    options = parser.parse_args()
    if not FOLDER.exists():
        sys.exit(f"The world set is not here ({FOLDER}); set AUDITOR_NAMES_DATA to the folder that holds it.")
    print(section(options.lists, options.show))


if __name__ == "__main__":
    main()
