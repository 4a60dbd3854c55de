"""The readable sheet of `auditor inspect`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from auditor.metadata.values import FileMetadata
from auditor.report.text import visible

SHOWN = 400
"""Characters of one value on the sheet; JSON has all of it."""
ABSENCE = "Absence proves nothing: most tools drop metadata when they save. Look at the originals."


@dataclass(frozen=True, slots=True)
class Sheet:
    """What there is to say about one file."""

    path: str
    size: int
    hashes: dict[str, Any]
    """Versioned name of an algorithm -> code, list of codes, or list of views with their codes."""
    picture: dict[str, Any] | None
    problem: str | None
    """Why the picture could not be decoded."""
    metadata: FileMetadata
    sidecars: tuple[str, ...]


def _rows(sheet: Sheet) -> Iterator[tuple[str, str, str]]:
    """Yield (section, label, value) of the sheet."""
    metadata = sheet.metadata
    yield "File", "size", f"{sheet.size:,} bytes"
    if sheet.picture is not None:
        shape = sheet.picture
        yield "File", "picture", f"{shape['format']}, {shape['width']} × {shape['height']} pixels"
        if shape["frames"] > 1:
            yield "File", "frames", f"{shape['frames']} (the first is used)"
        if shape["exifOrientation"] != 1:
            yield "File", "orientation", f"EXIF {shape['exifOrientation']}, applied"
    if sheet.problem is not None:
        yield "File", "not decoded", sheet.problem
    for name in sheet.sidecars:
        yield "File", "side file", name
    if metadata.url is not None:
        yield "File", "came from", metadata.url
    yield from _hash_rows(sheet.hashes)
    for item in metadata.reservations:
        more = f"; conditions: {item.constraint}" if item.constraint else ""
        draft = " (draft vocabulary)" if item.draft else ""
        yield (
            "Reservations",
            item.meaning,
            f"{item.field} = {item.value}{draft} ({item.vocabulary}, {item.where}){more}",
        )
    if metadata.signature is not None:
        signature = metadata.signature
        state = f"{signature.state}, issuer {signature.issuer or 'unknown'}, {signature.manifests} manifest(s)"
        yield "Signature", "C2PA", state + (f"; {', '.join(signature.codes)}" if signature.codes else "")
    yield from _origin_rows(metadata)
    for text in metadata.texts:
        yield "Texts", f"{text.source} ({text.kind})", text.value
    for note in metadata.notes:
        yield "Not read", note.reason, f"{note.where}: {note.detail}"


def _hash_rows(hashes: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name, value in hashes.items():
        if name == "views":
            for view in value:
                for algorithm, code in view.items():
                    if algorithm not in ("view", "quality"):
                        quality = f" (quality {view['quality']})" if algorithm.startswith("pdq") else ""
                        yield "Hashes", f"{algorithm} {view['view']}", f"{code}{quality}"
        elif isinstance(value, list):
            yield "Hashes", name, f"{len(value)} local features (their codes are in --json)"
        else:
            yield "Hashes", name, value


def _origin_rows(metadata: FileMetadata) -> Iterator[tuple[str, str, str]]:
    generation = metadata.generation
    for writer in generation.writers:
        yield "Made by a model", "writer", writer
    for kind in generation.source_types:
        yield "Made by a model", "source type", f"{kind.value} ({kind.made}, {kind.where})"
    for text in generation.positive:
        yield "Made by a model", text.source, text.value
    for text in generation.negative:
        yield "Made by a model", f"{text.source} (negative)", text.value


def print_sheet(console: Console, sheet: Sheet) -> None:
    """Print the sheet, section by section."""
    console.print(Text(visible(sheet.path), style="bold"))
    sections: dict[str, list[tuple[str, str]]] = {}
    for section, label, value in _rows(sheet):
        sections.setdefault(section, []).append((label, value))
    for section, rows in sections.items():
        console.print(Text(f"  {section}", style="bold"))
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 4))
        table.add_column(overflow="fold", max_width=36, style="dim")
        table.add_column(overflow="fold")
        for label, value in rows:
            shown = value if len(value) <= SHOWN else f"{value[:SHOWN]}… ({len(value):,} characters)"
            table.add_row(Text(visible(label)), Text(visible(shown)))
        console.print(table)
    if "Reservations" not in sections and "Made by a model" not in sections:
        console.print(Text(f"  No reservation and no generation metadata. {ABSENCE}", style="dim"))
    console.print()
