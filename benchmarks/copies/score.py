"""Recall, false matches and precision-recall curves from what a tool answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.copies.material import Material
from benchmarks.copies.ours import Answer


@dataclass(frozen=True, slots=True)
class Score:
    """One tool's figures."""

    by_edit: dict[str, float]
    by_kind: dict[str, float]
    by_edit_and_kind: dict[tuple[str, str], float]
    mean: float
    """Mean of `by_edit`."""
    art: float
    """Mean over the edits, paintings, photos and portraits only."""
    unrelated: int
    """Unrelated pictures with a match."""
    unrelated_of: int
    wrong: int
    """Edited pictures that match a work of another family and another package."""
    wrong_of: int
    seconds: float
    """Mean per picture."""


def score(answers: Sequence[Answer], material: Material, grades: Sequence[str] = ("high",)) -> Score:
    """Count. A work counts as found where it is named with one of the grades."""
    edited = [answer for answer in answers if answer.query.work >= 0]
    others = [answer for answer in answers if answer.query.work < 0]
    hits = [(answer, any(w == answer.query.work and g in grades for w, _, g in answer.works)) for answer in edited]
    edits = list(dict.fromkeys(answer.query.edit for answer in edited))
    kinds = list(dict.fromkeys(answer.query.kind for answer in edited))
    by_edit = {edit: _mean(hit for answer, hit in hits if answer.query.edit == edit) for edit in edits}
    art = {
        edit: _mean(hit for answer, hit in hits if answer.query.edit == edit and answer.query.kind != "clipart")
        for edit in edits
    }
    return Score(
        by_edit=by_edit,
        by_kind={kind: _mean(hit for answer, hit in hits if answer.query.kind == kind) for kind in kinds},
        by_edit_and_kind={
            (edit, kind): _mean(hit for answer, hit in hits if answer.query.edit == edit and answer.query.kind == kind)
            for edit in edits
            for kind in kinds
        },
        mean=_mean(by_edit.values()),
        art=_mean(art.values()),
        unrelated=sum(any(grade in grades for _, _, grade in answer.works) for answer in others),
        unrelated_of=len(others),
        wrong=sum(_wrong(answer, material, grades) for answer in edited),
        wrong_of=len(edited),
        seconds=_mean(answer.seconds for answer in answers),
    )


def precision_recall(answers: Sequence[Answer], material: Material) -> list[tuple[float, float, float]]:
    """(bound, precision, recall) for falling bounds on the score. Precision counts right and wrong named works."""
    named = []
    for answer in answers:
        for work, value, _ in answer.works:
            right = work == answer.query.work
            if right or _is_wrong(answer, work, material):
                named.append((value, right))
    named.sort(key=lambda pair: -pair[0])
    total = sum(answer.query.work >= 0 for answer in answers)
    points, right = [], 0
    for number, (value, good) in enumerate(named, 1):
        right += good
        if number == len(named) or named[number][0] < value:
            points.append((value, right / number, right / total))
    return points


def _wrong(answer: Answer, material: Material, grades: Sequence[str]) -> bool:
    return any(grade in grades and _is_wrong(answer, work, material) for work, _, grade in answer.works)


def _is_wrong(answer: Answer, work: int, material: Material) -> bool:
    """A named work that cannot be right: of another family and of another package than the query's source."""
    source = answer.query.work
    if source < 0:
        return True
    return material.families[work] != material.families[source] and material.packages[work] != material.packages[source]


def _mean(values: Iterable[float]) -> float:
    items = [float(value) for value in values]
    return sum(items) / len(items) if items else 0.0
