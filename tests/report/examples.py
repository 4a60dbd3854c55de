"""Reports that the tests of this folder render: one with every kind of finding, one of any length, a hostile one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from auditor.fingerprint import fingerprint
from auditor.model import SEVERITIES, Finding, Match, Reference, TextMatch
from auditor.outcome import CheckSkipped, Coverage, DatasetInfo, IndexInfo, Report, Skip, Source, Verdict

MIRA = Reference("mira-vale", "Mira Vale")
OSKAR = Reference("oskar-zielinski", "Oskar Zieliński")
KEEP = Reference("mira-vale/ash-keep", "Ash Keep")
HARBOUR = Reference("oskar-zielinski/harbour", "Harbour at Noon")

HOSTILE = (
    "</script><script>alert(1)</script> \x1b[31mred\x1b[0m ]]> <!-- \u202egnp.exe\u202c \ufeff\u200b\x00\x08"
    " \U0001f9d1\u200d\U0001f3a8 مرحبا {{x}} ${y} %0A::error::z | `a` [b](c) <b>\ud83d \udc80"
)


def finding(rule: str, sample: str, message: str, severity: str = "high", **more: object) -> Finding:
    """A finding with a fingerprint of its own."""
    extra = {"index": "demo", **more}
    return Finding(rule, severity, sample, message, fingerprint(rule, sample, message), **extra)  # type: ignore[arg-type]


def every_kind() -> tuple[Finding, ...]:
    """Nine findings: each tier, a caption, a path, a reservation, a waived one, an untrained one."""
    caption = "a castle on a hill, by mira_vale, dramatic light, fog over the valley, very detailed oil painting"
    start = caption.index("mira_vale")
    region = Match(
        "region",
        inliers=42,
        mirrored=True,
        sample_region=(0.05, 0.1, 0.95, 1.0),
        work_region=(0.02, 0.03, 0.62, 0.63),
        probability=0.998,
        scale=2.1,
        algorithm="regions@1",
        sample_size=(768, 768),
        work_size=(1920, 1080),
    )
    whole = Match("whole", distance=44, rotation=90, algorithm="pdq@1", sample_size=(768, 512), work_size=(512, 768))
    named = TextMatch(caption, start, start + 9, "10_mira/keep.txt", 1, 0.97, "separator", "Joined by an underscore.")
    weak = TextMatch("in the manner of Zielinsky", 17, 26, "10_mira/b.txt", 3, 0.7, "misspelt", "One letter differs.")
    folder = TextMatch("10_mira vale", 3, 12, "folder name", None, 0.95, "exact", "The whole name.")
    return (
        finding(
            "copy.exact",
            "10_mira/keep.png",
            "The same file as “Ash Keep” by Mira Vale.",
            artist=MIRA,
            work=KEEP,
            match=Match("exact", distance=0),
            listed_in=("10_mira/keep.txt", 1),
        ),
        finding(
            "copy.region",
            "10_mira/detail.png",
            "A mirrored 36 % crop from the upper left of “Ash Keep”, enlarged 2.1×.",
            artist=MIRA,
            work=KEEP,
            match=region,
        ),
        finding(
            "name.caption",
            "10_mira/keep.png",
            "The caption names Mira Vale.",
            artist=MIRA,
            text=named,
            listed_in=("10_mira/keep.txt", 1),
        ),
        finding("name.path", "10_mira", "The folder name names Mira Vale.", artist=MIRA, text=folder),
        finding(
            "signal.prohibited",
            "10_mira/y.jpg",
            "Reserves generative training (IPTC/PLUS DMI-PROHIBITED).",
            index=None,
            details=(("field", "plus:DataMining"), ("value", "DMI-PROHIBITED")),
        ),
        finding(
            "copy.similar",
            "10_mira/x.jpg",
            "Looks like “Harbour at Noon” (44 of 256 bits differ).",
            "medium",
            artist=OSKAR,
            work=HARBOUR,
            match=whole,
        ),
        finding(
            "name.caption",
            "10_mira/b.png",
            "The caption may name Oskar Zieliński.",
            "medium",
            artist=OSKAR,
            text=weak,
            trained=False,
        ),
        finding(
            "copy.whole",
            "10_mira/licensed.png",
            "A copy of “Harbour at Noon”.",
            artist=OSKAR,
            work=HARBOUR,
            match=replace(whole, distance=12),
            waived=True,
        ),
        finding("dataset.missing-file", "metadata.jsonl", "Row 7 names a file that is not there.", "low", index=None),
    )


def report_of(findings: tuple[Finding, ...], seen: int = 12, **more: object) -> Report:
    """A report around findings, with a coverage that holds."""
    open_findings = [row for row in findings if not row.waived]
    counts = Counter(row.severity for row in open_findings)
    reason = "Reading C2PA manifests needs the package 'c2pa'."
    base = Report(
        tool_name="provenance-auditor",
        tool_version="0.1.0",
        indexes=(
            IndexInfo("demo", "ab" * 32, 1, 5, 14, "2026-03-01T00:00:00Z", "2027-03-01T00:00:00Z"),
            IndexInfo("private", "0c" * 32, 7, 1, 230, "2025-01-31", "2025-12-31", "verified:1f2e3d4c5b6a7988"),
        ),
        dataset=DatasetInfo((Source("datasets/castle", "kohya", (("caption_extension", ".txt"),)),), "cd" * 32),
        coverage=Coverage(
            seen=seen,
            audited=seen - 1,
            skipped=(("truncated", 1),),
            too_plain=2,
            texts=34,
            not_trained=1,
            missing=1,
            left_out=(("kohya does not read '.gif' files", 1),),
            checks_run=("copies", "names", "signals"),
            checks_skipped=(CheckSkipped("c2pa", reason),),
            notes=("Layout kohya: two sub-folders begin with a number and an underscore.",),
        ),
        thresholds=(("copy.pdq.loose", 60.0), ("copy.pdq.tight", 31.0), ("name.block", 0.8)),
        verdict=Verdict("fail" if counts["high"] else "pass", "high", tuple((s, counts[s]) for s in SEVERITIES)),
        findings=findings,
        skips=(Skip("10_mira/bad.png", "truncated", "the file ends after 120 bytes"),),
    )
    return replace(base, **more)  # type: ignore[arg-type]


def full() -> Report:
    """A report with every kind of finding."""
    return report_of(every_kind())


def clean() -> Report:
    """A report without a finding."""
    passed = Verdict("pass", "high", (("high", 0), ("medium", 0), ("low", 0)))
    return replace(report_of(()), verdict=passed, skips=(), coverage=Coverage(12, 12, checks_run=("copies", "names")))


def many(count: int) -> Report:
    """A report with `count` findings of 40 artists: half captions, half regions."""
    rows = []
    names, region = every_kind()[2], every_kind()[1]
    for number in range(count):
        artist = Reference(f"artist-{number % 40:02}", f"Artist Number {number % 40}")
        base = names if number % 2 else region
        severity = ("high", "medium", "low")[number % 3]
        rows.append(
            replace(
                base,
                sample=f"{number % 7}_set/picture {number:05}.png",
                message=f"{base.message} Picture {number}.",
                artist=artist,
                severity=severity,  # type: ignore[arg-type]
                fingerprint=fingerprint(base.rule, str(number)),
            )
        )
    return report_of(tuple(rows), seen=count + 1)


def alike(count: int, report: Report | None = None) -> Report:
    """The findings of a report, and `count` low ones that differ only in the sample and the words around the name."""
    base, rows = every_kind()[2], []
    assert base.text is not None
    for number in range(count):
        sample = f"more/{number:03}.png"
        value = f"picture {number} by mira_vale"
        start = value.index("mira_vale")
        text = replace(base.text, value=value, start=start, end=start + 9, source=f"more/{number:03}.txt")
        rows.append(replace(base, sample=sample, text=text, severity="low", fingerprint=fingerprint(base.rule, sample)))
    before = () if report is None else report.findings
    return report_of((*before, *rows), seen=count + 12)


def hostile() -> Report:
    """Every text field holds markup, escape codes, reordering marks and lone surrogates."""
    bad = HOSTILE
    artist, work = Reference("x", bad), Reference("y", bad)
    text = TextMatch(bad, 3, 30, bad, 2, 0.9, bad, bad)
    rows = (
        finding("name.caption", bad + ".png", bad, artist=artist, text=text, index=bad, listed_in=(bad, 4)),
        finding("copy.region", bad + ".jpg", bad, artist=artist, work=work, match=every_kind()[1].match),
    )
    base = report_of(rows)
    coverage = replace(
        base.coverage,
        skipped=((bad, 1),),
        checks_run=(bad,),
        checks_skipped=(CheckSkipped(bad, bad),),
        notes=(bad,),
    )
    return replace(
        base,
        indexes=(IndexInfo(bad, bad, 1, 1, 1, bad, bad, bad),),
        dataset=DatasetInfo((Source(bad, bad),), "ee" * 32),
        coverage=coverage,
        thresholds=((bad, 1.0),),
        skips=(Skip(bad, bad, bad),),
    )
