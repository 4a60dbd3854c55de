"""The bench's plots, as SVG in docs/images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
matplotlib.rcParams["svg.hashsalt"] = "copies"

from matplotlib import pyplot as plt  # noqa: E402 - the backend must be chosen first

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"


def recall_per_edit(recalls: Mapping[str, Mapping[str, float]]) -> None:
    """One line per tool over the edits."""
    edits = list(next(iter(recalls.values())))
    figure, axes = plt.subplots(figsize=(11, 4.5))
    for tool, by_edit in recalls.items():
        strong = tool == "auditor"
        axes.plot(edits, [by_edit[edit] for edit in edits], marker="o", ms=4, lw=2.5 if strong else 1, label=tool)
    axes.set(ylim=(-0.02, 1.02), ylabel="recall")
    axes.tick_params(axis="x", rotation=60)
    _save(figure, axes, "recall-per-edit")


def precision_recall(curves: Mapping[str, Sequence[tuple[float, float, float]]]) -> None:
    """Precision over recall for falling bounds; a point for a tool that gives no score."""
    figure, axes = plt.subplots(figsize=(6.5, 4.5))
    for tool, points in curves.items():
        if points:
            axes.plot([r for _, _, r in points], [p for _, p, _ in points], marker=".", label=tool)
    axes.set(xlabel="recall", ylabel="precision (works of other families named count as wrong)")
    axes.set(xlim=(0, 1.02), ylim=(0.5, 1.005))
    _save(figure, axes, "precision-recall")


def time_against_recall(tools: Mapping[str, tuple[float, float]]) -> None:
    """Milliseconds a picture, logarithmic, over mean recall."""
    figure, axes = plt.subplots(figsize=(6.5, 4.5))
    for tool, (seconds, recall) in tools.items():
        axes.plot(max(seconds, 1e-5) * 1000, recall, "o", label=tool)
    axes.set(xscale="log", xlabel="ms a picture", ylabel="mean recall over the edits", ylim=(0, 1.02))
    _save(figure, axes, "time-recall")


def query_time(grown: Sequence[tuple[int, int, float, float]]) -> None:
    """Search time over the number of works."""
    figure, axes = plt.subplots(figsize=(6.5, 3.5))
    works = [row[0] for row in grown]
    axes.plot(works, [row[2] for row in grown], "o-", label="glance")
    axes.plot(works, [row[3] for row in grown], "o-", label="closer look")
    axes.set(xscale="log", yscale="log", xlabel="works in the index", ylabel="ms a query")
    _save(figure, axes, "query-time")


def calibration(rows: Sequence[Sequence[float]]) -> None:
    """Stated probability over the share that is true."""
    figure, axes = plt.subplots(figsize=(4.5, 4.5))
    axes.plot([0, 1], [0, 1], color="grey", lw=0.8)
    axes.plot([row[0] for row in rows], [row[1] for row in rows], "o-", label="held-back half")
    for stated, share, count in rows:
        axes.annotate(str(int(count)), (stated, share), textcoords="offset points", xytext=(6, -10), fontsize=8)
    axes.set(xlabel="stated probability", ylabel="share that is true")
    _save(figure, axes, "calibration")


def _save(figure: plt.Figure, axes: plt.Axes, name: str) -> None:
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)
    IMAGES.mkdir(parents=True, exist_ok=True)
    figure.tight_layout()
    figure.savefig(IMAGES / f"{name}.svg", metadata={"Date": None})
    plt.close(figure)
