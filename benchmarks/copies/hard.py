"""A harder set: what is left of a work when somebody means to hide it, or cares little for it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Mapping, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from benchmarks.edits import EditedPicture

Pixels = NDArray[np.uint8]
Region = tuple[float, float, float, float]
WHOLE: Region = (0.0, 0.0, 1.0, 1.0)
Edit = Callable[[Image.Image, np.random.Generator, Sequence[Pixels]], tuple[Image.Image, Region]]


def apply(name: str, pixels: Pixels, seed: str, fillers: Sequence[Pixels] = ()) -> EditedPicture:
    """As `benchmarks.edits.apply`, for the names of `EDITS`."""
    digest = hashlib.sha256(f"hard\0{name}\0{seed}".encode()).digest()
    random = np.random.default_rng(int.from_bytes(digest[:8], "big"))
    image, region = EDITS[name](Image.fromarray(np.ascontiguousarray(pixels)), random, fillers)
    target = io.BytesIO()
    quality = 35 if name == "mirrorcrop45" else 85
    image.convert("RGB").save(target, "JPEG", quality=quality)
    return EditedPicture(target.getvalue(), ".jpg", region)


def _crop(image: Image.Image, random: np.random.Generator, part: float) -> tuple[Image.Image, Region]:
    width, height = image.size
    inner = (max(8, round(width * part)), max(8, round(height * part)))
    left = int(random.integers(0, width - inner[0] + 1))
    top = int(random.integers(0, height - inner[1] + 1))
    box = (left, top, left + inner[0], top + inner[1])
    return image.crop(box), (box[0] / width, box[1] / height, box[2] / width, box[3] / height)


def _crop25(image: Image.Image, random: np.random.Generator, fillers: Sequence[Pixels]) -> tuple[Image.Image, Region]:
    """A quarter of each side, enlarged to 512 as a trainer would."""
    small, region = _crop(image, random, 0.25)
    scale = 512 / max(small.size)
    size = (max(8, round(small.width * scale)), max(8, round(small.height * scale)))
    return small.resize(size, Image.Resampling.LANCZOS), region


def _sheet(image: Image.Image, random: np.random.Generator, fillers: Sequence[Pixels]) -> tuple[Image.Image, Region]:
    """One cell of a 3 × 3 sheet with gaps; the other cells hold other pictures."""
    cell, gap = 320, 12
    sheet = Image.new("RGB", (3 * cell + 4 * gap, 3 * cell + 4 * gap), (245, 245, 245))
    own = int(random.integers(9))
    for place in range(9):
        other = Image.fromarray(np.ascontiguousarray(fillers[place % len(fillers)])) if fillers else image
        content = ImageOps.contain(image if place == own else other, (cell, cell))
        x, y = gap + place % 3 * (cell + gap), gap + place // 3 * (cell + gap)
        sheet.paste(content, (x + (cell - content.width) // 2, y + (cell - content.height) // 2))
    return sheet, WHOLE


def _covered(image: Image.Image, random: np.random.Generator, fillers: Sequence[Pixels]) -> tuple[Image.Image, Region]:
    """Half of the picture covered by another one."""
    image = image.copy()
    width, height = image.size
    other = Image.fromarray(np.ascontiguousarray(fillers[0])) if fillers else Image.new("RGB", (8, 8))
    if random.integers(2):
        left = 0 if random.integers(2) else width // 2
        image.paste(ImageOps.fit(other, (width - width // 2, height)), (left, 0))
    else:
        top = 0 if random.integers(2) else height // 2
        image.paste(ImageOps.fit(other, (width, height - height // 2)), (0, top))
    return image, WHOLE


def _colours16(
    image: Image.Image, random: np.random.Generator, fillers: Sequence[Pixels]
) -> tuple[Image.Image, Region]:
    return image.quantize(16, dither=Image.Dither.FLOYDSTEINBERG).convert("RGB"), WHOLE


def _posternoise(
    image: Image.Image, random: np.random.Generator, fillers: Sequence[Pixels]
) -> tuple[Image.Image, Region]:
    pixels = np.asarray(ImageOps.posterize(image, 2)).astype(np.float32)
    noisy = pixels + random.normal(0, 18, pixels.shape)
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)), WHOLE


def _photo(image: Image.Image, random: np.random.Generator, fillers: Sequence[Pixels]) -> tuple[Image.Image, Region]:
    """A print photographed at an angle: perspective, uneven light, blur, noise, another surface around it."""
    width, height = image.size
    around = Image.fromarray(np.ascontiguousarray(fillers[0])) if fillers else Image.new("RGB", (8, 8), (90, 80, 70))
    ground = np.asarray(ImageOps.fit(around, (width, height)).filter(ImageFilter.GaussianBlur(width / 60)))
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    inset = random.uniform(0.04, 0.16, (4, 2)) * [width, height]
    signs = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])
    target = (corners + inset * signs).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(corners, target)
    warped = cv2.warpPerspective(np.asarray(image), matrix, (width, height), flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.ones((height, width), np.uint8), matrix, (width, height))
    shot = np.where(mask[:, :, None] > 0, warped, ground).astype(np.float32)
    light = np.linspace(random.uniform(0.7, 0.9), random.uniform(1.0, 1.2), width, dtype=np.float32)
    shot = cv2.GaussianBlur(shot * light[None, :, None], (0, 0), max(width, height) / 700)
    shot += random.normal(0, 5, shot.shape)
    return Image.fromarray(np.clip(shot, 0, 255).astype(np.uint8)), WHOLE


def _thumbnail(
    image: Image.Image, random: np.random.Generator, fillers: Sequence[Pixels]
) -> tuple[Image.Image, Region]:
    scale = 192 / max(image.size)
    small = image.resize((max(8, round(image.width * scale)), max(8, round(image.height * scale))))
    return small.resize((small.width * 4, small.height * 4), Image.Resampling.BICUBIC), WHOLE


def _mirrorcrop45(
    image: Image.Image, random: np.random.Generator, fillers: Sequence[Pixels]
) -> tuple[Image.Image, Region]:
    """Mirrored, cropped to 45 % of each side, recoloured; `apply` adds JPEG 35."""
    cropped, region = _crop(image, random, 0.45)
    mirrored = ImageOps.mirror(cropped)
    channels = list(mirrored.split())
    recoloured = Image.merge("RGB", [channels[int(place)] for place in random.permutation(3)])
    return ImageEnhance.Contrast(recoloured).enhance(float(random.uniform(0.7, 1.3))), region


def _background(
    image: Image.Image, random: np.random.Generator, fillers: Sequence[Pixels]
) -> tuple[Image.Image, Region]:
    """The middle of the work, cut out as an oval, before another picture."""
    width, height = image.size
    other = Image.fromarray(np.ascontiguousarray(fillers[-1])) if fillers else Image.new("RGB", (8, 8))
    scene = ImageOps.fit(other, (width, height))
    mask = np.zeros((height, width), np.uint8)
    cv2.ellipse(mask, (width // 2, height // 2), (round(width * 0.27), round(height * 0.38)), 0, 0, 360, 255, -1)
    blurred = cv2.GaussianBlur(mask, (0, 0), 2)
    scene.paste(image, (0, 0), Image.fromarray(np.asarray(blurred, np.uint8)))
    return scene, (0.23, 0.12, 0.77, 0.88)


def _negative(image: Image.Image, random: np.random.Generator, fillers: Sequence[Pixels]) -> tuple[Image.Image, Region]:
    """Inverted, with a crop to 70 % of each side."""
    cropped, region = _crop(image, random, 0.7)
    return ImageOps.invert(cropped), region


EDITS: Mapping[str, Edit] = {
    "crop25": _crop25,
    "sheet3x3": _sheet,
    "covered": _covered,
    "colours16": _colours16,
    "posternoise": _posternoise,
    "photo": _photo,
    "thumbnail192": _thumbnail,
    "mirrorcrop45": _mirrorcrop45,
    "background": _background,
    "negative": _negative,
}
