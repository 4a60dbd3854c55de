from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from auditor.attest.check import problems
from auditor.attest.statement import LIMITS, PREDICATE_TYPE, make_statement, policy_digest, read_statement, to_bytes
from auditor.attest.subject import Subject
from auditor.errors import ReportError
from auditor.outcome import IndexInfo, Report, Waiver
from auditor.thresholds import DEFAULT
from tests.report import examples

NOW = datetime(2026, 6, 1, 12, 30, tzinfo=UTC)
TODAY = date(2026, 6, 1)
SUBJECT = Subject((("a.png", "1" * 64), ("a.txt", "2" * 64)), ("linked",))


def clean() -> Report:
    index = IndexInfo("demo", "sha256:" + "ab" * 32, 3, 5, 14, "2026-01-01", "2026-12-31", "verified:SHA256:x")
    return replace(examples.clean(), indexes=(index,))


def statement(report: Report | None = None) -> dict[str, Any]:
    return make_statement(report or clean(), "e" * 64, SUBJECT, "castle", ("report.json",), NOW)


def test_it_is_an_in_toto_statement_about_the_dirhash() -> None:
    value = statement()
    assert value["_type"] == "https://in-toto.io/Statement/v1"
    assert value["predicateType"] == PREDICATE_TYPE
    assert value["subject"] == [{"name": "castle", "digest": {"dirHash": SUBJECT.digest, "sha256": SUBJECT.digest}}]
    lines = f"{'1' * 64}  a.png\n{'2' * 64}  a.txt\n".encode()
    assert SUBJECT.digest == hashlib.sha256(lines).hexdigest()


def test_the_predicate_says_all_that_a_reader_must_know() -> None:
    predicate = statement()["predicate"]
    assert set(predicate) == {
        "auditor",
        "attestedOn",
        "dataset",
        "indexes",
        "policy",
        "thresholds",
        "coverage",
        "verdict",
        "waivers",
        "report",
        "limits",
    }
    assert predicate["indexes"] == [
        {
            "name": "demo",
            "digest": {"sha256": "ab" * 32},
            "version": 3,
            "issued": "2026-01-01",
            "expires": "2026-12-31",
            "signatureVerified": True,
        }
    ]
    assert predicate["report"] == {"digest": {"sha256": "e" * 64}}
    assert predicate["verdict"] == {"result": "pass", "counts": {"high": 0, "medium": 0, "low": 0}}
    assert {"checksRun", "checksSkipped", "seen", "audited", "skipped"} <= set(predicate["coverage"])
    assert predicate["limits"] == LIMITS
    assert predicate["attestedOn"] == "2026-06-01T12:30:00Z"
    assert predicate["dataset"]["excluded"] == ["report.json"]
    assert predicate["dataset"]["linkedFolders"] == ["linked"]


def test_the_policy_digest_moves_with_the_gate_and_the_thresholds() -> None:
    base = replace(clean(), thresholds=DEFAULT.items())
    seen = {policy_digest(base)}
    seen.add(policy_digest(replace(base, verdict=replace(base.verdict, fail_on="medium"))))
    seen.add(policy_digest(replace(base, verdict=replace(base.verdict, overrides=(("rule:copy", "low"),)))))
    seen.add(policy_digest(replace(base, thresholds=DEFAULT.items()[1:])))
    assert len(seen) == 4
    assert policy_digest(replace(base, tool_version="9")) in seen


def test_bytes_are_canonical_and_read_back() -> None:
    raw = to_bytes(statement())
    assert raw == to_bytes(json.loads(raw))
    stated = read_statement(raw)
    assert stated.digest == SUBJECT.digest
    assert stated.files == SUBJECT.files
    assert stated.excluded == ("report.json",)
    assert stated.result == "pass"


def test_it_holds() -> None:
    assert list(problems(read_statement(to_bytes(statement())), SUBJECT, TODAY)) == []


def test_a_changed_file_is_named() -> None:
    stated = read_statement(to_bytes(statement()))
    changed = Subject((SUBJECT.files[0], ("a.txt", "3" * 64)))
    (reason,) = problems(stated, changed, TODAY)
    assert "a.txt was changed" in reason
    (reason,) = problems(stated, Subject(SUBJECT.files[:1]), TODAY)
    assert "a.txt is missing" in reason
    (reason,) = problems(stated, Subject((*SUBJECT.files, ("b.png", "4" * 64))), TODAY)
    assert "b.png was added" in reason


def test_a_list_that_does_not_give_its_digest_is_no_evidence() -> None:
    value = statement()
    value["predicate"]["dataset"]["files"]["a.txt"] = "3" * 64
    (reason,) = problems(read_statement(to_bytes(value)), SUBJECT, TODAY)
    assert "tampered" in reason


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (("verdict", "counts", "high"), 2, "states the verdict pass, and fail follows"),
        (("coverage", "audited"), 1, "incomplete follows"),
        (("coverage", "skipped", "truncated"), 1, "its coverage does not add up"),
        (("policy", "failOn"), "none", "its policy does not give its own digest"),
        (("thresholds", "pdq_loose"), 250.0, "its policy does not give its own digest"),
    ],
)
def test_a_statement_that_disagrees_with_itself_does_not_hold(place: tuple[str, ...], value: Any, said: str) -> None:
    changed = statement()
    part = changed["predicate"]
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = value
    assert any(said in reason for reason in problems(read_statement(to_bytes(changed)), SUBJECT, TODAY))


def test_an_expired_index_and_an_expired_waiver_end_it() -> None:
    waiver = Waiver("f" * 64, "copy.exact", "r", "b", "2026-01-01", "2026-07-31")
    stated = read_statement(to_bytes(statement(replace(clean(), waivers=(waiver,)))))
    assert list(problems(stated, SUBJECT, date(2026, 7, 31))) == []
    (reason,) = problems(stated, SUBJECT, date(2026, 8, 1))
    assert "waiver for ffffffffffff held until 2026-07-31" in reason
    reasons = list(problems(stated, SUBJECT, date(2027, 1, 1)))
    assert any("index demo expired on 2026-12-31" in reason for reason in reasons)


def test_a_date_that_cannot_be_read_counts_as_passed() -> None:
    value = statement()
    value["predicate"]["indexes"][0]["expires"] = "soon"
    assert any("expired" in reason for reason in problems(read_statement(to_bytes(value)), SUBJECT, TODAY))


def test_a_failed_audit_does_not_hold_as_a_pass() -> None:
    (reason,) = problems(read_statement(to_bytes(statement(replace(examples.full(), indexes=())))), SUBJECT, TODAY)
    assert "verdict stated is fail" in reason


@pytest.mark.parametrize(
    "change",
    [
        {"_type": "other"},
        {"predicateType": "other"},
        {"subject": []},
        {"predicate": {}},
        {"predicate": None},
        {"subject": [{"name": 3, "digest": {"dirHash": "a"}}]},
    ],
)
def test_what_is_no_such_statement_is_refused(change: dict[str, object]) -> None:
    value = {**statement(), **change}
    with pytest.raises(ReportError, match="auditor attest"):
        read_statement(json.dumps(value).encode())


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000])
def test_noise_is_refused(raw: bytes) -> None:
    with pytest.raises(ReportError):
        read_statement(raw)


def test_a_path_that_no_file_can_have_is_refused() -> None:
    value = statement()
    value["predicate"]["dataset"]["files"]["\ud800"] = "1" * 64
    with pytest.raises(ReportError):
        read_statement(to_bytes(value))
