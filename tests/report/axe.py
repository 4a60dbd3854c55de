"""axe-core from the npm registry, unpacked into a cache once; None where it cannot be had."""

from __future__ import annotations

import os
import subprocess
import tarfile
from pathlib import Path

from tests.programs import program

PACKAGE = "axe-core@4.10.3"


def axe_source() -> str | None:
    """The library's script, from AXE_CORE_JS, the cache, or `npm pack`."""
    given = os.environ.get("AXE_CORE_JS")
    if given:
        return Path(given).read_text(encoding="utf-8")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "provenance-auditor-tests"
    script = cache / f"{PACKAGE.replace('@', '-')}.js"
    if not script.is_file() and not _fetch(cache, script):
        return None
    return script.read_text(encoding="utf-8")


def _fetch(cache: Path, script: Path) -> bool:
    npm = program("npm")
    if npm is None:
        return False
    cache.mkdir(parents=True, exist_ok=True)
    done = subprocess.run([npm, "pack", "--silent", PACKAGE], cwd=cache, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        return False
    archive = cache / done.stdout.split()[-1]
    with tarfile.open(archive) as opened:
        member = opened.extractfile("package/axe.min.js")
        assert member is not None
        temporary = script.with_suffix(f".{os.getpid()}")
        temporary.write_bytes(member.read())
        temporary.replace(script)
    archive.unlink()
    return True
