"""Reservations in plain words: sentences that keep AI training out, in the languages they are commonly written in.

A fixed set of patterns, each of which needs both a word for AI or a model and a word that refuses; "made without
AI" is no reservation. It is evidence for a person, never a machine-readable statement.
"""

from __future__ import annotations

import re

_AI = (
    # "Ai Weiwei" is a person.
    r"(?:(?:generative\s+)?(?:a\.?i\.?(?!\s*weiwei)|artificial\s+intelligence)(?:\s*/\s*ml)?|machine[\s-]learning|\bml\b|"
    r"gen(?:erative)?[\s-]?ai|llms?)"
)
_USE = r"(?:train(?:ing|ed|s)?|learning|scrap(?:e|ing|ed)|data[\s-]?mining|mining|datasets?|ingest(?:ion|ed)?)"
_REFUSE = (
    r"(?:prohibited|forbidden|not\s+(?:be\s+)?(?:allowed|permitted|used|licen[sc]ed|consent\w*|authori[sz]ed)|"
    r"disallowed|banned|refused|denied|reserved|withheld|opt(?:ed)?[\s-]?out)"
)
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<![\w-])#?no[\s_-]?(?:image[\s_-]?)?ai(?:[\s_-]?(?:training|scraping|use|usage|learning|art)\b|(?=\s*(?:[,.;!|)\]#]|$)))",
        rf"\bno\s+(?:use\s+(?:for|in|by)\s+)?(?:\w+\s+){{0,3}}?{_AI}\W+(?:\w+\s+){{0,2}}?{_USE}\b",
        rf"\b(?:do|does|may|must|can|shall|should|is|are)\s*(?:not|n[’']t)\b[^.;\n]{{0,80}}?\b{_AI}\b",
        r"\b(?:do|may|must|can|shall|should)\s*(?:not|n[’']t)\b[^.;\n]{0,60}?\b(?:train|training|feed)\b"
        r"[^.;\n]{0,30}?\b(?:models?|networks?|algorithms?|generators?|loras?)\b",
        rf"\bnot\s+(?:for|to\s+be\s+used|available\s+for|licen[sc]ed\s+for|intended\s+for)\b[^.;\n]{{0,40}}?\b{_AI}\b",
        rf"\b{_AI}\b[^.;\n]{{0,80}}?\b{_REFUSE}\b",
        rf"\b(?:prohibit(?:s|ed|ion)?|forbid(?:s|den)?|refuse[sd]?|opt(?:s|ed|ing)?[\s-]?out)\b[^.;\n]{{0,60}}?\b{_AI}\b",
        rf"\b(?:text\s+and\s+)?data\s+mining\b[^.;\n]{{0,60}}?\b{_REFUSE}\b",
        rf"\breserv(?:e[ds]?|ation)\b[^.;\n]{{0,60}}?\b(?:(?:text\s+and\s+)?data\s+mining|{_AI}\W+{_USE})\b",
        # German, French, Spanish, Italian, Portuguese, Dutch
        r"\bkeine?\s+(?:nutzung\s+(?:für|durch)\s+|verwendung\s+(?:für|durch)\s+)?(?:ki|künstliche\s+intelligenz)\b",
        r"\b(?:ki|künstlicher?\s+intelligenz)[\s-]?(?:training|modelle\w*|nutzung)?\b[^.;\n]{0,60}?"
        r"\b(?:verboten|untersagt|nicht\s+(?:gestattet|erlaubt)|vorbehalten)\b",
        r"\btext[\s-]+und[\s-]+data[\s-]+mining\b[^.;\n]{0,60}?\b(?:verboten|untersagt|vorbehalten|nicht\s+\w+)\b",
        r"\b(?:interdit\w*|pas\s+d[’']|aucun\w*|sans)\b[^.;\n]{0,60}?"
        r"\b(?:entra[iî]nement|apprentissage|fouille)\b[^.;\n]{0,40}?\b(?:ia|intelligence\s+artificielle|données)\b",
        r"\b(?:ia|intelligence\s+artificielle)\b[^.;\n]{0,60}?\binterdit\w*",
        r"\b(?:prohibid[oa]s?|vietato|vietata|proibid[oa]s?)\b[^.;\n]{0,60}?\b(?:ia|inteligencia\s+artificial|"
        r"intelligenza\s+artificiale|inteligência\s+artificial)\b",
        r"\b(?:ia|inteligencia\s+artificial|intelligenza\s+artificiale|inteligência\s+artificial)\b[^.;\n]{0,60}?"
        r"\b(?:prohibid[oa]s?|vietat[oa]|proibid[oa]s?|no\s+permitid[oa])\b",
        r"\b(?:geen|niet\s+voor)\s+(?:\w+\s+){0,2}?(?:ai|kunstmatige\s+intelligentie)\b",
        # Japanese, Chinese, Korean, Russian
        r"(?:(?<![A-Za-z])AI(?![A-Za-z])|ＡＩ|人工知能|機械学習)[^。\n]{0,20}?(?:禁止|禁じ|お断り|不可|ご遠慮|\bNG\b)",
        r"(?:禁止|不得|严禁|嚴禁|请勿|請勿|不允许|不允許|拒绝|拒絕)[^。\n]{0,20}?(?:AI|人工智[能慧])",
        r"(?:(?<![A-Za-z])AI(?![A-Za-z])|인공지능)[^.\n]{0,20}?(?:금지|불가|거부)",
        r"(?:запрещ\w*|не\s+использовать|нельзя)[^.\n]{0,60}?(?:ИИ|нейросет\w*|искусственн\w+\s+интеллект\w*)",
        r"(?:ИИ|нейросет\w*|искусственн\w+\s+интеллект\w*)[^.\n]{0,60}?запрещ\w*",
    )
)
_NO_RESERVATION = re.compile(
    r"\b(?:no|without|free\s+of)\s+(?:the\s+use\s+of\s+)?(?:generative\s+)?a\.?i\.?\s*(?:was|were|is|used|involved|tools?)\b|"
    r"\b(?:was|is|were|are)\s*(?:not|n[’']t)\s+(?:\w+\s+){0,3}?(?:made|created|generated|drawn|produced)\b[^.;\n]{0,40}?\ba\.?i\b|"
    r"\b(?:not|non)[\s-]+a\.?i[\s-]+(?:generated|made|art|created)\b",
    re.IGNORECASE,
)
LENGTH_LIMIT = 20_000
"""Characters of one text that are searched; rights notices are short."""


def find_reservation(text: str) -> tuple[int, int] | None:
    """Return the span (code points) of the first sentence part that refuses AI training, or None."""
    head = text[:LENGTH_LIMIT]
    found = [match.span() for pattern in _PATTERNS if (match := pattern.search(head))]
    excused = [match.span() for match in _NO_RESERVATION.finditer(head)]
    kept = [span for span in found if not any(a < span[1] and span[0] < b for a, b in excused)]
    return min(kept, default=None)
