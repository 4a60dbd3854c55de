"""The eighteen edits a training-set maker does to a picture, each deterministic for a given picture and name.

Every edit takes and gives RGB pixels, uint8 (height, width, 3); `apply` adds the final re-encoding that a file gets.
Crops are by side length: `crop50` keeps half of each side, a quarter of the area.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

Pixels = NDArray[np.uint8]
WORDS = ("limited edition", "follow for more", "study no. 4", "draft", "original character, do not edit", "part two")


@dataclass(frozen=True, slots=True)
class EditedPicture:
    """What an edit gave."""

    data: bytes
    """The encoded file."""
    suffix: str
    """`.jpg` or `.png`."""
    work_region: tuple[float, float, float, float]
    """Which part of the work is shown, as fractions x0, y0, x1, y1 of the work (before mirroring or turning)."""


@dataclass(frozen=True, slots=True)
class _Edited:
    image: Image.Image
    region: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)


def apply(name: str, pixels: Pixels, seed: str, fillers: Sequence[Pixels] = ()) -> EditedPicture:
    """Edit a picture and encode it.

    `seed` names the picture (the same seed, edit and pixels give the same bytes); `fillers` are other pictures that
    the collages are made with (flat colours where there are none).

    Raises:
        KeyError: no edit has that name.
    """
    digest = hashlib.sha256(f"{name}\0{seed}".encode()).digest()
    random = np.random.default_rng(int.from_bytes(digest[:8], "big"))
    edited = EDITS[name](Image.fromarray(np.ascontiguousarray(pixels)), random, fillers)
    quality, suffix = {"jpeg40": (40, ".jpg"), "combo": (60, ".jpg"), "posterize": (0, ".png")}.get(name, (88, ".jpg"))
    target = io.BytesIO()
    image = edited.image.convert("RGB")
    if suffix == ".png":
        image.save(target, "PNG")
    else:
        image.save(target, "JPEG", quality=quality)
    return EditedPicture(target.getvalue(), suffix, edited.region)


def _jpeg40(image: Image.Image, random: np.random.Generator, fillers: Sequence[Pixels]) -> _Edited:
    return _Edited(image)


def _resize512(image: Image.Image, random: np.random.Generator, fillers: Sequence[Pixels]) -> _Edited:
    scale = 512 / max(image.size)
    return _Edited(image.resize(_scaled(image.size, scale), Image.Resampling.BICUBIC))


def _square512(image: Image.Image, random: np.random.Generator, fillers: Sequence[Pixels]) -> _Edited:
    """Shorter side to 512, then the centre square, as most trainers' preparation scripts do."""
    width, height = image.size
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    square = image.crop((left, top, left + side, top + side)).resize((512, 512), Image.Resampling.LANCZOS)
    return _Edited(square, (left / width, top / height, (left + side) / width, (top + side) / height))


def _hflip(image: Image.Image, random: np.random.Generator, fillers: Sequence[Pixels]) -> _Edited:
    return _Edited(ImageOps.mirror(image))


def _rot90(image: Image.Image, random: np.random.Generator, fillers: Sequence[Pixels]) -> _Edited:
    turn = (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270)[int(random.integers(2))]
    return _Edited(image.transpose(turn))


def _rot8(image: Image.Image, random: np.random.Generator, fillers: Sequence[Pixels]) -> _Edited:
    angle = float(random.choice([-8.0, 8.0]))
    grey = tuple(int(value) for value in random.integers(0, 256, 3))
    return _Edited(image.rotate(angle, Image.Resampling.BICUBIC, fillcolor=grey))


def _crop(part: float) -> Edit:
    def crop(image: Image.Image, random: np.random.Generator, fillers: Sequence[Pixels]) -> _Edited:
        return _cropped(image, random, part)

    return crop


def _cropped(image: Image.Image, random: np.random.Generator, part: float) -> _Edited:
    width, height = image.size
    inner_width, inner_height = max(8, round(width * part)), max(8, round(height * part))
    left = int(random.integers(0, width - inner_width + 1))
    top = int(random.integers(0, height - inner_height + 1))
    region = (left / width, top / height, (left + inner_width) / width, (top + inner_height) / height)
    return _Edited(image.crop((left, top, left + inner_width, top + inner_height)), region)


def _border(image: Image.Image, random: np.random.Generator, fillers: Sequence[Pixels]) -> _Edited:
    colour = ((255, 255, 255), (0, 0, 0), (226, 214, 190))[int(random.integers(3))]
    width, height = image.size
    framed = Image.new("RGB", (round(width * 1.3), round(height * 1.3)), colour)
    framed.paste(image, (round(width * 0.15), round(height * 0.15)))
    return _Edited(framed)


def _text(image: Image.Image, random: np.random.Generator, fillers: Sequence[Pixels]) -> _Edited:
    """A caption bar at the bottom and two lines across the picture."""
    image = image.copy()
    width, height = image.size
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(max(10, width // 14))
    draw.rectangle((0, round(height * 0.86), width, height), fill=(0, 0, 0))
    words = [WORDS[int(number)] for number in random.integers(0, len(WORDS), 3)]
    draw.text((width * 0.04, height * 0.885), words[0], fill=(255, 255, 255), font=font)
    for word, row in zip(words[1:], (0.08, 0.45), strict=True):
        draw.text(
            (width * 0.08, height * row), word, fill=(255, 240, 80), font=font, stroke_width=2, stroke_fill=(0, 0, 0)
        )
    return _Edited(image)


def _jitter(image: Image.Image, random: np.random.Generator, fillers: Sequence[Pixels]) -> _Edited:
    """Brightness, contrast, saturation and a hue shift."""
    image = ImageEnhance.Brightness(image).enhance(float(random.uniform(0.7, 1.3)))
    image = ImageEnhance.Contrast(image).enhance(float(random.uniform(0.7, 1.4)))
    image = ImageEnhance.Color(image).enhance(float(random.uniform(0.4, 1.6)))
    return _Edited(_hue(image, int(random.integers(-30, 31))))


def _grayblur(image: Image.Image, random: np.random.Generator, fillers: Sequence[Pixels]) -> _Edited:
    radius = max(1.0, max(image.size) / 400)
    return _Edited(ImageOps.grayscale(image).filter(ImageFilter.GaussianBlur(radius)))


def _squash(image: Image.Image, random: np.random.Generator, fillers: Sequence[Pixels]) -> _Edited:
    """Width to three quarters, height kept (or the other way round)."""
    width, height = image.size
    size = (round(width * 0.75), height) if random.integers(2) else (width, round(height * 0.75))
    return _Edited(image.resize(size, Image.Resampling.BICUBIC))


def _collage(part: float) -> Edit:
    def collage(image: Image.Image, random: np.random.Generator, fillers: Sequence[Pixels]) -> _Edited:
        """The work takes `part` of each side of a 1,024 px sheet of other pictures."""
        sheet = Image.new("RGB", (1024, 1024), tuple(int(value) for value in random.integers(0, 256, 3)))
        cell = 1024 // 3
        if fillers:
            for place in range(9):
                filler = Image.fromarray(np.ascontiguousarray(fillers[place % len(fillers)]))
                sheet.paste(ImageOps.fit(filler, (cell, cell)), (place % 3 * cell, place // 3 * cell))
        scale = part * 1024 / max(image.size)
        inner = image.resize(_scaled(image.size, scale), Image.Resampling.LANCZOS)
        left = int(random.integers(0, 1024 - inner.width + 1))
        top = int(random.integers(0, 1024 - inner.height + 1))
        sheet.paste(inner, (left, top))
        return _Edited(sheet)

    return collage


def _combo(image: Image.Image, random: np.random.Generator, fillers: Sequence[Pixels]) -> _Edited:
    """Mirror, 60 % crop, colour shift; `apply` adds JPEG 60."""
    cropped = _cropped(image, random, 0.6)
    return _Edited(_hue(ImageOps.mirror(cropped.image), int(random.choice([-25, 25]))), cropped.region)


def _posterize(image: Image.Image, random: np.random.Generator, fillers: Sequence[Pixels]) -> _Edited:
    return _Edited(ImageOps.posterize(image, 2))


def _hue(image: Image.Image, shift: int) -> Image.Image:
    hue, saturation, value = image.convert("HSV").split()
    hue = hue.point([(step + shift) % 256 for step in range(256)])
    return Image.merge("HSV", (hue, saturation, value)).convert("RGB")


def _scaled(size: tuple[int, int], scale: float) -> tuple[int, int]:
    return max(8, round(size[0] * scale)), max(8, round(size[1] * scale))


Edit = Callable[[Image.Image, np.random.Generator, Sequence[Pixels]], _Edited]
EDITS: Mapping[str, Edit] = {
    "jpeg40": _jpeg40,
    "resize512": _resize512,
    "square512": _square512,
    "hflip": _hflip,
    "rot90": _rot90,
    "rot8": _rot8,
    "crop70": _crop(0.7),
    "crop50": _crop(0.5),
    "crop35": _crop(0.35),
    "border": _border,
    "text": _text,
    "jitter": _jitter,
    "grayblur": _grayblur,
    "squash": _squash,
    "collage50": _collage(0.5),
    "collage30": _collage(0.3),
    "combo": _combo,
    "posterize": _posterize,
}
