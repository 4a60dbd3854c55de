"""Real lists against real texts: nothing innocent is flagged, nothing behind a cue is missed."""

from __future__ import annotations

import pytest

from benchmarks.names import world

pytestmark = pytest.mark.skipif(not world.FOLDER.exists(), reason="the shared evaluation texts are not here")


def test_innocent_captions_of_many_languages_stay_clean() -> None:
    texts = [item for item in world.texts() if item.source in world.INNOCENT][::3]
    flagged = [bool(found) for found in world.engine("n3k").find_many([item.text for item in texts])]
    assert sum(flagged) * 1e4 / len(texts) <= 2


def test_names_behind_a_strong_cue_are_found() -> None:
    texts = [item for item in world.texts() if item.source == "krea"]
    found = world.engine("n3k").find_many([item.text for item in texts])
    asked = list(world.behind_a_cue(texts, world.listed("n3k")))
    missed = [
        artist for number, at, artist in asked if not any(m.start <= at + 3 and m.end > at for m in found[number])
    ]
    assert len(asked) > 20 and missed == []


def test_labelled_findings_without_an_artist_are_gone() -> None:
    rows = [row for row in world._rows("findings.jsonl.gz") if row["list"] == "n3k"]
    found = world.engine("n3k").find_many([row["text"] for row in rows])
    kept = [
        any(m.start < row["end"] and row["start"] < m.end for m in group)
        for row, group in zip(rows, found, strict=True)
    ]
    wrong = [row["span"] for row, hit in zip(rows, kept, strict=True) if hit and row["label"] == "false"]
    right = [hit for row, hit in zip(rows, kept, strict=True) if row["label"] == "true"]
    assert wrong == []
    assert sum(right) / len(right) >= 0.9
