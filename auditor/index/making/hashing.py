"""One picture: read once, decoded once, every hash made. Runs in worker processes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from auditor.errors import PictureError
from auditor.imaging.exact import file_sha256, pixel_sha256
from auditor.imaging.perceptual import WHOLE, hash_view, readings
from auditor.imaging.pixels import Picture, decode, grey
from auditor.imaging.regions.features import INDEX, RegionFeatures, describe
from auditor.imaging.views import WholeView
from auditor.index.format import hash_kinds
from auditor.index.format.schema import View
from auditor.support import reading

MAX_FILE_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class HashJob:
    """One picture to hash."""

    key: str
    path: str
    regions: bool = True
    asked: tuple[str, ...] = ()
    """Kinds of hashes to make beside those that are always made."""


@dataclass(frozen=True, slots=True)
class Hashed:
    """What a picture gave. Either `reason` is set, or the hashes are."""

    key: str
    reason: str | None = None
    detail: str = ""
    width: int = 0
    height: int = 0
    sha256: bytes = b""
    pixel_sha256: bytes = b""
    views: tuple[View, ...] = ()
    """First the whole picture."""
    further: tuple[tuple[str, bytes], ...] = ()
    """(kind, code) of the kinds of hashes that are made of the whole picture alone."""
    regions: RegionFeatures | None = None


def hash_picture(job: HashJob) -> Hashed:
    """Hash one picture."""
    try:
        data = read_bounded(Path(job.path))
        picture = decode(data)
        return _hashed(job, data, picture)
    except PictureError as error:
        return Hashed(job.key, error.reason, error.detail)
    except OSError as error:
        return Hashed(job.key, "unreadable", error.strerror or type(error).__name__)
    except MemoryError:
        return Hashed(job.key, "too-large", "there was not enough memory to decode it")


def read_bounded(path: Path) -> bytes:
    """The bytes of a regular file.

    Raises:
        PictureError: no regular file, empty, or larger than `MAX_FILE_BYTES`.
        OSError: it cannot be opened or read.
    """
    try:
        return reading.read_bytes(path, MAX_FILE_BYTES)
    except reading.NotAFile as error:
        raise PictureError("not-a-file", str(error.strerror)) from error
    except reading.TooLarge as error:
        raise PictureError("too-large", str(error.strerror)) from error


def _hashed(job: HashJob, data: bytes, picture: Picture) -> Hashed:
    hashed = [(hash_view(name, pixels), pixels) for name, pixels in readings(picture)]
    whole = next(pair for pair in hashed if pair[0].name == WHOLE)
    views = (_view(*pair) for pair in hashed)
    further = hash_kinds.made_for(job.asked)
    return Hashed(
        key=job.key,
        width=picture.width,
        height=picture.height,
        sha256=file_sha256(data),
        pixel_sha256=pixel_sha256(picture),
        views=tuple(sorted(views, key=lambda view: view.name != WHOLE)),
        further=tuple((kind.name, kind.load().made(*whole)) for kind in further),
        regions=describe(_grey(picture)) if job.regions else None,
    )


def _view(view: WholeView, pixels: NDArray[np.uint8]) -> View:
    codes = {kind.name: kind.load().made(view, pixels) for kind in hash_kinds.kinds() if kind.in_views}
    return View(view.name, pdq_quality=view.quality, **codes)


def _grey(picture: Picture) -> NDArray[np.uint8]:
    return grey(picture.rgb, INDEX.long_side)
