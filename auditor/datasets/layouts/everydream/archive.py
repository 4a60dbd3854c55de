"""Zip archives in an EveryDream2 data root: the trainer unpacks them first, so their pictures are trained."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.datasets.layouts.everydream.prompt import Prompt, merge, of_text, of_value
from auditor.datasets.reading import captions as caption_files
from auditor.datasets.reading import configfile, kinds
from auditor.datasets.reading.archives import members, zipfiles
from auditor.datasets.reading.archives.members import Member
from auditor.datasets.reading.pictures import Told
from auditor.errors import DatasetError
from auditor.model import Caption, Sample, Text

SIDES = (".txt", ".caption", ".yml", ".yaml")
MAX_SIDES = 100_000
"""Captions of one archive that are held while it is listed."""


def samples(path: str, relative: str, extensions: frozenset[str]) -> Iterator[Sample]:
    """Yield every member, pictures with the prompts that lie beside them in the archive."""
    try:
        prompts = {member.name: prompt for member in _sides(path, relative) if (prompt := _prompt(member))}
        yield from members.plain(zipfiles.entries(path, relative), lambda name: _told(name, prompts, extensions))
    except zipfiles.UNREADABLE as error:
        yield members.unreadable(relative, f"damaged or not a zip archive ({error})")


def _sides(path: str, relative: str) -> Iterator[Member]:
    count = 0
    for member in zipfiles.entries(path, relative):
        if member.regular and member.skip is None and kinds.split(member.basename)[1].lower() in SIDES:
            count += 1
            if count > MAX_SIDES:
                return
            yield member


def _prompt(member: Member) -> Prompt | None:
    data = member.read(caption_files.LIMIT)
    if member.name.lower().endswith((".yml", ".yaml")):
        try:
            return of_value(configfile.parse(data, member.path), member.path, "")
        except DatasetError:
            return None
    return of_text(caption_files.decode(data).text.strip(), member.path)


def _told(name: str, prompts: dict[str, Prompt], extensions: frozenset[str]) -> Told:
    stem, suffix = kinds.split(name.rpartition("/")[2])
    if stem.startswith(".") or suffix.lower() not in extensions:
        return Told(role="other", reason=f"EveryDream2 does not read '{suffix}' files")
    base = name[: len(name) - len(suffix)]
    prompt = Prompt()
    for extension in SIDES:
        prompt = merge(prompt, prompts.get(base + extension, Prompt()))
    words = (*prompt.mains, *(tag for tag, _ in prompt.tags))
    texts = tuple(Text(word, prompt.source) for word in words)
    if not prompt.mains:
        prompt = merge(prompt, of_text(stem.split("_")[0], "file name"))
    return Told((Caption(prompt.text, prompt.source),), (), texts, prompt.notes)
