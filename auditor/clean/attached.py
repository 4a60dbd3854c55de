"""Finds the caches and masks that belong to a picture by their names. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator

ARRAYS = frozenset({".npz", ".npy", ".pt"})
"""Latents and embeddings, whatever stands between the picture's stem and the suffix."""
_MODEL_CACHE = re.compile(r"(?:_\d{2,5}(?:-\d{2,5})?)?_\d{2,5}x\d{2,5}(?:_[a-z0-9_]+)?|(?:_[a-z0-9]+)?_te|_te_outputs")
"""What a cache in `.safetensors` adds to the stem; any other such file is a model of its own."""
_MASK = re.compile(r"-masklabel|-condlabel|[-_.]mask")
_PICTURE = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp"})


def attached(files: Iterable[str], going: Collection[str], staying: Collection[str]) -> tuple[str, ...]:
    """Which of the files are caches or masks of pictures that go. All paths are relative to the dataset.

    The longest stem that fits owns a file, so `ash_2.npz` is not taken for `ash.png` while there is an `ash_2.png`.
    A cache in a folder without its picture belongs to the picture of that stem elsewhere, if all such go.
    """
    owners = _Owners(going, staying)
    return tuple(sorted(path for path in files if path not in owners.going and owners.goes(path)))


class _Owners:
    def __init__(self, going: Collection[str], staying: Collection[str]) -> None:
        self.going = frozenset(going)
        self._here: dict[str, bool] = {}
        self._anywhere: dict[str, bool] = {}
        for path in staying:
            self._add(path, goes=False)
        for path in going:
            self._add(path, goes=True)

    def _add(self, path: str, *, goes: bool) -> None:
        stem = posixpath.splitext(path)[0]
        name = posixpath.basename(stem)
        # one picture that stays keeps what all of that stem share
        self._here[stem] = self._here.get(stem, True) and goes
        self._anywhere[name] = self._anywhere.get(name, True) and goes

    def goes(self, path: str) -> bool:
        folder, name = posixpath.split(path)
        base, suffix = posixpath.splitext(name)
        cuts = list(_cuts(base, suffix.lower()))
        for cut in cuts:
            here = self._here.get(posixpath.join(folder, cut))
            if here is not None:
                return here
        for cut in cuts:
            elsewhere = self._anywhere.get(cut)
            if elsewhere is not None:
                return elsewhere
        return False


def _cuts(base: str, suffix: str) -> Iterator[str]:
    """Stems of pictures that the file could belong to, longest first."""
    places = [len(base), *(match.start() for match in re.finditer(r"[-_.]", base) if match.start() > 0)]
    for place in sorted(places, reverse=True):
        rest = base[place:]
        fits = (
            suffix in ARRAYS
            or (suffix == ".safetensors" and _MODEL_CACHE.fullmatch(rest))
            or (suffix in _PICTURE and _MASK.fullmatch(rest))
        )
        if fits:
            yield base[:place]
