"""`auditor inspect FILE…`: everything a file says of itself, and every hash that is computed of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli.console import stdout
from auditor.cli.outputs.inspect_sheet import Sheet, print_sheet
from auditor.errors import DatasetError
from auditor.report.json import dumps
from auditor.support import reading

if TYPE_CHECKING:
    from auditor.imaging.pixels import Picture

SIZE_LIMIT = 1 << 30
SIDECAR_LIMIT = 64 << 20
MAX_ANCHORS = 16 << 20


@click.command()
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a sheet.")
@click.option(
    "--trust",
    "trust",
    metavar="PEM",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Certificates to which a C2PA signature may chain to count as trusted.",
)
def inspect(files: tuple[Path, ...], as_json: bool, trust: Path | None) -> None:
    """Show everything that each FILE says of itself, and every hash that is computed of it.

    Side files beside a picture (NAME.xmp, NAME.EXT.xmp, NAME.json, NAME.c2pa) are read with it. Nothing is compared
    with anything, and nothing is fetched from the network.

    \b
    auditor inspect picture.png
    auditor inspect *.jpg --json > sheets.json
    """
    anchors = _read(trust, MAX_ANCHORS).decode("utf-8", "replace") if trust is not None else None
    sheets = (examine(path, anchors) for path in files)
    if as_json:
        click.echo(dumps({"files": [_value(sheet) for sheet in sheets]}))
        return
    console = stdout()
    for sheet in sheets:
        print_sheet(console, sheet)


def examine(path: Path, trust_anchors: str | None = None) -> Sheet:
    """Read one file and its side files.

    Raises:
        DatasetError: the file cannot be read, or is larger than is read at once.
    """
    from auditor.checks.origin import with_hidden_metadata
    from auditor.errors import PictureError
    from auditor.imaging.exact import file_sha256
    from auditor.imaging.pixels import decode
    from auditor.metadata.read import read_metadata

    data = _read(path, SIZE_LIMIT)
    sides = tuple((side.name, _read(side, SIDECAR_LIMIT)) for side in _side_files(path))
    metadata = read_metadata(data, sides, trust_anchors)
    hashes: dict[str, Any] = {"sha256": file_sha256(data).hex()}
    shape: dict[str, Any] | None = None
    problem: str | None = None
    try:
        picture = decode(data)
    except PictureError as error:
        problem = str(error)
    else:
        metadata = with_hidden_metadata(metadata, picture)
        hashes.update(_hashes(picture))
        shape = {
            "format": picture.format,
            "width": picture.width,
            "height": picture.height,
            "frames": picture.frames,
            "exifOrientation": picture.exif_orientation,
            "hasAlpha": picture.has_alpha,
        }
    return Sheet(str(path), len(data), hashes, shape, problem, metadata, tuple(name for name, _ in sides))


def _hashes(picture: Picture) -> dict[str, Any]:
    """Every hash of a decoded picture, under the versioned name of its algorithm."""
    from auditor.imaging import exact, pdq, phash
    from auditor.imaging.perceptual import whole_views
    from auditor.imaging.pixels import grey
    from auditor.imaging.regions import features as regions
    from auditor.support import extras

    views = [
        {
            "view": view.name,
            pdq.ALGORITHM: bytes(view.pdq[0]).hex(),
            "quality": view.quality,
            phash.ALGORITHM: bytes(view.phash[0]).hex(),
        }
        for view in whole_views(picture)
    ]
    features = regions.describe(grey(picture.rgb, max(picture.rgb.shape[:2])))
    found: dict[str, Any] = {
        exact.PIXELS_ALGORITHM: exact.pixel_sha256(picture).hex(),
        "views": views,
        regions.ALGORITHM: [bytes(code).hex() for code in features.codes],
    }
    if extras.available("iscc_lib"):
        from auditor.imaging import iscc

        found[iscc.ALGORITHM] = iscc.image_code(picture)
    return found


def _side_files(path: Path) -> Iterator[Path]:
    for ending in (".xmp", ".json", ".c2pa"):
        for side in dict.fromkeys((path.with_suffix(ending), path.with_name(path.name + ending))):
            if side != path and side.is_file():
                yield side


def _read(path: Path, limit: int) -> bytes:
    try:
        return reading.read_bytes(path, limit)
    except IsADirectoryError as error:
        raise DatasetError(f"{path} is a folder; give its files, or use 'auditor scan'.") from error
    except OSError as error:
        raise DatasetError(f"{path} cannot be read ({error.strerror}). Check the path and its permissions.") from error


def _value(sheet: Sheet) -> dict[str, Any]:
    """The sheet as JSON values."""
    metadata = sheet.metadata
    generation = metadata.generation
    return {
        "path": sheet.path,
        "size": sheet.size,
        "hashes": sheet.hashes,
        "picture": sheet.picture,
        "problem": sheet.problem,
        "sidecars": list(sheet.sidecars),
        "container": metadata.container,
        "reservations": [asdict(item) for item in metadata.reservations],
        "texts": [{"value": text.value, "source": text.source, "kind": text.kind} for text in metadata.texts],
        "generation": {
            "isAi": generation.is_ai,
            "writers": list(generation.writers),
            "positive": [{"value": text.value, "source": text.source} for text in generation.positive],
            "negative": [{"value": text.value, "source": text.source} for text in generation.negative],
            "sourceTypes": [asdict(kind) for kind in generation.source_types],
        },
        "signature": None if metadata.signature is None else asdict(metadata.signature),
        "notes": [asdict(note) for note in metadata.notes],
        "url": metadata.url,
    }
