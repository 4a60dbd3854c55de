"""What an audit gives: outcomes of samples, coverage, verdict, and the report. Frozen values, as in `model`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from auditor.model import FailOn, Finding, Severity

VerdictResult = Literal["pass", "fail", "incomplete"]


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """What a report says of an index it used."""

    name: str
    digest: str
    version: int
    artists: int
    works: int
    issued: str | None = None
    expires: str | None = None
    signature: str | None = None
    """None = unsigned; else `verified:KEYID` or `unverified`."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """A decision that a finding, or everything about one artist, is allowed, and who took it."""

    fingerprint: str | None
    """The finding that is allowed; None for a licence, which names an artist instead."""
    rule: str | None
    """Rule of the finding; for a licence the rule or family (`copy`) it is limited to, None for all."""
    reason: str
    by: str
    """Who decided."""
    created: str
    """ISO date."""
    until: str | None = None
    """Last ISO date on which it holds; None = for good."""
    evidence: str | None = None
    """Where the licence or letter is kept."""
    artist: str | None = None
    """Id of the artist whose licence this is; None for a waiver of one finding."""


@dataclass(frozen=True, slots=True)
class Skip:
    """A sample that was seen and could not be audited."""

    sample: str
    reason: str
    """Short stable key, for instance `not-a-picture`, `truncated`, `too-many-pixels`, `unreadable`."""
    detail: str


@dataclass(frozen=True, slots=True)
class PictureResult:
    """What a picture's bytes gave, whatever the file is called: it can be kept by content."""

    content_sha256: str
    findings: tuple[Finding, ...] = ()
    """With an empty `sample`, to be filled in."""
    too_plain: bool = False
    problem: tuple[str, str] | None = None
    """(reason, detail) where the picture could not be audited."""


@dataclass(frozen=True, slots=True)
class SampleOutcome:
    """What one sample gave. Exactly one of audited and skipped holds."""

    sample: str
    findings: tuple[Finding, ...] = ()
    skip: Skip | None = None
    too_plain: bool = False
    """The picture was audited, but had too little detail to be matched by perceptual hash."""
    counted: bool = True
    """False for carriers of texts, which are not samples."""
    content_sha256: str | None = None
    texts_sha256: str = ""
    """SHA-256 over the sample's texts and their places, empty where it has none."""
    texts: int = 0
    """Texts of this sample that were searched for names."""
    trained: bool = True
    left_out: tuple[tuple[str, int], ...] = ()
    """(rule of the layout, count): why the picture, or texts beside it, would not be trained."""
    picture: PictureResult | None = None
    """What can be kept by content; None where no bytes were read."""


@dataclass(frozen=True, slots=True)
class CheckSkipped:
    """A check that did not run, and why."""

    check: str
    reason: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much was looked at. Invariant: seen == audited + sum(skipped)."""

    seen: int
    audited: int
    skipped: tuple[tuple[str, int], ...] = ()
    """(reason, count), sorted by reason."""
    too_plain: int = 0
    texts: int = 0
    """Texts searched for names."""
    not_trained: int = 0
    """Samples that are carried but that the trainer would not use."""
    missing: int = 0
    """Files and folders that the dataset names and that are not there; they are counted in `skipped` too."""
    left_out: tuple[tuple[str, int], ...] = ()
    """(rule of the layout, count of what it leaves out), the commonest first."""
    checks_run: tuple[str, ...] = ()
    checks_skipped: tuple[CheckSkipped, ...] = ()
    notes: tuple[str, ...] = ()
    """Sentences for the reader, for instance why a layout was chosen."""


@dataclass(frozen=True, slots=True)
class Source:
    """One path that was scanned, and how its samples can be listed again in the same way."""

    path: str
    layout: str
    options: tuple[tuple[str, str], ...] = ()
    """The `-L` options of the layout, sorted by key."""


@dataclass(frozen=True, slots=True)
class DatasetInfo:
    """What was scanned: one path, or several as one."""

    sources: tuple[Source, ...]
    """In the order in which they were given; at least one."""
    digest: str
    """SHA-256 over the sorted (path, content and texts SHA-256) pairs of the samples and carriers of texts."""

    @property
    def path(self) -> str:
        """What the paths of the samples are relative to: the one source, or the working directory where there are
        several, whose samples are led by the path of their own."""
        return self.sources[0].path if len(self.sources) == 1 else "."

    @property
    def shown(self) -> str:
        """The paths, as a reader sees them."""
        first = ", ".join(source.path for source in self.sources[:10])
        return first + (f" and {len(self.sources) - 10} more" if len(self.sources) > 10 else "")

    @property
    def layout(self) -> str:
        """The layouts, each once."""
        return ", ".join(dict.fromkeys(source.layout for source in self.sources))

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """The options of all layouts, sorted by key."""
        return tuple(sorted({key: value for source in self.sources for key, value in source.options}.items()))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says."""

    result: VerdictResult
    fail_on: FailOn
    counts: tuple[tuple[Severity, int], ...]
    """Unwaived findings per severity."""
    overrides: tuple[tuple[str, Severity], ...] = ()
    """Severities that the user's policy set: (`rule:ID` or `artist:ID`, severity), sorted."""
    requires: tuple[str, ...] = ()
    """Checks that the policy asks to have run, sorted."""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a renderer needs; equal inputs give equal reports."""

    tool_name: str
    tool_version: str
    indexes: tuple[IndexInfo, ...]
    dataset: DatasetInfo
    coverage: Coverage
    thresholds: tuple[tuple[str, float], ...]
    verdict: Verdict
    findings: tuple[Finding, ...]
    """Sorted: severity, artist name, sample, rule, fingerprint."""
    skips: tuple[Skip, ...] = ()
    """Sorted by sample."""
    waivers: tuple[Waiver, ...] = ()
    """Those that cover a finding of this report, in the order of their file."""
