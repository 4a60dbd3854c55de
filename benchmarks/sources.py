"""Which distribution packages the corpus is made of, and what their pictures are.

Everything is taken from the packages as they are; nothing of it is committed. The "artist" of a picture is the
folder it lies in (most packages do not say who drew which file), which is what a folder per artist needs to look like.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["painting", "photo", "portrait", "clipart"]
Role = Literal["work", "unrelated"]

GCOMPRIS = "usr/share/gcompris-qt/rcc"
SKY = "usr/share/stellarium"
STARS = "usr/share/naev/dat/gfx"
WESNOTH = "usr/share/games/wesnoth/1.16"


@dataclass(frozen=True, slots=True)
class Source:
    """One folder of one package."""

    package: str
    folder: str
    """Relative to the package's root; every picture below it counts."""
    kind: Kind
    role: Role
    without: tuple[str, ...] = ()
    """Path parts that are left out."""
    at_most: int = 10_000
    """Pictures taken per artist, evenly spread over the sorted names."""


SOURCES: tuple[Source, ...] = (
    Source("wesnoth-1.16-data", f"{WESNOTH}/data/core/images/portraits", "portrait", "work"),
    Source("wesnoth-1.16-data", f"{WESNOTH}/data/core/images/story", "painting", "work"),
    Source(
        "plasma-workspace-wallpapers", "usr/share/wallpapers", "painting", "work", ("screenshot.png", "screenshot.jpg")
    ),
    Source("mate-backgrounds", "usr/share/backgrounds/mate/nature", "photo", "work"),
    Source("mate-backgrounds", "usr/share/backgrounds/mate/abstract", "painting", "work"),
    Source("mate-backgrounds", "usr/share/backgrounds/mate/desktop", "painting", "work"),
    Source("gnome-backgrounds", "usr/share/backgrounds/gnome", "painting", "work"),
    Source("ukui-wallpapers", "usr/share/backgrounds", "photo", "work"),
    Source("lomiri-wallpapers-16.04", "usr/share/backgrounds", "photo", "work"),
    Source("lomiri-wallpapers-20.04", "usr/share/backgrounds", "photo", "work"),
    Source("naev-data", f"{STARS}/planet/exterior", "painting", "work"),
    Source("naev-data", f"{STARS}/loading", "painting", "work"),
    Source("stellarium-data", f"{SKY}/skycultures/greek_leidenAratea", "painting", "work"),
    Source("stellarium-data", f"{SKY}/skycultures/greek_farnese", "painting", "work"),
    Source("stellarium-data", f"{SKY}/skycultures/arabic_al-sufi", "painting", "work"),
    Source("flare-game", "usr/share/games/flare/mods/fantasycore/images/portraits", "portrait", "unrelated"),
    Source("tuxpaint-stamps-default", "usr/share/tuxpaint/stamps", "clipart", "work", at_most=30),
    Source("gcompris-qt-data", f"{GCOMPRIS}/paintings.rcc", "painting", "work"),
    Source(
        "openclipart-png",
        "usr/share/openclipart/png",
        "clipart",
        "work",
        ("flags", "lemon-theme", "map_symbols", "icons"),
        at_most=40,
    ),
    Source("endless-sky-data", "usr/share/games/endless-sky/images/land", "photo", "unrelated"),
    Source("gcompris-qt-data", f"{GCOMPRIS}/categorization.rcc", "photo", "unrelated"),
    Source("gcompris-qt-data", f"{GCOMPRIS}/babyshapes.rcc", "photo", "unrelated"),
    Source("gcompris-qt-data", f"{GCOMPRIS}/erase.rcc", "photo", "unrelated"),
    Source("gcompris-qt-data", f"{GCOMPRIS}/explore_farm_animals.rcc", "photo", "unrelated"),
    Source("gcompris-qt-data", f"{GCOMPRIS}/explore_monuments.rcc", "photo", "unrelated"),
    Source("gcompris-qt-data", f"{GCOMPRIS}/explore_world_animals.rcc", "photo", "unrelated"),
    Source("gcompris-qt-data", f"{GCOMPRIS}/explore_world_music.rcc", "photo", "unrelated"),
    Source("naev-data", f"{STARS}/portraits", "portrait", "unrelated"),
    Source("stellarium-data", f"{SKY}/nebulae/default", "photo", "unrelated", at_most=300),
)
