from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from benchmarks import measure
from benchmarks.copies_whole.scene import Copy
from benchmarks.copies_whole.score import CopyReport, Score, alarms, read, score
from benchmarks.corpus import Picture, work_folder


def picture(name: str, artist: str, family: int) -> Picture:
    return Picture(str(work_folder() / "trees" / f"{name}.png"), "painting", "work", artist, "p", family, family)


ONE, TWO, KIN = picture("one", "ann", 1), picture("two", "bob", 2), picture("kin", "bob", 1)


def finding(work: Picture, severity: str = "high", tier: str = "whole") -> dict[str, Any]:
    return {
        "rule": "copy.whole",
        "sample": "s",
        "severity": severity,
        "work": {"title": work.name + ".png"},
        "artist": {"name": work.artist},
        "match": {"tier": tier},
    }


def scored(*findings: dict[str, Any]) -> Score:
    report = CopyReport({"a.jpg": list(findings)}, {})
    return score(report, [Copy("a.jpg", "hflip", ONE)], [ONE, TWO, KIN])


def test_right_work_by_hash_and_by_region() -> None:
    assert scored(finding(ONE)) == Score(1, 1, 1, 0, 0)
    assert scored(finding(ONE, tier="region")) == Score(1, 1, 0, 0, 0)


def test_medium_is_for_review() -> None:
    assert scored(finding(ONE, "medium")) == Score(1, 0, 0, 1, 0)


def test_nothing_found() -> None:
    assert scored() == Score(1, 0, 0, 0, 0)


def test_another_work_is_wrong_unless_it_shares_a_part() -> None:
    assert scored(finding(TWO)) == Score(1, 0, 0, 0, 1)
    assert scored(finding(KIN)) == Score(1, 0, 0, 0, 0)
    assert scored(finding(ONE), finding(TWO)) == Score(1, 1, 1, 0, 1)
    assert scored(finding(TWO, "medium")) == Score(1, 0, 0, 0, 0)


def test_alarms_count_pictures_by_their_highest_grade() -> None:
    report = CopyReport({"u1.jpg": [finding(ONE, "medium"), finding(TWO)], "u2.jpg": [finding(ONE, "medium")]}, {})
    assert alarms(report, "u") == {"high": 1, "medium": 1}
    assert alarms(report, "x") == {}


def test_only_copy_findings_are_read(tmp_path: Path) -> None:
    named = {**finding(ONE), "rule": "name.caption"}
    report = {"findings": [{**finding(ONE), "sample": "deep/a.jpg"}, named], "coverage": {"seen": 2}}
    (tmp_path / "r.json").write_text(json.dumps(report))
    read_back = read(tmp_path / "r.json")
    assert list(read_back.findings) == ["a.jpg"]
    assert read_back.coverage == {"seen": 2}


def test_memory_of_all_processes_is_measured() -> None:
    child = "import time; block = bytearray(b'x' * 60_000_000); time.sleep(0.6)"
    program = f"import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-c', {child!r}]) + 3)"
    done = measure.run([sys.executable, "-c", program])
    assert done.code == 3
    assert done.seconds > 0.6
    assert 60_000_000 < done.peak_bytes < 200_000_000
