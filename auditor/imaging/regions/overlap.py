"""Which part of a work lies in which part of a picture, from the transform between them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from auditor.imaging.regions.geometry import dense
from auditor.imaging.regions.guided import Evidence, Side

Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Overlap:
    """The common area of a picture and a work."""

    sample_region: Rectangle
    """Bounding box in the picture, fractions of width and height."""
    work_region: Rectangle
    """Bounding box in the work."""
    sample_share: float
    """Part of the picture's area, 0 to 1."""
    work_share: float
    """Part of the work's area, 0 to 1."""
    scale: float
    """Enlargement from work to picture in units of their longer sides."""
    rotation: float
    """Degrees clockwise by which the work was turned (after mirroring, where it was mirrored), 0 to 360."""


def whole_overlap(evidence: Evidence, sample: Side, work: Side, mirrored: bool) -> Overlap:
    """Where the frames of both overlap: all of the work that the picture can show."""
    frame = np.array([[0, 0], [work.width, 0], [work.width, work.height], [0, work.height]], dtype=np.float64)
    placed = evidence.fit.place(frame).astype(np.float32)
    view = np.array([[0, 0], [sample.width, 0], [sample.width, sample.height], [0, sample.height]], dtype=np.float32)
    area, common = cv2.intersectConvexConvex(placed, view)
    polygon = view.astype(np.float64) if area <= 0 or common is None else common.reshape(-1, 2).astype(np.float64)
    return _overlap(evidence, polygon, sample, work, mirrored)


def matched_overlap(evidence: Evidence, sample: Side, work: Side, mirrored: bool) -> Overlap:
    """The hull of what was matched, for a part that both share while the rest differs."""
    points = evidence.pairs.sample[evidence.fit.rows, :2].astype(np.float32)
    points = points[dense(points)]
    hull = cv2.convexHull(points.reshape(-1, 1, 2)).reshape(-1, 2).astype(np.float64)
    return _overlap(evidence, hull, sample, work, mirrored)


def _overlap(evidence: Evidence, polygon: NDArray[np.float64], sample: Side, work: Side, mirrored: bool) -> Overlap:
    there = evidence.fit.back(polygon)
    x0, y0, x1, y1 = _box(polygon, sample)
    if mirrored:
        x0, x1 = 1 - x1, 1 - x0
    rotation = -evidence.fit.rotation if mirrored else evidence.fit.rotation
    return Overlap(
        sample_region=(x0, y0, x1, y1),
        work_region=_box(there, work),
        sample_share=_share(polygon, sample),
        work_share=_share(there, work),
        scale=evidence.fit.scale,
        rotation=rotation % 360,
    )


def _box(polygon: NDArray[np.float64], side: Side) -> Rectangle:
    across = np.clip(polygon[:, 0] / side.width, 0, 1)
    down = np.clip(polygon[:, 1] / side.height, 0, 1)
    return float(across.min()), float(down.min()), float(across.max()), float(down.max())


def _share(polygon: NDArray[np.float64], side: Side) -> float:
    """Area by the shoelace formula over the frame's area."""
    across, down = polygon[:, 0], polygon[:, 1]
    area = abs(float(np.dot(across, np.roll(down, -1)) - np.dot(down, np.roll(across, -1)))) / 2
    return min(area / (side.width * side.height), 1.0)
