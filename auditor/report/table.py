"""A finding as one flat row: the columns of the CSV and Parquet reports."""

from __future__ import annotations

from typing import Any

from auditor.model import Finding, Rectangle
from auditor.verdict.wording import full_message

COLUMNS: tuple[tuple[str, str], ...] = (
    ("fingerprint", "text"),
    ("rule", "text"),
    ("severity", "text"),
    ("waived", "bool"),
    ("trained", "bool"),
    ("sample", "text"),
    ("message", "text"),
    ("index", "text"),
    ("artist_id", "text"),
    ("artist", "text"),
    ("work_id", "text"),
    ("work", "text"),
    ("tier", "text"),
    ("distance", "int"),
    ("inliers", "int"),
    ("mirrored", "bool"),
    ("rotation", "int"),
    ("scale", "float"),
    ("probability", "float"),
    ("sample_x0", "float"),
    ("sample_y0", "float"),
    ("sample_x1", "float"),
    ("sample_y1", "float"),
    ("work_x0", "float"),
    ("work_y0", "float"),
    ("work_x1", "float"),
    ("work_y1", "float"),
    ("text", "text"),
    ("text_start", "int"),
    ("text_end", "int"),
    ("text_source", "text"),
    ("text_line", "int"),
    ("text_score", "float"),
    ("text_form", "text"),
    ("text_reason", "text"),
)
"""(name, type) in order; every column may be empty."""
_NO_RECTANGLE = (None, None, None, None)


def row(finding: Finding) -> tuple[Any, ...]:
    """The finding's values in the order of `COLUMNS`."""
    artist, work, match, text = finding.artist, finding.work, finding.match, finding.text
    return (
        finding.fingerprint,
        finding.rule,
        finding.severity,
        finding.waived,
        finding.trained,
        finding.sample,
        full_message(finding),
        finding.index,
        *((None, None) if artist is None else (artist.id, artist.name)),
        *((None, None) if work is None else (work.id, work.name)),
        *(
            (None,) * 15
            if match is None
            else (
                match.tier,
                match.distance,
                match.inliers,
                match.mirrored,
                match.rotation,
                _rounded(match.scale),
                _rounded(match.probability),
                *_sides(match.sample_region),
                *_sides(match.work_region),
            )
        ),
        *(
            (None,) * 8
            if text is None
            else (
                text.value,
                text.start,
                text.end,
                text.source,
                text.line,
                _rounded(text.score),
                text.form,
                text.reason,
            )
        ),
    )


def _sides(rectangle: Rectangle | None) -> tuple[float | None, ...]:
    return _NO_RECTANGLE if rectangle is None else tuple(_rounded(side) for side in rectangle)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 6)
