"""How Hugging Face `datasets` sorts the files of a folder into splits (as observed on datasets 5.2)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

IGNORED = frozenset(
    ("README.md", "config.json", "dataset_info.json", "dataset_infos.json", "dummy_data.zip", "dataset_dict.json")
)
KEYWORDS = {
    "train": ("train", "training"),
    "validation": ("validation", "valid", "dev", "val"),
    "test": ("test", "testing", "eval", "evaluation"),
}
_SHARDED = re.compile(r"data/(.+)-[0-9]{5}-of-[0-9]{5}[^/]*\.[^/]*")
_SEPARATORS = r"[-._ 0-9]"
Test = Callable[[str], bool]
"""Whether a relative path belongs to a split."""


def _word(words: tuple[str, ...]) -> str:
    return "|".join(words)


_IN_FOLDER = {
    split: re.compile(rf"(?:^|.*{_SEPARATORS})(?:{_word(words)})(?:{_SEPARATORS}.*)?", re.DOTALL)
    for split, words in KEYWORDS.items()
}
_IN_FILE = {
    split: re.compile(rf"(?:^|.*{_SEPARATORS})(?:{_word(words)}){_SEPARATORS}.*", re.DOTALL)
    for split, words in KEYWORDS.items()
}


def in_folder(split: str, path: str) -> bool:
    """Whether a directory on the way names the split."""
    return any(_IN_FOLDER[split].fullmatch(part) for part in path.split("/")[:-1])


def in_file(split: str, path: str) -> bool:
    """Whether the file's name begins with the split's word, or holds it between separators."""
    return _IN_FILE[split].fullmatch(path.rpartition("/")[2]) is not None


def splits(paths: list[str]) -> list[tuple[str, Test]]:
    """The splits in order, each with the test that picks its files. Once one kind of name matches any file, the
    files that it does not match are in no split at all; without any match everything is `train`."""
    sharded = sorted({match[1] for path in paths if (match := _SHARDED.fullmatch(path)) is not None})
    if sharded:
        known = [split for split in KEYWORDS if split in sharded]
        return [(split, _shard_test(split)) for split in (*known, *(name for name in sharded if name not in known))]
    if any(path.endswith(".eval") for path in paths):
        return [("logs", lambda path: path.endswith(".eval"))]
    if any(_harbor(path) for path in paths):
        return [("test", _harbor)]
    for test in (in_folder, in_file):
        found = [split for split in KEYWORDS if any(test(split, path) for path in paths)]
        if found:
            return [(split, _bound(test, split)) for split in found]
    return [("train", lambda path: True)]


def _harbor(path: str) -> bool:
    return path.rpartition("/")[2] in {"task.toml", "instruction.md"}


def _shard_test(split: str) -> Test:
    def test(path: str) -> bool:
        found = _SHARDED.fullmatch(path)
        return found is not None and found[1] == split

    return test


def _bound(test: Callable[[str, str], bool], split: str) -> Test:
    return lambda path: test(split, path)


_ORDER = (".parquet", ".lance", ".vortex", ".arrow", ".jsonl", ".json", ".csv")
_OTHER_READERS = frozenset(
    (*_ORDER, ".tsv", ".ndjson", ".txt", ".tar", ".xml", ".hdf5", ".eval", ".toml", ".md", ".zip")
)


def deciding_suffix(names: Iterable[str], pictures: frozenset[str], metadata: tuple[str, ...]) -> str | None:
    """The suffix that decides which reader `load_dataset(folder)` takes where none is named: the most frequent
    one that some reader knows, metadata files left aside."""
    counts: dict[str, int] = {}
    for name in names:
        for part in name.split(".")[1:] if name not in metadata else ():
            suffix = f".{part.lower()}"
            if suffix in pictures or suffix in _OTHER_READERS:
                counts[suffix] = counts.get(suffix, 0) + 1
    if not counts:
        return None
    return max(counts, key=lambda s: (counts[s], -_ORDER.index(s) if s in _ORDER else -len(_ORDER), s))
