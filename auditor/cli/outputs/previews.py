"""Small pictures for the HTML report, made from the dataset while it is at hand.

By default a preview is so small and blurred that it says which picture is meant and nothing more: a report must not
publish opted-out works again. Readable thumbnails are made only when asked for.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from auditor.cli.console import say
from auditor.datasets.layouts.several import listed_again
from auditor.datasets.reading.payload import read
from auditor.errors import AuditorError, PictureError
from auditor.model import Sample
from auditor.outcome import Report
from auditor.report.grouping import urgency
from auditor.report.interface import Output, Preview, RenderContext

MAX_PREVIEWS = 3_000
"""Samples with a preview; the most urgent come first."""
MAX_BYTES = 256 * 1024 * 1024
"""A larger file gets no preview."""
BLURRED_SIDE = 24
THUMBNAIL_SIDE = 320
QUALITY = 65


def with_previews(
    context: RenderContext, report: Report, outputs: Sequence[Output], *, thumbnails: bool = False
) -> RenderContext:
    """Add previews of the dataset's pictures where an HTML report is asked for."""
    if not report.findings or all(output.format != "html" for output in outputs):
        return context
    previews = make_previews(report, thumbnails=thumbnails)
    if not previews:
        say("The HTML report shows no pictures: none could be read where the report says the dataset is.")
    return replace(context, previews=previews)


def make_previews(report: Report, *, thumbnails: bool = False) -> dict[str, Preview]:
    """Previews of the samples that have findings. What cannot be listed or read any more is left out."""
    wanted = list(dict.fromkeys(finding.sample for finding in sorted(report.findings, key=urgency)))
    chosen = set(wanted[:MAX_PREVIEWS])
    if not chosen or not all(Path(source.path).exists() for source in report.dataset.sources):
        return {}
    try:
        found = {sample.path: sample for sample in listed_again(report.dataset) if sample.path in chosen}
    except AuditorError:
        return {}
    return dict(_previews((found[path] for path in wanted if path in found), thumbnails))


def _previews(samples: Iterable[Sample], thumbnails: bool) -> Iterator[tuple[str, Preview]]:
    for sample in samples:
        if sample.payload is None:
            continue
        try:
            preview = make_preview(read(sample.payload, MAX_BYTES), thumbnail=thumbnails)
        except PictureError:
            continue
        yield sample.path, preview


def make_preview(data: bytes, *, thumbnail: bool = False) -> Preview:
    """One preview from a picture's bytes.

    Raises:
        PictureError: it cannot be decoded.
    """
    from PIL import Image  # here, because most scans make no preview, and these take long to import

    from auditor.imaging.pixels import decode, shrink

    picture = decode(data, full=False)
    small = shrink(picture.rgb, THUMBNAIL_SIDE if thumbnail else BLURRED_SIDE)
    buffer = io.BytesIO()
    Image.fromarray(small).save(buffer, "JPEG", quality=QUALITY)
    uri = "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
    return Preview(uri, picture.width, picture.height, blurred=not thumbnail)
