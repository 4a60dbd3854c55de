from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import ConfigError
from auditor.model import Finding, Reference
from auditor.outcome import Waiver
from auditor.report import json as report_json
from auditor.verdict.gate import Overrides
from auditor.verdict.waivers import apply_waivers, check, covers, expired, parse_waivers, prune, render_waivers, settle
from tests.report import examples

TODAY = date(2026, 6, 1)
FINDINGS = examples.every_kind()
FIRST = FINDINGS[0]


def waiver(**more: object) -> Waiver:
    values: dict[str, object] = {
        "fingerprint": FIRST.fingerprint,
        "rule": FIRST.rule,
        "reason": "We hold a licence.",
        "by": "ana@example.org",
        "created": "2026-01-02",
        "until": "2027-12-31",
        "evidence": "contracts/17.pdf",
    }
    values.update(more)
    return Waiver(**values)  # type: ignore[arg-type]


def licence(artist: str, **more: object) -> Waiver:
    return waiver(fingerprint=None, artist=artist, rule=None, **more)


dates = st.dates(date(2000, 1, 1), date(2100, 1, 1)).map(date.isoformat)
texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
waivers = st.builds(
    Waiver,
    fingerprint=st.text("0123456789abcdef", min_size=64, max_size=64),
    rule=st.none() | st.sampled_from(["copy.exact", "name.caption"]),
    reason=texts,
    by=texts,
    created=dates,
    until=st.none() | dates,
    evidence=st.none() | texts,
)


@given(st.lists(waivers, max_size=6), waivers)
def test_one_more_waiver_changes_one_line(rows: list[Waiver], extra: Waiver) -> None:
    before = render_waivers(rows).splitlines()
    after = render_waivers([*rows, extra]).splitlines()
    assert len(after) - len(before) == (0 if extra in rows else 1)
    assert [line for line in after if line in before] == before
    assert after == sorted(after)
    assert set(parse_waivers(render_waivers(rows))) == set(rows)


@given(st.lists(waivers, max_size=6))
def test_order_does_not_matter(rows: list[Waiver]) -> None:
    assert render_waivers(rows) == render_waivers(reversed(rows))


def test_a_line_is_plain_json_with_the_documented_keys() -> None:
    (line,) = render_waivers([waiver()]).splitlines()
    assert list(json.loads(line)) == ["fingerprint", "rule", "reason", "by", "created", "until", "evidence"]


def test_a_waiver_marks_its_finding_and_no_other() -> None:
    result = apply_waivers(FINDINGS, [waiver()], TODAY)
    assert [finding.fingerprint for finding in result.findings if finding.waived] == [FIRST.fingerprint]
    assert result.used == (waiver(),)
    assert len(result.findings) == len(FINDINGS)


def test_a_waiver_holds_on_its_last_day_and_not_after() -> None:
    last = waiver(until=TODAY.isoformat())
    assert apply_waivers([FIRST], [last], TODAY).findings[0].waived
    later = apply_waivers([FIRST], [last], date(2026, 6, 2))
    assert [finding.rule for finding in later.findings] == ["copy.exact", "waiver.expired"]
    assert not later.findings[0].waived
    assert later.findings[1].severity == "medium"
    assert "2026-06-01" in later.findings[1].message
    assert later.used == ()


def test_a_waiver_for_nothing_is_a_finding_with_a_stable_fingerprint() -> None:
    stray = waiver(fingerprint="0" * 64)
    (one,) = apply_waivers([], [stray], TODAY, "team/waivers.jsonl").findings
    (two,) = apply_waivers([], [stray], date(2026, 7, 1), "other.jsonl").findings
    assert one.rule == "waiver.unused"
    assert one.severity == "low"
    assert one.sample == "team/waivers.jsonl"
    assert one.fingerprint == two.fingerprint


def test_a_licence_covers_all_of_one_artist() -> None:
    result = apply_waivers(FINDINGS, [licence("mira-vale")], TODAY)
    covered = {finding.artist.id for finding in result.findings if finding.waived and finding.artist}
    assert covered == {"mira-vale"}
    assert sum(finding.waived for finding in result.findings) == 4


@pytest.mark.parametrize(("rule", "count"), [("copy", 2), ("copy.exact", 1), ("name", 2), ("cop", 0), ("signal", 0)])
def test_a_licence_can_be_limited_to_a_rule_or_family(rule: str, count: int) -> None:
    limited = replace(licence("mira-vale"), rule=rule)
    assert sum(covers(limited, finding) for finding in FINDINGS) == count


def test_a_licence_never_covers_what_names_no_artist() -> None:
    anonymous = next(finding for finding in FINDINGS if finding.artist is None)
    assert not covers(licence("mira-vale"), anonymous)


def test_an_old_mark_is_not_kept_without_its_waiver() -> None:
    marked = replace(FIRST, waived=True)
    assert not apply_waivers([marked], [], TODAY).findings[0].waived


def test_settle_grades_waives_and_decides_again() -> None:
    report = examples.report_of(tuple(replace(finding, waived=False) for finding in FINDINGS))
    settled = settle(report, [licence("mira-vale")], Overrides({"signal": "low", "copy.whole": "medium"}), TODAY)
    assert settled.verdict.result == "incomplete"  # one picture of the example was skipped
    assert dict(settled.verdict.counts) == {"high": 0, "medium": 3, "low": 2}
    assert settled.verdict.overrides == (("rule:copy.whole", "medium"), ("rule:signal", "low"))
    assert settled.waivers == (licence("mira-vale"),)
    assert settle(settled, [licence("mira-vale")], Overrides(), TODAY).waivers == settled.waivers
    assert report_json.parse(report_json.render(settled)) == settled


def test_an_artists_override_outranks_a_rules() -> None:
    report = examples.report_of((FIRST,))
    raised = settle(report, [], Overrides({"copy.exact": "low"}, {"mira-vale": "medium"}), TODAY)
    assert raised.findings[0].severity == "medium"
    assert ("severity-before-policy", "high") in raised.findings[0].details


def test_prune_keeps_what_covers_something() -> None:
    used, stray, old = waiver(), waiver(fingerprint="0" * 64), waiver(until="2026-01-03")
    idle = licence("nobody")
    rows = (used, stray, old, idle, licence("mira-vale"))
    assert prune(rows, FINDINGS, TODAY) == (used, old, licence("mira-vale"))
    assert prune(rows, FINDINGS, TODAY, keep_expired=False) == (used, licence("mira-vale"))
    assert prune(rows, [], TODAY, keep_expired=False) == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "w.jsonl:2: not JSON"),
        ("[]", "one JSON object"),
        ('{"fingerprnt": "a"}', "Did you mean 'fingerprint'"),
        ('{"xyzzy": "a"}', "The keys are"),
        ('{"reason": 3}', "reason should be text"),
        ('{"fingerprint": "ab", "reason": "r", "by": "b"}', "created is missing"),
        ('{"fingerprint": "ab", "reason": "r", "by": "b", "created": "2026-01-01"}', "64 hex digits"),
        ('{"reason": "r", "by": "b", "created": "2026-01-01"}', "either the fingerprint"),
        ('{"artist": "a", "reason": "r", "by": "b", "created": "1.1.2026"}', "write a date such as"),
        ('{"artist": "a", "reason": "r", "by": "b", "created": "2026-01-01", "until": "2026-02-30"}', "until is"),
    ],
)
def test_a_malformed_line_is_named(line: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        parse_waivers("\n" + line, "w.jsonl")


def test_a_waiver_is_about_one_thing() -> None:
    with pytest.raises(ConfigError):
        check(waiver(artist="a"))
    assert check(waiver()) == waiver()


def test_expiry() -> None:
    assert not expired(waiver(until=None), TODAY)
    assert expired(waiver(until="2026-05-31"), TODAY)


def finding_elsewhere(finding: Finding) -> Finding:
    return replace(finding, sample="moved/" + finding.sample, artist=Reference("mira-vale", "Mira V."))


def test_a_waiver_follows_its_finding_when_the_file_moves() -> None:
    assert apply_waivers([finding_elsewhere(FIRST)], [waiver()], TODAY).findings[0].waived
