"""Rows of `metadata.{csv,jsonl,parquet}`: the pictures they name, and the captions in their other columns."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from auditor.datasets.gathering.carried import Seen
from auditor.datasets.gathering.listed import Finder
from auditor.datasets.interface import LayoutOptions
from auditor.datasets.reading import tables
from auditor.datasets.reading.archives import members, zipfiles
from auditor.datasets.reading.archives.members import Member
from auditor.datasets.reading.carriers import carrier, damaged
from auditor.datasets.reading.jsontext import strings
from auditor.datasets.reading.listing import Folder
from auditor.datasets.reading.pictures import Told
from auditor.errors import DatasetError
from auditor.model import Caption, Note, Role, Sample, Text
from auditor.support import reading

METADATA = ("metadata.csv", "metadata.jsonl", "metadata.parquet")
ARCHIVE_METADATA_LIMIT = 64 * 1024 * 1024
REFUSED = "datasets refuses such a path and would stop here."


def file_names(row: object, key: str = "") -> Iterator[tuple[str, str]]:
    """Yield (key, path) of every `file_name`, `*_file_name`, `file_names` and `*_file_names` cell, nested too."""
    if isinstance(row, Mapping):
        for name, value in row.items():
            place = f"{key}.{name}" if key else str(name)
            single = name == "file_name" or str(name).endswith("_file_name")
            several = name == "file_names" or str(name).endswith("_file_names")
            if single and isinstance(value, str):
                yield place, value
            elif several and isinstance(value, list):
                yield from ((place, item) for item in value if isinstance(item, str))
            else:
                yield from file_names(value, place)
    elif isinstance(row, list):
        for item in row:
            yield from file_names(item, key)


def told(
    row: Mapping[str, object], number: int, source: str, options: LayoutOptions, reason: str | None, role: Role
) -> Told:
    """Captions of a row: the caption column, or without one every text column."""
    wanted = options.text("caption_column") or ("text" if isinstance(row.get("text"), (str, list)) else None)
    named = {value for _, value in file_names(row)}
    captions: list[Caption] = []
    texts: list[Text] = []
    for key, value in strings(row):
        if value in named or key == value:
            continue
        column = key.partition(".")[0].partition("[")[0]
        used = wanted is None or column == wanted
        texts.append(Text(value, f"{source}:{key}", number, "caption", used and reason is None))
        if used:
            captions.append(Caption(value, f"{source}:{key}", number))
    return Told(tuple(captions), (), tuple(texts), (), role, reason)


def of_file(
    folder: Folder, name: str, root: str, seen: Seen, options: LayoutOptions, reason: str | None, role: Role
) -> Iterator[Sample]:
    """Yield the pictures that the rows of a metadata file name."""
    source = folder.inside(name)
    seen.files.add(source)
    finder = Finder(root, seen)
    if head := tuple(tables.header_texts(folder.at(name), source)):
        yield carrier(source, head)
    try:
        for number, row in tables.rows(folder.at(name)):
            words = told(row, number, source, options, reason, role)
            found = False
            for _, given in file_names(row):
                found = True
                problem = _refused(given)
                if problem is not None:
                    note = Note("integrity.outside-dataset", f"{source}, row {number}: {given} {problem}; {REFUSED}")
                    yield carrier(source, words.texts, (note,))
                    continue
                path = str(Path(folder.path) / posixpath.normpath(given.replace("\\", "/")))
                yield finder.sample(path, words, source, given, "datasets would stop when it decodes the row.")
            if not found:
                yield carrier(source, words.texts)
    except DatasetError as error:
        yield damaged(source, f"{error} datasets would stop here.")


def _refused(given: str) -> str | None:
    plain = posixpath.normpath(given.replace("\\", "/"))
    if "://" in given:
        return "is a URL"
    if plain.startswith("/"):
        return "is absolute"
    if plain == ".." or plain.startswith("../"):
        return "climbs out of the metadata file's folder"
    return None


def archive_metadata(path: str) -> list[str]:
    """Names of the metadata members of a zip, empty where it cannot be read."""
    try:
        with reading.open_file(path) as raw, zipfile.ZipFile(raw) as archive:
            return [name for name in archive.namelist() if name.rpartition("/")[2] in METADATA]
    except zipfiles.UNREADABLE:
        return []


def of_archive(
    folder: Folder, name: str, seen: Seen, options: LayoutOptions, reason: str | None, role: Role
) -> Iterator[Sample]:
    """Yield the members that metadata inside a zip names, then the members that it does not."""
    relative = folder.inside(name)
    seen.files.add(relative)
    listed: dict[str, Told] = {}
    try:
        for member in zipfiles.entries(folder.at(name), relative):
            if member.basename in METADATA:
                listed.update(_rows_of(member, options, reason, role))
    except zipfiles.UNREADABLE as error:
        yield members.unreadable(relative, f"damaged or not a zip archive ({error})")
        return
    unlisted = Told(role="other", reason="no metadata row names it, so datasets leaves it out")
    yield from zipfiles.members(folder.at(name), relative, lambda member: listed.get(member, unlisted))


def _rows_of(member: Member, options: LayoutOptions, reason: str | None, role: Role) -> Iterator[tuple[str, Told]]:
    """(member name, what its row says)."""
    base = member.name.rpartition("/")[0]
    try:
        for number, row in tables.of_stream(io.BytesIO(member.read(ARCHIVE_METADATA_LIMIT)), member.name):
            for _, given in file_names(row):
                path = posixpath.normpath(posixpath.join(base, given))
                yield path, told(row, number, member.path, options, reason, role)
    except DatasetError:
        return
