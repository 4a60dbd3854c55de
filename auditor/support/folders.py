"""Where the user's own files lie: what is kept between runs and can be made again."""

from __future__ import annotations

from pathlib import Path


def user_cache() -> Path:
    """The user's cache folder, whether or not it is there."""
    import platformdirs  # here, because many commands need no folder

    return Path(platformdirs.user_cache_dir("auditor", appauthor=False))


def made(folder: Path) -> Path | None:
    """The folder, made where it is absent; None where it cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder


def derived(cache: Path) -> Path:
    """Where in a cache folder lies what is derived from indexes, named by their digests."""
    return cache / "derived"
