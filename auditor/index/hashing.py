"""One picture: read once, decoded once, every hash made. Runs in worker processes."""

from __future__ import annotations

import os
import signal
import stat
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from auditor.errors import PictureError
from auditor.imaging.exact import file_sha256, pixel_sha256
from auditor.imaging.perceptual import WHOLE, WholeView, hash_view, readings
from auditor.imaging.pixels import Picture, decode, grey
from auditor.imaging.regions import INDEX, RegionFeatures, describe
from auditor.index.format import hash_kinds
from auditor.index.schema import View

MAX_FILE_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class Job:
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


def prepare_worker() -> None:
    """Leave Ctrl-C to the parent, and one thread to each worker: there is one worker a core already."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)


def hash_pictures(jobs: tuple[Job, ...]) -> tuple[Hashed, ...]:
    """Hash a few pictures. What cannot be read is a value with a reason; nothing is raised for a bad picture."""
    return tuple(hash_picture(job) for job in jobs)


def hash_picture(job: Job) -> Hashed:
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
    # Non-blocking, so that a named pipe called .png does not wait for a writer for ever.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise PictureError("not-a-file", "it is not a regular file")
        if status.st_size > MAX_FILE_BYTES:
            raise PictureError("too-large", f"it has {status.st_size:,} bytes; at most {MAX_FILE_BYTES:,} are read")
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            return stream.read(MAX_FILE_BYTES + 1)
    finally:
        os.close(descriptor)


def _hashed(job: Job, data: bytes, picture: Picture) -> Hashed:
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
