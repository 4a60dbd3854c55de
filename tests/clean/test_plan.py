from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.clean.plan import make_plan
from auditor.fingerprint import fingerprint
from auditor.model import BytesPayload, Caption, FilePayload, Finding, Sample, Text, TextMatch
from tests.clean.trees import copy_finding


def picture(path: str, *side_files: str, **more: object) -> Sample:
    return Sample(path, FilePayload("/x/" + path), side_files=side_files, **more)  # type: ignore[arg-type]


def carrier(path: str) -> Sample:
    return Sample(path, None, kind="carrier", trained=False)


def named(sample: str, source: str, line: int | None = None, rule: str = "name.caption") -> Finding:
    text = TextMatch("by mira", 3, 7, source, line, 1.0, "exact", "")
    return Finding(rule, "high", sample, "Names Mira.", fingerprint(rule, sample), text=text)


def test_a_picture_takes_its_side_files_along() -> None:
    plan = make_plan([copy_finding("a.png")], [picture("a.png", "a.txt", "a.npz"), picture("b.png", "b.txt")], {"high"})
    assert plan.files == ("a.npz", "a.png", "a.txt")
    assert plan.kept == {"b.png"}


def test_a_shared_caption_stays_while_somebody_needs_it() -> None:
    samples = [picture("e.png", "e.txt"), picture("e.webp", "e.txt")]
    plan = make_plan([copy_finding("e.png")], samples, {"high"})
    assert plan.files == ("e.png",)
    assert plan.shared == ("e.txt",)
    both = make_plan([copy_finding("e.png"), copy_finding("e.webp")], samples, {"high"})
    assert both.files == ("e.png", "e.txt", "e.webp")


@pytest.mark.parametrize(
    "change",
    [{"waived": True}, {"severity": "medium"}, {"rule": "dataset.missing-file"}, {"rule": "waiver.unused"}],
)
def test_what_does_not_count_sets_nothing_aside(change: dict[str, object]) -> None:
    finding = replace(copy_finding("a.png"), **change)  # type: ignore[arg-type]
    assert make_plan([finding], [picture("a.png")], {"high"}).empty


def test_a_flagged_folder_takes_everything_below_it() -> None:
    samples = [
        picture("5_mira/a.png"),
        picture("5_mira/sub/b.png"),
        picture("5_miranda/c.png"),
        carrier("5_mira/x.json"),
    ]
    plan = make_plan([named("5_mira", "folder name", rule="name.path")], samples, {"high"})
    assert plan.files == ("5_mira/a.png", "5_mira/sub/b.png", "5_mira/x.json")
    assert plan.by_hand == ()


def test_rows_come_from_captions_texts_and_findings() -> None:
    sample = picture(
        "a.png",
        captions=(Caption("x", "metadata.jsonl:text", 3),),
        texts=(Text("y", "other.csv:note", 9), Text("z", "a.txt", 1)),
    )
    plan = make_plan(
        [copy_finding("a.png"), named("metadata.jsonl", "metadata.jsonl:text", 8)],
        [sample, carrier("metadata.jsonl")],
        {"high"},
    )
    assert plan.rows == (("metadata.jsonl", (3, 8)), ("other.csv", (9,)))
    assert plan.by_hand == ()
    assert plan.listings == ("metadata.jsonl", "other.csv")


def test_members_and_rows_of_containers() -> None:
    inner = Sample("s/0.tar!k/1.png", BytesPayload(b""))
    row = Sample("d.parquet!7:image", BytesPayload(b""), captions=(Caption("x", "d.parquet:text", 7),))
    plan = make_plan([copy_finding(inner.path), copy_finding(row.path)], [inner, row], {"high"})
    assert plan.members == (("s/0.tar", ("k/1.png",)),)
    assert plan.rows == (("d.parquet", (7,)),)
    assert plan.files == ()


@pytest.mark.parametrize(
    ("sample", "path", "why"),
    [
        (carrier("config.toml"), "config.toml", "configuration"),
        (picture("../else/a.png"), "../else/a.png", "outside"),
        (picture("/abs/a.png"), "/abs/a.png", "outside"),
        (Sample("remote.png", None), "remote.png", "no file of its own"),
    ],
)
def test_what_only_a_person_can_change(sample: Sample, path: str, why: str) -> None:
    plan = make_plan([copy_finding(path)], [sample], {"high"})
    assert plan.empty
    ((item),) = plan.by_hand
    assert item.path == path
    assert why in item.why


def test_a_finding_about_nothing_that_is_listed() -> None:
    (item,) = make_plan([copy_finding("gone.png")], [], {"high"}).by_hand
    assert "does not list it" in item.why


def test_an_orphan_caption_is_moved() -> None:
    plan = make_plan([named("orphan.txt", "orphan.txt", 1)], [carrier("orphan.txt")], {"high"})
    assert plan.files == ("orphan.txt",)
