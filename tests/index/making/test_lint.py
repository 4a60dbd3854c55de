from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from auditor.index.format.schema import WorkRecord
from auditor.index.making import lint as module
from auditor.index.making.lint import Problem, lint, mark_unsafe_names
from auditor.index.making.versions import Label, update
from auditor.index.opening.store import open_index
from auditor.model import Artist, Statement
from tests.index.samples import make_index, person, record

TODAY = date(2026, 3, 1)
SAID = (Statement("self", "2026-01-01", "No training, please"),)
ASH = person("a", "Ash Varga", statements=SAID)
BO = person("b", "Bo Lindqvist", statements=SAID)


def found(tmp_path: Path, works: list[WorkRecord], people: list[Artist] | None = None, **label: str) -> list[Problem]:
    index = make_index(tmp_path / "i", people or [ASH, BO], works, label=Label(**label))
    return list(lint(index, TODAY))


def rules(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(problem.rule, problem.subject) for problem in problems]


def subject(number: int, artist: str = "a") -> str:
    return f"{artist}/{record(number).work_id}"


def test_a_good_index_has_nothing_to_correct(tmp_path: Path) -> None:
    assert found(tmp_path, [record(0), record(1, "b")]) == []


@pytest.mark.parametrize("same", ["sha256", "pixel_sha256", "pdq"])
def test_one_picture_under_two_artists(tmp_path: Path, same: str) -> None:
    copy = replace(record(1, "b"), **{same: getattr(record(0), same)})
    (problem,) = found(tmp_path, [record(0), copy])
    assert (problem.rule, problem.subject) == ("same-work-two-artists", subject(1, "b"))
    assert "'picture 0'" in problem.message
    assert "wrong-claim" in problem.fix


def test_one_picture_twice(tmp_path: Path) -> None:
    near = bytes([(record(0).pdq or b"")[0] ^ 0b111]) + (record(0).pdq or b"")[1:]
    (problem,) = found(tmp_path, [record(0), replace(record(1), pdq=near)])
    assert (problem.rule, problem.subject) == ("duplicate-entry", subject(1))
    assert f"--work {record(1).work_id} --reason duplicate" in problem.fix


def test_plain_pictures_are_not_taken_for_each_other(tmp_path: Path) -> None:
    plain = [replace(record(n), pdq=bytes(32), pdq_quality=10) for n in range(2)]
    assert rules(found(tmp_path, plain)) == [("too-plain", subject(0)), ("too-plain", subject(1))]


def test_large_indexes_are_compared_by_equality_and_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "NEAR_LIMIT", 1)
    near = bytes([(record(0).pdq or b"")[0] ^ 1]) + (record(0).pdq or b"")[1:]
    works = [record(0), replace(record(1), pdq=near), replace(record(2), pdq=record(0).pdq)]
    assert rules(found(tmp_path, works)) == [("duplicate-entry", subject(2)), ("not-compared", "index")]


def test_tiny_and_without_any_hash(tmp_path: Path) -> None:
    works = [
        replace(record(0), width=127, height=900),
        replace(record(1), width=None),
        WorkRecord("empty", "a", title="Lost"),
    ]
    problems = found(tmp_path, works)
    assert rules(problems) == [("no-hash", "a/empty"), ("tiny", subject(0))]
    assert "127 × 900" in problems[1].message


def test_statements(tmp_path: Path) -> None:
    people = [
        person("a", "Ash Varga"),
        person("b", "Bo Lindqvist", preference="allowed"),
        person("c", "Cy Marlowe", status="withdrawn"),
    ]
    problems = found(tmp_path, [], people)
    assert ("statement-missing", "a") in rules(problems)
    assert [p for p in problems if p.rule == "statement-missing" and p.subject != "a"] == []


def test_what_has_expired(tmp_path: Path) -> None:
    works = [replace(record(0), expires="2026-02-28"), replace(record(1), expires="2026-03-01")]
    problems = found(tmp_path, works, [replace(ASH, expires="2020-01-01")], expires="2025-12-31")
    assert rules(problems) == [("expired", "a"), ("expired", subject(0)), ("expired", "index")]


def test_tombstones_are_left_alone(tmp_path: Path) -> None:
    gone = replace(record(1), status="duplicate", sha256=record(0).sha256, expires="2020-01-01", pdq_quality=1)
    assert found(tmp_path, [record(0), gone]) == []


def test_a_signature_that_does_not_fit(tmp_path: Path) -> None:
    pytest.importorskip("cryptography")
    from auditor.index.making.sign import generate, load_private, sign_index
    from auditor.index.opening.store import open_index
    from auditor.index.opening.trust import parse_trusted

    index = make_index(tmp_path / "i", [ASH], [record(0)])
    generate(tmp_path / "key")
    generate(tmp_path / "other")
    sign_index(index.path, load_private(tmp_path / "key"), TODAY)
    index = open_index(index.path)
    assert lint(index, TODAY, [parse_trusted(f"{tmp_path / 'key'}.pub")]) == ()
    (problem,) = lint(index, TODAY, [parse_trusted(f"{tmp_path / 'other'}.pub")])
    assert problem.rule == "key-mismatch"
    make_index(tmp_path / "j", [ASH], [record(1)])
    (tmp_path / "j" / "index.sig").write_bytes((tmp_path / "i" / "index.sig").read_bytes())
    (problem,) = lint(open_index(tmp_path / "j", check_signature=False), TODAY)
    assert problem.rule == "key-mismatch"
    assert "swapped" in problem.message


def test_fix_marks_every_unsafe_name_and_says_nothing_new_the_second_time(tmp_path: Path) -> None:
    people = [person("a", "Rose", statements=SAID), person("b", "Greta Holmqvist", statements=SAID)]
    make_index(tmp_path / "i", people, [record(0)])
    written = update(tmp_path / "i", lambda content, _: mark_unsafe_names(content), today=TODAY)
    assert not written.unchanged
    marked = {artist.id: artist.ambiguous for artist in open_index(tmp_path / "i").artists}
    assert marked == {"a": ("Rose",), "b": ()}
    assert update(tmp_path / "i", lambda content, _: mark_unsafe_names(content), today=TODAY).unchanged
    assert "name-never-safe" not in {problem.rule for problem in lint(open_index(tmp_path / "i"), TODAY)}


def test_readings_are_suggested_only_when_asked_for(tmp_path: Path) -> None:
    index = make_index(tmp_path / "i", [ASH, BO], [record(0)])
    assert lint(index, TODAY) == ()
    suggested = [problem for problem in lint(index, TODAY, with_readings=True) if problem.rule == "name-reading"]
    assert {problem.subject for problem in suggested} == {"a", "b"}
    assert all("artist.toml" in problem.fix and 'kind = "native"' in problem.fix for problem in suggested)
