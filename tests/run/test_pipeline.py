"""What names a result in the cache: everything it depends on, and the same in every process."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields, replace
from datetime import date

import pytest

from auditor.checks.options import AuditOptions
from auditor.metadata.policies import parse_policies
from auditor.run.job import Job
from auditor.thresholds import Thresholds

TODAY = date(2026, 1, 2)
JOB = Job(("/index",), ("digest",), AuditOptions(), TODAY, last_ended=None)
POLICIES = parse_policies(
    '{"schema": "auditor-policies/1", "headers": {"https://a.example/": {"X-Robots-Tag": "noai"}}}'
)
CODE = """
from datetime import date
from auditor.checks.options import AuditOptions
from auditor.run.job import Job
print(Job(("/index",), ("digest",), AuditOptions(), date(2026, 1, 2), last_ended=None).key)
"""


def test_a_key_is_the_same_in_every_process() -> None:
    keys = set()
    for seed in ("1", "2", "3"):
        done = subprocess.run(
            [sys.executable, "-c", CODE], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        )
        keys.add(done.stdout.strip())
    assert keys == {JOB.key}


@pytest.mark.parametrize(
    "other",
    [
        replace(JOB, index_digests=("other",)),
        replace(JOB, last_ended=date(2026, 1, 1)),
        replace(JOB, options=replace(JOB.options, checks=frozenset({"names"}))),
        replace(JOB, options=replace(JOB.options, policies=POLICIES)),
        replace(JOB, options=replace(JOB.options, thresholds=Thresholds(pdq_tight=1))),
    ],
)
def test_a_key_names_what_a_result_depends_on(other: Job) -> None:
    assert other.key != JOB.key


def test_every_option_is_in_the_key() -> None:
    assert {item.name for item in fields(AuditOptions)} == {"thresholds", "checks", "policies", "guessed"}


def test_a_day_on_which_nothing_ends_has_the_same_key() -> None:
    assert replace(JOB, today=date(2026, 1, 3)).key == JOB.key


@pytest.mark.parametrize(("package", "same"), [("ray", True), ("pyspark", True), ("c2pa", False)])
def test_packages_that_find_something_are_in_the_key(package: str, same: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = set()
    for there in (True, False):
        monkeypatch.setattr("auditor.run.job.available", lambda name, there=there: there and name == package)
        keys.add(JOB.key)
    assert (len(keys) == 1) == same


def test_the_code_is_in_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    before = JOB.key
    monkeypatch.setattr("auditor.run.job.code_digest", lambda: "changed")
    assert JOB.key != before


def test_where_things_are_kept_is_not_in_the_key() -> None:
    assert replace(JOB, cache_folder="/elsewhere", derived_folder="/there", index_paths=("/moved",)).key == JOB.key
