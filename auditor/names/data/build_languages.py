"""Build the tables of everyday words in many languages, of words seen on the web, and of famous bearers of names.

Run by hand, in an environment that has the sources; nothing imports this file:

    apt-get install wordnet-base
    pip install wordfreq
    python -m auditor.names.data.build_languages

Everyday words come from wordfreq (data: CC BY-SA 4.0, so `languages/` and `web.txt` are under that licence, see
README.md); famous bearers from WordNet. Words are folded as the engine folds texts; a table is ordered by frequency.
"""

from __future__ import annotations

import importlib
import re
import statistics
from collections.abc import Iterator, Mapping
from pathlib import Path

from auditor.names.data import build_tables
from auditor.names.reading import tables
from auditor.names.reading.fold import fold_name

HERE = Path(__file__).parent
LATIN = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "cs", "sv", "da", "nb", "fi", "tr", "id", "vi", "ro", "hu",
         "sk", "ca")  # fmt: skip
FOLDED = ("ru", "uk", "bg", "el")
"""Languages whose letters are folded to Latin ones."""
UNSPACED = ("zh", "ja", "ko")
"""Kept in their own script, to judge names listed in it; romanised in web.txt."""
EVERYDAY = 3.0
"""Zipf frequency (log10 of uses in a thousand million words) from which a word is everyday: once in a million."""
EVERYDAY_ELSEWHERE = 3.25
"""The same for languages that fewer captions are written in, or whose words have many forms."""
MOST_CAPTIONED = frozenset({"de", "fr", "es", "it", "pt", "nl", "vi", "id"})
EVERYDAY_UNSPACED = 3.5
OWN = 0.8
"""How much more frequent than in the other languages (median) a word must be to be one of its language and no name."""
WEB_ENGLISH = 1.7
WEB_OTHERS = 2.6
WEB_LANGUAGES = ("de", "fr", "es", "it", "pt", "nl", "pl")
FUNCTION_WORDS = 60
STEP = 0.25
ARTIST = re.compile(
    r"\b(?:painter|sculptor|illustrator|photographer|printmaker|engraver|cartoonist|artist|etcher|lithographer"
    r"|ukiyo|draftsman|draughtsman|caricaturist|animator)"
)


def frequencies(language: str, size: str = "best") -> Mapping[str, float]:
    """Word -> Zipf frequency."""
    wordfreq = importlib.import_module("wordfreq")
    to_zipf = wordfreq.freq_to_zipf
    return {word: to_zipf(share) for word, share in wordfreq.get_frequency_dict(language, size).items()}


def folded(words: Mapping[str, float], least: float) -> dict[str, float]:
    """Folded word of two ASCII letters and more -> Zipf frequency, the most frequent first."""
    found: dict[str, float] = {}
    for word, value in sorted(words.items(), key=lambda pair: (-pair[1], pair[0])):
        if value < least:
            break
        plain = fold_name(word).lower()
        if len(plain) > 1 and plain.isalpha():
            found.setdefault(plain, round(value, 2))
    return found


def everyday(all_words: Mapping[str, Mapping[str, float]], language: str) -> list[str]:
    """The words of one language that are words of this language, not names that every language writes."""
    others = [all_words[other] for other in LATIN if other != language]
    kept = []
    for word, value in all_words[language].items():
        if value < (EVERYDAY if language in MOST_CAPTIONED else EVERYDAY_ELSEWHERE):
            break
        if value - statistics.median(other.get(word, 0.0) for other in others) >= OWN:
            kept.append(word)
    return kept


def by_frequency(words: Mapping[str, float]) -> str:
    """Lines of a Zipf frequency, rounded to `STEP`, and the words of that frequency."""
    lines: dict[float, list[str]] = {}
    for word, value in words.items():
        lines.setdefault(round(round(value / STEP) * STEP, 2), []).append(word)
    return "".join(f"{value} {' '.join(members)}\n" for value, members in lines.items())


def function_words(all_words: Mapping[str, Mapping[str, float]], language: str) -> list[str]:
    """The most frequent words of a language that are rare in all others."""
    others = [all_words[other] for other in all_words if other != language]
    own = [
        word
        for word, value in list(all_words[language].items())[:400]
        if value - max(other.get(word, 0.0) for other in others) >= OWN
    ]
    return own[:FUNCTION_WORDS]


def web(all_words: Mapping[str, Mapping[str, float]], listed: set[str]) -> list[str]:
    """Words that are written often enough to be something, though no dictionary has them; romanised Asian words."""
    found = {word for word, value in all_words["en"].items() if value >= WEB_ENGLISH}
    for language in WEB_LANGUAGES:
        found.update(word for word, value in all_words[language].items() if value >= WEB_OTHERS)
    for language in UNSPACED:
        anyascii = importlib.import_module("anyascii").anyascii
        for word, value in frequencies(language, "small").items():
            kana = all("\u3040" <= letter <= "\u30ff" for letter in word)
            if value >= EVERYDAY_UNSPACED and len(word) <= 4 and (language != "ja" or kana):
                found.add(anyascii(word).lower())
    return sorted(word for word in found - listed if 2 < len(word) < 13 and word.isascii() and word.isalpha())


def native(language: str) -> dict[str, float]:
    """Everyday words in their own script, two characters and more."""
    words = sorted(frequencies(language, "small").items(), key=lambda pair: (-pair[1], pair[0]))
    kept = ((w, value) for w, value in words if value >= EVERYDAY_UNSPACED and len(w) > 1)
    return {w: value for w, value in kept if not w.isascii() and w.isalpha()}


def famous() -> Iterator[str]:
    """`name|full name|artist or person`: whom a name of one word means, from WordNet's synonyms."""
    owners: dict[str, set[tuple[str, str]]] = {}
    for line in build_tables.WORDNET.read_text("iso-8859-1").splitlines():
        if not line[:8].isdigit() or "@i" not in line or line[9:11] != "18":
            continue
        data, _, gloss = line.partition("|")
        fields = data.split()
        names = [build_tables.plain(fields[4 + 2 * at].replace("_", " ")) for at in range(int(fields[3], 16))]
        if build_tables.is_fiction(gloss):
            continue
        kind = "artist" if ARTIST.search(gloss) else "person"
        full = max(names, key=lambda name: name.count(" "))
        for name in names:
            if (name and " " not in name) or (name and kind == "artist"):
                owners.setdefault(name, set()).add((full, kind))
    for name, people in sorted(owners.items()):
        artists = {person for person in people if person[1] == "artist"}
        chosen = artists if len(artists) == 1 else people
        if len(chosen) == 1:
            full, kind = next(iter(chosen))
            yield f"{name}|{full}|{kind}"


def main() -> None:
    """Write every table."""
    folder = HERE / "languages"
    folder.mkdir(exist_ok=True)
    all_words = {language: folded(frequencies(language), 1.3) for language in LATIN}
    known = {*tables.words(), *tables.given_names(), *tables.frequent_surnames(), *tables.places()}
    for language in (*LATIN[1:], *FOLDED):
        if language in FOLDED:
            words = folded(frequencies(language), EVERYDAY_ELSEWHERE)
        else:
            words = {word: all_words[language][word] for word in everyday(all_words, language)}
            known.update(words)
        (folder / f"{language}.txt").write_text(by_frequency(words), encoding="ascii")
    english = {word: value for word, value in all_words["en"].items() if value >= EVERYDAY}
    (folder / "en.txt").write_text(by_frequency(english), encoding="ascii")
    for language in UNSPACED:
        (folder / f"{language}.txt").write_text(by_frequency(native(language)), encoding="utf-8")
    all_words |= {language: folded(frequencies(language), 1.3) for language in FOLDED}
    lines = [f"{language} {' '.join(function_words(all_words, language))}" for language in (*LATIN, *FOLDED)]
    build_tables.write("function_words.txt", "language, then frequent words of no other language", lines)
    build_tables.write("web.txt", "words written often that no dictionary has", [" ".join(web(all_words, known))])
    build_tables.write("famous.txt", "name|whom it means|artist or person", famous())


if __name__ == "__main__":
    main()
