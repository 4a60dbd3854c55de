"""For every layout that lists its files: set some aside, list again, put them back, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.clean import manifest as records
from auditor.clean.apply import apply
from auditor.clean.plan import make_plan
from auditor.clean.stage import check_place, follow_links, stage, with_attached
from auditor.clean.undo import undo
from auditor.model import Sample
from tests.clean.trees import LAYOUTS, copy_finding, listed, snapshot


def known(samples: list[Sample]) -> dict[str, tuple[str, ...]]:
    """Pictures that are trained, and their captions."""
    return {
        sample.path: tuple(caption.text for caption in sample.captions)
        for sample in samples
        if sample.kind == "picture" and sample.trained
    }


def by_caption(found: dict[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    return sorted(found.values())


@pytest.mark.parametrize("name", LAYOUTS)
def test_set_aside_list_again_and_put_back(name: str, tmp_path: Path) -> None:
    make, layout, options = LAYOUTS[name]
    path = make(tmp_path / "set")
    root = path if path.is_dir() else path.parent
    before = snapshot(root)
    samples = listed(path, layout, **options)
    first = known(samples)
    assert len(first) >= 5
    flagged = sorted(first)[1:3]
    plan = follow_links(make_plan([copy_finding(item) for item in flagged], samples, {"high"}), root)
    plan = with_attached(plan, root)
    assert plan.by_hand == ()
    aside = tmp_path / "aside"
    check_place(root, aside)
    manifest = apply(stage(plan, root, aside, "0" * 64), aside)
    again = listed(path, layout, **options)
    second = known(again)
    notes = [note.rule for sample in again for note in sample.notes]
    assert "dataset.missing-file" not in notes
    if name == "hf-parquet":  # rows move up, so they are known by their captions
        expected = [captions for item, captions in first.items() if item not in flagged]
        assert by_caption(second) == sorted(expected)
    else:
        assert second == {item: captions for item, captions in first.items() if item not in flagged}
    assert snapshot(root) != before
    assert manifest.state == "applied"
    assert undo(records.load(aside), aside) == len(manifest.moved) + len(manifest.rewritten)
    assert snapshot(root) == before
    assert not aside.exists()
