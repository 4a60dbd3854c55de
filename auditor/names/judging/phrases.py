"""Phrases of many languages that say that an artist is meant, as the engine folds them.

Each is written as people write it and folded once. A bare "by" of another language (von, par, de) is no cue: it
stands before places and things far more often.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from auditor.names.reading.fold import fold_name

STRONG = {
    "de": ("im stil von", "im stile von", "in der art von", "nach art von", "im stil des künstlers", "gemalt von",
           "gezeichnet von", "fotografiert von", "illustriert von", "inspiriert von", "kunst von", "gemälde von"),
    "fr": ("dans le style de", "dans le style d", "au style de", "à la manière de", "à la manière d", "peint par",
           "dessiné par", "illustré par", "photographié par", "inspiré par", "inspiré de", "œuvre de", "tableau de"),
    "it": ("nello stile di", "in stile", "alla maniera di", "dipinto da", "disegnato da", "illustrato da",
           "fotografato da", "ispirato a", "ispirato da", "opera di"),
    "es": ("al estilo de", "en el estilo de", "estilo de", "con el estilo de", "a la manera de", "pintado por",
           "dibujado por", "ilustrado por", "fotografiado por", "inspirado en", "inspirado por", "obra de", "arte de"),
    "pt": ("no estilo de", "ao estilo de", "estilo de", "à maneira de", "pintado por", "desenhado por", "ilustrado por",
           "inspirado em", "inspirado por", "arte de", "obra de"),
    "ca": ("a l'estil de", "en l'estil de", "pintat per", "dibuixat per"),
    "nl": ("in de stijl van", "in stijl van", "geschilderd door", "getekend door", "geïllustreerd door",
           "geïnspireerd door", "kunst van", "schilderij van"),
    "sv": ("i stil med", "i samma stil som", "målad av", "målning av", "ritad av", "tecknad av", "inspirerad av"),
    "da": ("i stil med", "i stilen af", "malet af", "tegnet af", "maleri af", "inspireret af"),
    "nb": ("i stilen til", "i stil med", "malt av", "tegnet av", "maleri av", "inspirert av"),
    "pl": ("w stylu", "w stylistyce", "autorstwa", "namalowany przez", "namalowane przez", "namalowana przez",
           "narysowany przez", "inspirowany przez", "inspirowane twórczością", "obraz pędzla"),
    "cs": ("ve stylu", "namaloval", "namalovala", "nakreslil", "malba od", "obraz od", "inspirováno", "autor"),
    "sk": ("v štýle", "namaľoval", "nakreslil", "maľba od", "obraz od"),
    "ro": ("în stilul lui", "în stilul", "pictat de", "desenat de", "inspirat de", "operă de"),
    "hr": ("u stilu", "naslikao", "nacrtao"),
    "tr": ("sanatçı", "ressam"),
    "id": ("dengan gaya", "bergaya", "gaya", "karya", "lukisan karya", "dilukis oleh", "digambar oleh"),
    "vi": ("theo phong cách của", "theo phong cách", "phong cách của", "phong cách", "tranh của", "vẽ bởi"),
    "ru": ("в стиле", "в манере", "в духе", "картина", "работы", "кисти", "художник", "художника", "автор",
           "нарисовал", "нарисовано", "иллюстрация"),
    "uk": ("у стилі", "в стилі", "в манері", "художник", "художника", "намалював", "намальовано", "роботи"),
    "bg": ("в стила на", "в стил", "нарисувано от", "художник"),
    "el": ("στο στυλ του", "στο στυλ της", "στο στιλ του", "ζωγραφισμένο από"),
    "ar": ("بأسلوب", "رسم", "بريشة"),
    "he": ("בסגנון", "מאת"),
    "hi": ("चित्रकार",),
}  # fmt: skip
"""Before the name."""
AFTER = {
    "tr": ("tarzında", "stilinde", "üslubunda", "tarafından", "tarzı"),
    "hu": ("stílusában", "stílusú", "módjára", "festménye", "rajza"),
    "fi": ("tyyliin", "tyylillä", "maalaus", "tyylinen"),
    "hi": ("की शैली में", "शैली"),
    "de": ("stil", "gemälde"), "nl": ("stijl",), "sv": ("stil", "målning"), "et": ("stiilis",),
    "ru": ("стиль",), "pl": ("styl",),
}  # fmt: skip
"""Behind the name."""


def _joined(tables: Iterable[Iterable[str]]) -> str:
    folded = {fold_name(phrase).lower() for table in tables for phrase in table}
    return "|".join(re.escape(phrase) for phrase in sorted(folded, key=lambda phrase: (-len(phrase), phrase)) if phrase)


@cache
def before_strong() -> re.Pattern[str]:
    """Ends in a strong phrase; to be searched in a text that ends where the name starts."""
    return re.compile(rf"(?<![a-z])(?:{_joined(STRONG.values())})$")


@cache
def strong_endings() -> frozenset[str]:
    """The last words of the strong phrases."""
    return frozenset(
        re.split(r"[^a-z]", fold_name(phrase).lower().rstrip("'"))[-1] for table in STRONG.values() for phrase in table
    )


@cache
def after_beginnings() -> frozenset[str]:
    """The first words of the phrases behind a name."""
    return frozenset(re.split(r"[^a-z]", fold_name(phrase).lower())[0] for table in AFTER.values() for phrase in table)


@cache
def _originals() -> dict[str, str]:
    """Folded phrase -> the phrase as people write it, where folding changes it."""
    written = (phrase for table in (*STRONG.values(), *AFTER.values()) for phrase in table)
    return {folded: phrase for phrase in written if (folded := fold_name(phrase).lower()) != phrase}


def unfolded(clause: str, text: str) -> str:
    """A clause of a reason with the phrase that it quotes as `text` writes it."""
    head, _, rest = clause.partition("'")
    quoted = rest.removesuffix("'")
    phrase = _originals().get(quoted, "")
    return f"{head}'{phrase}'" if phrase and phrase in text.casefold() else clause


@cache
def after() -> re.Pattern[str]:
    """Begins with a phrase that follows a name."""
    return re.compile(rf"(?:['’]?[a-z]{{0,4}})?[ _-]{{1,3}}(?:{_joined(AFTER.values())})(?![a-z])")
