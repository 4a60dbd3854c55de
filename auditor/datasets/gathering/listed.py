"""Pictures that a table or JSON listing names by path: looked up folder by folder, and noted where they are missing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from auditor.datasets.gathering import trees
from auditor.datasets.gathering.carried import Seen
from auditor.datasets.reading.carriers import carrier
from auditor.datasets.reading.listing import Folder, outside_of, relative_to
from auditor.datasets.reading.pictures import Told, picture
from auditor.model import Note, Sample, Text


@dataclass(slots=True)
class Finder:
    """Finds listed files. Keeps a few folder listings, because lists mostly go folder by folder."""

    root: str
    """The dataset's folder."""
    seen: Seen
    inside: tuple[str, ...] = ()
    """The first file of every folder outside all of these gets a note; empty for no such bound."""
    noted: set[str] = field(default_factory=set)
    cached: dict[str, Folder] = field(default_factory=dict)
    limit: int = 8

    def sample(self, path: str, told: Told, source: str, given: str, consequence: str) -> Sample:
        """The sample of the file at `path`, or a carrier that notes that it is missing.

        `source` is the listing, `given` the words in it, `consequence` what the trainer does then.
        """
        place = Path(path)
        folder = self.folder(str(place.parent))
        if place.name not in folder.names:
            message = f"{source} names {given}, which is not there; {consequence}"
            texts = (Text(given, source, None, "file-name", False), *told.texts)
            found = carrier(relative_to(path, self.root), texts, (Note("dataset.missing-file", message), *told.notes))
            return replace(found, skip="missing", reason=message, captions=told.captions)
        if self._leaves(path, folder.path):
            message = f"{source} names {given}, which lies outside the dataset's folder, as may others beside it."
            told = replace(told, notes=(*told.notes, Note("integrity.outside-dataset", message)))
        return self.seen.add(picture(folder, place.name, self.root, told))

    def _leaves(self, path: str, folder: str) -> bool:
        """Whether the file is the first of a folder outside the bound; one note a folder is enough."""
        if not self.inside or folder in self.noted or not all(outside_of(path, bound) for bound in self.inside):
            return False
        self.noted.add(folder)
        return True

    def folder(self, path: str) -> Folder:
        """The listing of a directory; one that cannot be read is empty."""
        found = self.cached.get(path)
        if found is None:
            if len(self.cached) >= self.limit:
                self.cached.pop(next(iter(self.cached)))
            found = self.cached.setdefault(path, trees.named_folder(path, self.root))
        return found
