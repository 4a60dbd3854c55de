"""Where a finding stands, in the terms of code review: a file below the repository, and a line where there is one."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from urllib.parse import quote

from auditor.model import PLACES_WITHOUT_FILE, Finding
from auditor.outcome import Report

_ARCHIVE = re.compile(r"\.(tar|tar\.gz|tgz|tar\.zst|zip|parquet|arrow|safetensors)\Z", re.IGNORECASE)
_PLAIN_TEXT = re.compile(r"\.(txt|caption|cap)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Location:
    """A file, and the part of it that is meant."""

    path: str
    """Relative to the dataset."""
    line: int | None = None
    """1-based; None for a file that is no text."""
    columns: tuple[int, int] | None = None
    """First column and the one after the last, 1-based, in code points; only where the line is the text itself."""


def file_of(sample: str) -> str:
    """The file that holds a sample: `shard.tar!a.png` -> `shard.tar`; other samples are files themselves."""
    archive, separator, _ = sample.partition("!")
    return archive if separator and _ARCHIVE.search(archive) else sample


def main_location(finding: Finding) -> Location:
    """Where a reviewer should look first.

    A text finding: the line of the caption, the row or the configuration file. A picture finding: the caption or
    row that admits the picture to training where one exists, else the picture itself, without a line.
    """
    text = finding.text
    if text is not None and text.source not in PLACES_WITHOUT_FILE:
        if text.line is not None:
            plain = _PLAIN_TEXT.search(text.source) is not None and "\n" not in text.value
            columns = (text.start + 1, text.end + 1) if plain and text.end > text.start else None
            return Location(file_of(text.source), text.line, columns)
        if finding.rule == "name.config":
            return Location(text.source.rpartition(":")[0] or text.source, 1)
    if text is None and finding.listed_in is not None:
        source, line = finding.listed_in
        return Location(file_of(source), line or 1)
    return Location(file_of(finding.sample))


def related_location(finding: Finding) -> Location | None:
    """The picture, where the main location is not already it."""
    picture = file_of(finding.sample)
    return None if main_location(finding).path == picture else Location(picture)


def below_repository(report: Report, path: str) -> str | None:
    """Path below the working directory of the scan; None where the dataset was given by an absolute path.

    A path that climbs out of the working directory counts as absolute: no repository holds it.
    """
    dataset = report.dataset.path.replace("\\", "/")
    if dataset.startswith("/") or re.match(r"[A-Za-z]:", dataset):
        return None
    root = posixpath.normpath(dataset)
    # A dataset that is one file (a shard, a model) is itself the first part of its samples' paths.
    if posixpath.basename(root) == path or _ARCHIVE.search(root):
        root = posixpath.dirname(root)
    joined = posixpath.normpath(posixpath.join(root, path))
    return None if joined.startswith("../") or joined in {".", ".."} else joined


def as_uri(path: str) -> str:
    """Percent-encode a path; bytes of file names that are not UTF-8 come out as they are on disk."""
    try:
        raw = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a surrogate that stands for no byte
        raw = path.encode("utf-8", "replace")
    uri = quote(raw, safe="/!$&'()*+,;=@")
    # a first part such as `a:b` would be read as a scheme; quote() has already encoded the colon
    return uri or "."
