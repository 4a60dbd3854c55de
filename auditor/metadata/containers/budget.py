"""Bounds on what one file may make the readers do, and the notes they leave when a bound is met."""

from __future__ import annotations

import zlib

from auditor.metadata.values import MetadataNote, NoteReason

TEXT_LIMIT = 4 << 20
"""Bytes of one text, packet or inflated chunk."""
TOTAL_LIMIT = 16 << 20
"""Bytes of all texts and inflated chunks of one file together."""
FIELD_LIMIT = 2_000
"""Fields of one file."""
NOTE_LIMIT = 50
"""Notes of one file: a hostile file must not fill a report."""


class Budget:
    """Counts what was taken from one file, and collects notes without repeating any."""

    def __init__(self) -> None:
        self.bytes_left = TOTAL_LIMIT
        self.fields_left = FIELD_LIMIT
        self.notes: list[MetadataNote] = []

    def note(self, reason: NoteReason, detail: str, where: str) -> None:
        """Leave a note, once per reason and place."""
        known = any(note.reason == reason and note.where == where for note in self.notes)
        if not known and len(self.notes) < NOTE_LIMIT:
            self.notes.append(MetadataNote(reason, detail, where))

    def take(self, size: int, where: str) -> bool:
        """Say whether a field of `size` bytes may be read; where not, a note says why."""
        if size > TEXT_LIMIT:
            self.note("too-large", f"{size} bytes, more than {TEXT_LIMIT} are not read", where)
            return False
        if self.fields_left <= 0:
            self.note("too-many", f"more than {FIELD_LIMIT} metadata fields", where)
            return False
        if size > self.bytes_left:
            self.note("too-large", f"all metadata together exceeds {TOTAL_LIMIT} bytes", where)
            return False
        self.bytes_left -= size
        self.fields_left -= 1
        return True

    def inflate(self, packed: bytes | memoryview, where: str) -> bytes | None:
        """Return zlib data unpacked, or None (with a note) where it is damaged or too large unpacked."""
        limit = min(TEXT_LIMIT, self.bytes_left)
        unpacker = zlib.decompressobj()
        try:
            unpacked = unpacker.decompress(packed, limit + 1)
        except zlib.error as error:
            self.note("malformed", f"damaged compressed text: {error}", where)
            return None
        if len(unpacked) > limit:
            # What was unpacked still counts, so that many such chunks cannot cost more than the total.
            self.bytes_left = max(0, self.bytes_left - limit)
            self.note("too-large", f"unpacks to more than {limit} bytes", where)
            return None
        return unpacked if self.take(len(unpacked), where) else None
