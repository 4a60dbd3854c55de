"""The one place that opens a sample's bytes."""

from __future__ import annotations

import os

from auditor.errors import PictureError
from auditor.model import BytesPayload, FilePayload, Payload
from auditor.support import reading


def read(payload: Payload, limit: int) -> bytes:
    """Return a picture's bytes.

    Raises:
        PictureError: `too-many-bytes` (more than `limit`), `unreadable` (missing, no permission, not a regular
            file) or `truncated` (the archive ends inside the member). It becomes a counted skip.
    """
    if isinstance(payload, BytesPayload):
        if len(payload.data) > limit:
            raise _too_many(len(payload.data), limit)
        return payload.data
    try:
        handle = reading.descriptor_of(payload.path)
    except OSError as error:
        raise PictureError("unreadable", error.strerror or "cannot be opened") from error
    try:
        if isinstance(payload, FilePayload):
            return _whole(handle, os.fstat(handle).st_size, limit)
        return _slice(handle, payload.offset, payload.size, limit)
    except OSError as error:
        raise PictureError("unreadable", error.strerror or "cannot be read") from error
    finally:
        os.close(handle)


def _whole(handle: int, size: int, limit: int) -> bytes:
    if size > limit:
        raise _too_many(size, limit)
    # One byte more than allowed is asked for: a file that grows while it is read must not pass the limit.
    data = reading.take(handle, limit + 1 if size >= limit else size + 1)
    if len(data) > limit:
        raise _too_many(len(data), limit)
    return data


def _slice(handle: int, offset: int, size: int, limit: int) -> bytes:
    if size > limit:
        raise _too_many(size, limit)
    os.lseek(handle, offset, os.SEEK_SET)
    data = reading.take(handle, size)
    if len(data) < size:
        raise PictureError("truncated", f"the archive ends after {len(data):,} of the member's {size:,} bytes")
    return data


def _too_many(size: int, limit: int) -> PictureError:
    return PictureError("too-many-bytes", f"{size:,} bytes, and at most {limit:,} are read")
