"""Bytes to normalised pixels, within limits.

Normalised means `pixels@1`: first frame, EXIF orientation applied, transparency laid on white, 8 bit RGB. What a
trainer might make of the same file otherwise (orientation ignored, alpha dropped) is kept beside it.
"""

from __future__ import annotations

import io
import math
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import cv2
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from PIL import Image, ImageFile, UnidentifiedImageError

from auditor.errors import PictureError
from auditor.imaging.deep import deep_readings, is_deep, shows
from auditor.imaging.formats import READABLE, Sniffed, jpeg_scans, lacks_end, sniff, webp_size
from auditor.imaging.frames import frames_of

Pixels = NDArray[np.uint8]
FullPixels = bool | Callable[[int, int], bool]
"""Whether every pixel is needed: a truth, or a question asked with the width and height after orientation."""
Colour = bool | Callable[[Pixels], bool]
"""Whether colours are needed: a truth, or a question asked with the luminance after orientation."""

EXIF_ORIENTATION = 0x0112
DRAFT_LONG_SIDE = 1024
"""A JPEG that is decoded at reduced size keeps at least this long side."""
LEAST_SHORT_SIDE = 300
"""A picture of up to `LARGE_PIXELS` is not reduced to a shorter short side: of a banner nothing would be left."""
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
"""Where an object lies in memory is another place in every run, and a report is the same in every run."""
LARGE_PIXELS = 24_000_000
LARGE_LONG_SIDE = 2048
"""A picture of other formats with more than so many pixels keeps at least this long side where that is enough."""
EXIF_IGNORED = "exif-ignored"
ALPHA_DROPPED = "alpha-dropped"
ALPHA_ON_BLACK = "alpha-on-black"


@dataclass(frozen=True, slots=True)
class PixelLimits:
    """What is decoded at most, and at least."""

    max_pixels: int = 120_000_000
    """Width times height by the header; decoding takes about seven bytes a pixel. Pillow itself refuses 179 million."""
    min_side: int = 16
    """Shorter pictures hold nothing to compare."""
    max_scans: int = 200
    """Scans of a JPEG; real progressive files have about ten."""
    max_frames: int = 16
    """Frames or pages that are looked at, the first among them; more are taken evenly from all."""
    max_frame_pixels: int = 400_000_000
    """Pixels of all frames up to the last one that is looked at: to see one, a decoder goes through those before it."""


DEFAULT_LIMITS = PixelLimits()


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A decoded picture."""

    rgb: Pixels
    """(h, w, 3), orientation applied, alpha on white. Smaller than width × height where `full` is False. Only the
    luminance, (h, w), where `decode` was told that colours are not needed."""
    width: int
    """After orientation, as the file says; not the width of a reduced `rgb`."""
    height: int
    format: str
    """Pillow's name, for instance `JPEG`."""
    frames: int = 1
    """Frames or pages in the file. Trainers take the first, which is `rgb`."""
    frames_read: int = 1
    """How many of them were looked at; the later ones stand in `alternatives` where they differ."""
    exif_orientation: int = 1
    """1 to 8."""
    has_alpha: bool = False
    """Some pixel is not opaque."""
    alpha: Pixels | None = None
    """(h, w) opacity as the file stores it (orientation not applied); None where every pixel is opaque."""
    alternatives: tuple[tuple[str, Pixels], ...] = ()
    """Other readings of the same file: (`exif-ignored`, `alpha-dropped`, `alpha-on-black`, `clipped`, `stretched` or
    `frame N of M`, pixels)."""
    full: bool = True
    """`rgb` holds every pixel, so that digests of it mean something."""


def decode(
    data: bytes, limits: PixelLimits = DEFAULT_LIMITS, full: FullPixels = True, colour: Colour = True
) -> Picture:
    """Decode a picture once.

    With `full` false (or answering False for the picture's size) a large JPEG is decoded at a half, a quarter or an
    eighth, which costs a fraction and is enough for perceptual hashes and regions, but not for `pixel_sha256`.

    With `colour` false too (or answering False), of a JPEG only the luminance is decoded, which takes two thirds of
    the time. Where the answer is True, the picture is decoded again.

    Raises:
        PictureError: with reason zero-bytes, not-a-picture, unsupported, truncated, too-many-pixels, too-small,
            decode-failed or out-of-memory. A picture of which only a part can be decoded is `truncated`.
    """
    if not data:
        raise PictureError("zero-bytes", "the file is empty")
    known = sniff(data)
    _check_header(data, known, limits)
    try:
        with _strict_pillow():
            return _decode(data, limits, full, colour)
    except PictureError:
        raise
    except MemoryError as error:
        raise PictureError("out-of-memory", "there was not enough memory to decode it") from error
    except Exception as error:  # decoders meet hostile files here, and raise whatever they come across
        raise _explained(error, data, known) from error


def grey(rgb: Pixels, long_side: int) -> Pixels:
    """Luminance (ITU-R BT.601), uint8 (h, w), reduced by area to a long side in pixels; never enlarged.

    Luminance is taken as it is.
    """
    plane = rgb if rgb.ndim == 2 else cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    return np.asarray(shrink(np.asarray(plane, np.uint8), long_side))


def shrink(pixels: Pixels, long_side: int) -> Pixels:
    """Reduce by area averaging to a long side in pixels; never enlarge."""
    height, width = pixels.shape[:2]
    scale = long_side / max(height, width)
    if scale >= 1:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def turned(pixels: Pixels, orientation: int) -> Pixels:
    """Apply an EXIF orientation (1 to 8) to pixels."""
    if orientation in {5, 6, 7, 8}:
        pixels = pixels.swapaxes(0, 1)
    if orientation in {3, 4, 7, 8}:
        pixels = pixels[::-1]
    if orientation in {2, 3, 6, 7}:
        pixels = pixels[:, ::-1]
    return np.ascontiguousarray(pixels)


def _check_header(data: bytes, known: Sniffed | None, limits: PixelLimits) -> None:
    if known is not None and not known.readable:
        raise PictureError("unsupported", f"{known.name} is not a format that is decoded here")
    if known is None:
        return
    if known.name == "WEBP":
        size = webp_size(data)
        if size is not None:
            _check_size(*size, limits)
    if known.name == "JPEG" and (scans := jpeg_scans(data)) > limits.max_scans:
        raise PictureError("decode-failed", f"it has {scans} scans; at most {limits.max_scans} are decoded")


def _check_size(width: int, height: int, limits: PixelLimits) -> None:
    if width * height > limits.max_pixels:
        raise PictureError(
            "too-many-pixels", f"{width:,} × {height:,} pixels; at most {limits.max_pixels:,} are decoded"
        )
    if min(width, height) < limits.min_side:
        raise PictureError("too-small", f"{width} × {height} pixels; at least {limits.min_side} a side are needed")


def _decode(data: bytes, limits: PixelLimits, full: FullPixels, colour: Colour) -> Picture:
    with Image.open(io.BytesIO(data), formats=READABLE) as image:
        _check_size(*image.size, limits)
        name = "JPEG" if image.format == "MPO" else image.format or "?"
        if name != "JPEG":
            image.load()  # some readers know the orientation, or turn the picture, only then
        size, orientation = image.size, _orientation(image)
        shown = size[::-1] if orientation >= 5 else size
        complete = full(*shown) if callable(full) else full
        if name == "JPEG" and not complete:
            _draft(image, colour is True)
        image.load()
        frames = _frames(image)
        if name == "JPEG" and not complete and colour is not True and image.mode == "L":
            stored = _luminance(image)
            luminance = turned(stored, orientation)
            if colour is not False and colour(luminance):
                return _decode(data, limits, full, True)
            ignored = ((EXIF_IGNORED, stored),) if orientation != 1 else ()
            return Picture(luminance, *shown, name, frames, orientation, alternatives=ignored, full=False)
        loaded = image if complete else _smaller(image)
        reduced = loaded.size != size
        flat = _flattened(loaded)
        pixels, alpha = flat.white, flat.alpha
        read, later = frames_of(image, frames, limits, _later) if frames > 1 else (1, ())
    alternatives: list[tuple[str, Pixels]] = []
    if orientation != 1:
        alternatives.append((EXIF_IGNORED, pixels))
    alternatives.extend((reading, turned(other, orientation)) for reading, other in (*flat.others, *later))
    return Picture(
        rgb=turned(pixels, orientation),
        width=shown[0],
        height=shown[1],
        format=name,
        frames=frames,
        frames_read=read,
        exif_orientation=orientation,
        has_alpha=alpha is not None,
        alpha=alpha,
        alternatives=tuple(alternatives),
        full=not reduced,
    )


def _draft(image: Image.Image, colour: bool) -> None:
    """Ask for the smallest of 1/1, 1/2, 1/4, 1/8 that keeps `DRAFT_LONG_SIDE` and `LEAST_SHORT_SIDE`, and where colour
    is not needed for the luminance alone."""
    scale = min(1.0, max(DRAFT_LONG_SIDE / max(image.size), LEAST_SHORT_SIDE / min(image.size)))
    if scale < 1 or not colour:
        width, height = image.size
        image.draft(None if colour else "L", (max(1, round(width * scale)), max(1, round(height * scale))))


def _smaller(image: Image.Image) -> Image.Image:
    """Reduce a very large picture before it is converted, so that no second and third copy of its size is made."""
    factor = min(max(image.size) // LARGE_LONG_SIDE, max(1, min(image.size) // LEAST_SHORT_SIDE))
    # The bound on pixels holds for banners too, also where that leaves less of the short side.
    factor = max(factor, math.ceil(math.sqrt(image.width * image.height / LARGE_PIXELS)))
    if image.width * image.height <= LARGE_PIXELS or factor < 2 or image.mode.startswith("I;16"):
        return image
    if image.mode in {"1", "P"}:  # averaging needs shades
        image = image.convert("L" if image.mode == "1" else "RGB")
    return image.reduce(factor)


def _orientation(image: Image.Image) -> int:
    """EXIF orientation, 1 where it is absent, out of range or unreadable."""
    try:
        value = image.getexif().get(EXIF_ORIENTATION, 1)
    except Exception:  # damaged EXIF must not cost the picture
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _frames(image: Image.Image) -> int:
    """Number of frames; 1 where the file does not say."""
    try:
        return max(1, int(getattr(image, "n_frames", 1)))
    except Exception:  # a damaged later frame must not cost the first
        return 1


@dataclass(frozen=True, slots=True, eq=False)
class _Flat:
    """One frame in 8 bit RGB."""

    white: Pixels
    """Transparency laid on white."""
    others: tuple[tuple[str, Pixels], ...] = ()
    """What other programs make of the same values."""
    alpha: Pixels | None = None
    """Opacity; None where every pixel is opaque."""


def _flattened(image: Image.Image) -> _Flat:
    """RGB on white; where some pixel is not opaque also on black and with alpha dropped; of more than 8 bits a value
    also clipped and stretched."""
    if is_deep(image):
        scaled, deep = deep_readings(image)
        return _Flat(_array(scaled), tuple((reading, _array(other)) for reading, other in deep))
    if "A" not in image.getbands() and "a" not in image.getbands() and "transparency" not in image.info:
        return _Flat(_array(image))
    image = image.convert("RGBA")
    alpha = image.getchannel("A")
    opaque = image.convert("RGB")
    if alpha.getextrema() == (255, 255):
        return _Flat(_array(opaque))
    white, black = (Image.new("RGB", image.size, shade) for shade in ((255, 255, 255), (0, 0, 0)))
    white.paste(opaque, mask=alpha)
    black.paste(opaque, mask=alpha)
    others = ((ALPHA_DROPPED, _array(opaque)), *((ALPHA_ON_BLACK, _array(item)) for item in (black,) if shows(item)))
    return _Flat(_array(white), others, np.array(alpha, dtype=np.uint8))


def _later(image: Image.Image) -> Pixels:
    """A later frame, reduced: it is hashed and searched, and no digest is made of it."""
    return shrink(_flattened(_smaller(image)).white, DRAFT_LONG_SIDE)


def _array(image: Image.Image) -> Pixels:
    image = image if image.mode == "RGB" else image.convert("RGB")
    try:
        # Pillow's own memory, four bytes a pixel: it is copied once, and not into bytes first.
        cells = np.asarray(pa.array(image).values)
    except ValueError:  # Pillow keeps a picture of more than 16 MB in several pieces
        return np.array(image, dtype=np.uint8)
    return np.asarray(cv2.cvtColor(cells.reshape(image.height, image.width, 4), cv2.COLOR_RGBA2RGB), np.uint8)


def _luminance(image: Image.Image) -> Pixels:
    """A picture of mode L, (h, w); in Pillow's own memory where that lies in one piece."""
    try:
        return np.asarray(pa.array(image)).reshape(image.height, image.width)
    except ValueError:
        return np.asarray(image)


@contextmanager
def _strict_pillow() -> Iterator[None]:
    """No warnings out, and no half pictures: a notebook may have told Pillow to fill up truncated files."""
    lenient = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient


def _explained(error: Exception, data: bytes, known: Sniffed | None) -> PictureError:
    if isinstance(error, Image.DecompressionBombError):
        return PictureError("too-many-pixels", "more pixels than the decoder accepts")
    if known is None and isinstance(error, UnidentifiedImageError):
        return PictureError("not-a-picture", "its first bytes are those of no picture format")
    said = _ADDRESS.sub("", " ".join(str(error).split()))[:200] or type(error).__name__
    if "truncated" in said.lower() or (known is not None and lacks_end(data, known.name)):
        return PictureError("truncated", "the file ends before the picture does")
    if known is not None and isinstance(error, UnidentifiedImageError):
        return PictureError("decode-failed", f"its first bytes are those of {known.name}, what follows is not")
    return PictureError("decode-failed", f"{type(error).__name__}: {said}")
