"""The demo's pictures: where each comes from, who made it, and under what terms, as its package says."""

from __future__ import annotations

from dataclasses import dataclass

SCIKIT_IMAGE = "scikit-image==0.26.0"
OPENCLIPART = "openclipart-png"
CC0 = "CC0 1.0"
PUBLIC_DOMAIN = "public domain"
DEDICATION = "public domain dedication (Open Clip Art Library)"


@dataclass(frozen=True, slots=True)
class SourcePicture:
    """One picture of a registry package."""

    package: str
    """`scikit-image` (Python) or `openclipart-png` (Debian)."""
    path: str
    """Inside the package's folder of pictures."""
    maker: str
    licence: str


SOURCES: dict[str, SourcePicture] = {
    "cat": SourcePicture("scikit-image", "chelsea.png", "Stefan van der Walt", CC0),
    "cup": SourcePicture("scikit-image", "coffee.png", "Rachel Michetti", CC0),
    "launch": SourcePicture("scikit-image", "rocket.jpg", "SpaceX", PUBLIC_DOMAIN),
    "portrait": SourcePicture("scikit-image", "astronaut.png", "NASA", PUBLIC_DOMAIN),
    "galaxies": SourcePicture("scikit-image", "hubble_deep_field.jpg", "NASA", PUBLIC_DOMAIN),
    "cameraman": SourcePicture("scikit-image", "camera.png", "Lav Varshney", CC0),
    "bricks": SourcePicture("scikit-image", "brick.png", "CC0Textures, Bricks25", CC0),
    "grass": SourcePicture("scikit-image", "grass.png", "linolafett", CC0),
    "gravel": SourcePicture("scikit-image", "gravel.png", "CC0Textures, Gravel04", CC0),
    "tiger": SourcePicture(
        "openclipart-png", "animals/mammals/big_cats/color_tiger_susan_park_01.png", "Susan Park", DEDICATION
    ),
    "tree": SourcePicture("openclipart-png", "plants/trees/fall_coloured_tree_geral_01.png", "Gerald G.", DEDICATION),
    "geranium": SourcePicture("openclipart-png", "plants/flowers/geranium_ganson.png", "Ganson", DEDICATION),
    "crawfish": SourcePicture("openclipart-png", "food/crawfish2_ganson.png", "Ganson", DEDICATION),
    "bear": SourcePicture(
        "openclipart-png", "recreation/toys/teddybear_jarno_vasamaa_.png", "Jarno Vasamaa", DEDICATION
    ),
    "truck": SourcePicture("openclipart-png", "transportation/truck_jarno_vasamaa_.png", "Jarno Vasamaa", DEDICATION),
    "dartboard": SourcePicture(
        "openclipart-png", "recreation/sports/dartboard_ruud_steltenpo_01.png", "Ruud Steltenpool", DEDICATION
    ),
}


@dataclass(frozen=True, slots=True)
class DemoArtist:
    """An artist who does not exist, and the works they are said to have made."""

    name: str
    aliases: tuple[str, ...]
    works: tuple[tuple[str, str], ...]
    """(key of `SOURCES`, title)"""


ARTISTS: tuple[DemoArtist, ...] = (
    DemoArtist(
        "Mira Valdane", ("miravaldane",), (("cat", "Windowsill"), ("cup", "First Cup"), ("launch", "Night Launch"))
    ),
    DemoArtist(
        "Teodor Brisk",
        ("T. Brisk",),
        (("portrait", "Before the Flight"), ("galaxies", "Far Field"), ("cameraman", "Tripod, Winter")),
    ),
    DemoArtist(
        "Oona Kestrel",
        ("okestrel_ink",),
        (
            ("tiger", "Amber Tiger"),
            ("tree", "October Tree"),
            ("geranium", "Pot on a Sill"),
            ("crawfish", "Red Crawfish"),
        ),
    ),
)
