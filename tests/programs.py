"""Programs of the machine that some tests compare with: asked what they are, because a name says nothing."""

from __future__ import annotations

import functools
import re
import shutil
import subprocess

PATIENCE = 30.0
QUESTIONS: dict[str, tuple[str, str]] = {
    "bash": ("--version", r"GNU bash"),
    "chromium": ("--version", r"Chrom(e|ium)"),
    "chromium-browser": ("--version", r"Chrom(e|ium)"),
    "convert": ("-version", r"ImageMagick .*(?s:.*)Copyright"),
    "exiftool": ("-ver", r"\A\d+\.\d+"),
    "google-chrome": ("--version", r"Chrom(e|ium)"),
    "java": ("-version", r"(?i)(openjdk|java) .*\d"),
    "npm": ("--version", r"\A\d+\.\d+\.\d+"),
    "sha256sum": ("--version", r"sha256sum"),
}
"""What each is asked, and what only the program that is meant answers."""


@functools.cache
def program(name: str) -> str | None:
    """The path of a program, None where there is none or another program has its name."""
    path = shutil.which(name)
    if path is None:
        return None
    word, answer = QUESTIONS[name]
    try:
        done = subprocess.run(
            [path, word], capture_output=True, timeout=PATIENCE, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    said = (done.stdout + done.stderr).decode("utf-8", "replace")
    return path if done.returncode == 0 and re.search(answer, said) else None
