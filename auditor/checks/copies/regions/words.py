"""A region match in words: "a mirrored 36 % crop from the upper left of *Title*, enlarged 2.1×"."""

from __future__ import annotations

from dataclasses import dataclass

Rectangle = tuple[float, float, float, float]
WHOLE = 0.9
"""From this share of the work's area on it is called whole."""
FILLS = 0.85
"""From this share of the picture's area on the place in the picture is not mentioned."""
TURNED = 4.0
"""Degrees; less is not worth a word."""
RESIZED = 1.15
"""Enlargement or reduction by less is not mentioned."""


@dataclass(frozen=True, slots=True)
class RegionFacts:
    """What the sentence is made from."""

    work_region: Rectangle
    sample_region: Rectangle
    work_share: float
    """Share of the work's area that is shown, 0 to 1."""
    sample_share: float
    """Share of the picture's area that shows it, 0 to 1."""
    mirrored: bool = False
    negative: bool = False
    rotation: float = 0.0
    """Degrees clockwise, 0 to 360."""
    scale: float | None = None
    """Pixels of the picture per pixel of the work; None where the work's size is not known."""


def region_sentence(facts: RegionFacts, title: str, grade: str) -> str:
    """Say what a match is, without a full stop and beginning in lower case.

    Percentages are of the area. `grade` is high, weak or shares-part.
    """
    if grade == "shares-part":
        return _shared(facts, title)
    words = f"{_article(facts)} of “{title}”{_turned(facts)}{_resized(facts)}{_place(facts)}"
    return f"what may be {words}" if grade == "weak" else words


def _article(facts: RegionFacts) -> str:
    adjectives = [word for word, holds in (("mirrored", facts.mirrored), ("inverted", facts.negative)) if holds]
    if facts.work_share >= WHOLE:
        return " ".join(["an" if adjectives[:1] == ["inverted"] else "a", *adjectives, "copy"])
    share = percent(facts.work_share)
    lead = adjectives[0] if adjectives else share
    article = "an" if lead == "inverted" or _spoken_with_vowel(lead) else "a"
    return f"{' '.join([article, *adjectives, share])} crop from {where(facts.work_region)}"


def _spoken_with_vowel(share: str) -> bool:
    number = share.split(" ")[0]
    return number in {"8", "11", "18"} or (number.startswith("8") and number.isdigit())


def percent(share: float) -> str:
    """A share as a percentage that is never 0 or 100 unless it is exactly so."""
    value = share * 100
    if 0 < value < 1:
        return "less than 1 %"
    if 99 <= value < 100:
        return "99 %"
    return f"{round(value)} %"


def where(region: Rectangle) -> str:
    """The part of a picture that a rectangle lies in: "the upper left", "the centre", "the right side"."""
    across = _third(region[0], region[2], ("left", "", "right"))
    down = _third(region[1], region[3], ("upper", "", "lower"))
    if down and across:
        return f"the {down} {across}"
    if down:
        return f"the {down} part"
    if across:
        return f"the {across} side"
    return "the centre"


def _third(low: float, high: float, names: tuple[str, str, str]) -> str:
    """Which side the rectangle leans to, by what it leaves free on both."""
    before, after = low, 1 - high
    free = before + after
    if free < 0.1 or abs(before - after) < 0.3 * free:
        return names[1]
    return names[0] if before < after else names[2]


def _turned(facts: RegionFacts) -> str:
    angle = facts.rotation % 360
    if min(angle, 360 - angle) < TURNED:
        return ""
    nearest = round(angle / 90) * 90 % 360
    if nearest == 180 and abs(angle - 180) < TURNED:
        return ", turned upside down"
    clockwise = angle <= 180
    degrees = round(angle if clockwise else 360 - angle)
    if abs(degrees - 90) < TURNED:
        degrees = 90
    return f", turned {degrees}° {'clockwise' if clockwise else 'anticlockwise'}"


def _resized(facts: RegionFacts) -> str:
    if facts.scale is None or 1 / RESIZED < facts.scale < RESIZED:
        return ""
    if facts.scale > 1:
        return f", enlarged {facts.scale:.1f}×"
    return f", reduced to {percent(facts.scale)} of its size"


def _place(facts: RegionFacts) -> str:
    if facts.sample_share >= FILLS:
        return ""
    return f", filling {percent(facts.sample_share)} of this picture at {where(facts.sample_region)}"


def _shared(facts: RegionFacts, title: str) -> str:
    turned = "mirrored, " if facts.mirrored else ""
    return (
        f"a part in common with “{title}” ({turned}{percent(facts.work_share)} of the work, at "
        f"{where(facts.work_region)}; {percent(facts.sample_share)} of this picture, at {where(facts.sample_region)}), "
        "while the rest differs"
    )
