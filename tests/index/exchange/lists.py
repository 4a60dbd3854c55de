"""Reading and writing lists in memory."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from auditor.index.exchange.interface import Dropped, ReadOptions, WriteOptions, format_of
from auditor.index.exchange.sink import Sink
from auditor.index.format.tables import works_from
from auditor.index.making.content import Content
from auditor.index.making.versions import create
from auditor.index.opening.store import open_index
from tests.index.samples import TODAY


def read(name: str, data: bytes | str, **options: str) -> tuple[Content, Sink]:
    """A list as the content of an index, with the sink that counted."""
    raw = data.encode() if isinstance(data, str) else data
    sink = Sink("list")
    format_of(name).load().read(io.BytesIO(raw), sink, ReadOptions(**options))
    return sink.content(), sink


def write(name: str, content: Content, options: WriteOptions | None = None) -> tuple[str, Dropped]:
    """The content of an index as a list, through an index on disk."""
    with tempfile.TemporaryDirectory() as folder:
        create(Path(folder) / "index", content, today=TODAY)
        stream = io.StringIO(newline="")
        dropped = format_of(name).load().write(open_index(Path(folder) / "index"), stream, options or WriteOptions())
        return stream.getvalue(), dropped


def works(content: Content) -> list[object]:
    return list(works_from(content.works))
