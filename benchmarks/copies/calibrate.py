"""Fit the probability of a region match on one half of the sources, and draw its curve on the other.

    python -m benchmarks.copies.calibrate

prints the coefficients for `auditor/imaging/regions/calibration.py`. A candidate is true where it is the query's own
work,
the right way round; false where it is a work of another package. What is neither (the same family, the same package,
where one figure may stand in two pictures) is left out, and so are pairs of clip art.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from auditor.imaging.regions.calibration import NAMES
from benchmarks.copies import ours
from benchmarks.copies.material import Material, folder, prepare

MIRRORED = {"hflip", "combo", "mirrorcrop45"}
RIDGE = 0.05
FALSE_WEIGHT = 4.0
"""A false match costs more than a missed one."""


def measure(material: Material) -> list[dict]:
    """Measurements of every candidate of every query, kept on disk."""
    path = folder() / "measured.jsonl"
    if not path.exists():
        hashed = ours.hashed_works(material)
        partial = path.with_suffix(".partial")
        with partial.open("w") as file:
            for row in ours.measured([*material.queries[::3], *material.hard[::3], *material.unrelated], hashed):
                file.write(json.dumps(row) + "\n")
        partial.replace(path)
    return [json.loads(line) for line in path.read_text().splitlines()]


def labelled(
    rows: Sequence[dict], material: Material
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.int64]]:
    """Values (n, 6), truth (n,) and half (n,) of the candidates whose truth is known."""
    values, truths, halves = [], [], []
    for row in rows:
        truth = _truth(row, material)
        if truth is not None:
            values.append(row["values"])
            truths.append(truth)
            halves.append(row["half"])
    return np.array(values), np.array(truths), np.array(halves)


def _truth(row: dict, material: Material) -> bool | None:
    source, work = row["source"], row["work"]
    if source < 0:
        return False
    if source == work:
        return True if row["mirrored"] == (row["edit"] in MIRRORED) else None
    if material.families[source] == material.families[work] or material.packages[source] == material.packages[work]:
        return None
    return None if material.kinds[source] == material.kinds[work] == "clipart" else False


def fit(values: NDArray[np.float64], truth: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Intercept and weights by ridge-penalised logistic regression (iteratively reweighted least squares)."""
    known = np.column_stack([np.ones(len(values)), values])
    weight = np.where(truth, 1.0, FALSE_WEIGHT)
    solution = np.zeros(known.shape[1])
    for _ in range(100):
        chance = sigmoid(known @ solution)
        slope = known.T @ (weight * (truth - chance)) - RIDGE * solution
        curve = (known * (weight * chance * (1 - chance) + 1e-9)[:, None]).T @ known + RIDGE * np.eye(known.shape[1])
        step = np.linalg.solve(curve, slope)
        solution += step
        if np.abs(step).max() < 1e-8:
            break
    return solution


def sigmoid(score: NDArray[np.float64]) -> NDArray[np.float64]:
    """The logistic function."""
    return 1 / (1 + np.exp(-np.clip(score, -40, 40)))


def curve(chance: NDArray[np.float64], truth: NDArray[np.bool_]) -> list[tuple[float, float, int]]:
    """(mean stated probability, share that is true, number) in bins of the stated probability."""
    edges = np.array([0, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98, 1.0001])
    rows = []
    for low, high in itertools.pairwise(edges):
        inside = (chance >= low) & (chance < high)
        if inside.any():
            rows.append((float(chance[inside].mean()), float(truth[inside].mean()), int(inside.sum())))
    return rows


def main() -> None:
    """Fit on half 0, show on half 1."""
    material = prepare()
    values, truth, half = labelled(measure(material), material)
    solution = fit(values[half == 0], truth[half == 0])
    print(f"INTERCEPT = {solution[0]:.3f}")
    print(f"WEIGHTS = ({', '.join(f'{weight:.3f}' for weight in solution[1:])})  # {', '.join(NAMES)}")
    for name, part in (("fitted", half == 0), ("held back", half == 1)):
        chance = sigmoid(solution[0] + values[part] @ solution[1:])
        print(name, "true", int(truth[part].sum()), "false", int((~truth[part]).sum()))
        for bound in (0.5, 0.8, 0.9, 0.95, 0.98, 0.99):
            found, wrong = (chance[truth[part]] >= bound).mean(), int((chance[~truth[part]] >= bound).sum())
            print(f"  p >= {bound}: {found:.4f} of the true, {wrong} of the false")
    chance = sigmoid(solution[0] + values[half == 1] @ solution[1:])
    rows = [[float(x), float(y), n] for x, y, n in curve(chance, truth[half == 1])]
    Path(folder() / "curve.json").write_text(json.dumps(rows))
    for stated, share, count in rows:
        print(f"  stated {stated:.3f}: true {share:.3f} of {count}")


if __name__ == "__main__":
    main()
