"""What other tools say of the same files, each at the threshold it ships with.

imagehash and PDQ run here. `immaculate` (Python 3.12 and newer) and `perception` run in virtual environments of their
own under `.work/peers`, which are made where they are missing; a peer that cannot be installed is left out and named.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import imagehash
import numpy as np
import pdqhash
from PIL import Image

from auditor.index.search.hamming import CodeSet
from benchmarks import corpus
from benchmarks.copies.material import Query, folder
from benchmarks.copies.ours import Answer

PHASH_BITS = 10
PDQ_BITS = 31
LONGEST_SECONDS = 3600
PERCEPTION = """
import json, sys
from perception.local_descriptor_deduplication import deduplicate
works, queries = json.load(open(sys.argv[1]))
pairs = deduplicate(works, queries, use_gpu=False, max_workers=2)
json.dump([[str(first), str(second)] for first, second in pairs], open(sys.argv[2], "w"))
"""


def phash(works: Sequence[Path], queries: Sequence[Query]) -> list[Answer]:
    """imagehash pHash, 64 bits, within 10."""
    codes = CodeSet(np.stack([np.packbits(imagehash.phash(Image.open(path)).hash.ravel()) for path in works]))
    answers = []
    for query in queries:
        start = time.process_time()
        code = np.packbits(imagehash.phash(Image.open(query.path)).hash.ravel())
        _, rows, bits = codes.within(code[None], PHASH_BITS)
        answers.append(_answer(query, rows, 1 - bits / 64, start))
    return answers


def pdq(works: Sequence[Path], queries: Sequence[Query]) -> list[Answer]:
    """PDQ by the `pdqhash` package, 256 bits, within 31, all eight orientations."""
    codes = CodeSet(np.stack([np.packbits(pdqhash.compute(_rgb(path))[0]) for path in works]))
    answers = []
    for query in queries:
        start = time.process_time()
        variants, _ = pdqhash.compute_dihedral(_rgb(query.path))
        _, rows, bits = codes.within(np.packbits(np.asarray(variants, np.uint8), axis=1), PDQ_BITS)
        answers.append(_answer(query, rows, 1 - bits / 256, start))
    return answers


def crop_resistant(works: Sequence[Path], queries: Sequence[Query]) -> list[Answer]:
    """imagehash crop_resistant_hash with its own `matches` rule at its defaults (one region, 25 % of the bits)."""
    stored = [imagehash.crop_resistant_hash(Image.open(path).convert("RGB")) for path in works]
    segments = np.stack([np.packbits(one.hash.ravel()) for held in stored for one in held.segment_hashes])
    owners = np.repeat(np.arange(len(stored)), [len(held.segment_hashes) for held in stored])
    codes = CodeSet(segments)
    answers = []
    for query in queries:
        start = time.process_time()
        own = imagehash.crop_resistant_hash(Image.open(query.path).convert("RGB"))
        looked_up = np.stack([np.packbits(one.hash.ravel()) for one in own.segment_hashes])
        _, rows, bits = codes.within(looked_up, 16)
        answers.append(_answer(query, owners[rows], 1 - bits / 64, start))
    return answers


def immaculate_program() -> Path:
    """The peer with its neural networks, in an environment of its own."""
    return _environment("immaculate", ["immaculate[sscd]"], "3.12") / "bin" / "immaculate"


def immaculate(method: str) -> Callable[[Sequence[Path], Sequence[Query]], list[Answer]]:
    """`immaculate --method …`: a query counts as matched with every work in its set of near duplicates."""

    def run(works: Sequence[Path], queries: Sequence[Query]) -> list[Answer]:
        tool = immaculate_program()
        pool = folder() / "pool"
        shutil.rmtree(pool, ignore_errors=True)
        pool.mkdir()
        for path in [*works, *(query.path for query in queries)]:
            (pool / f"{path.parent.name}-{path.name}").hardlink_to(path)  # it passes over symbolic links
        start = time.monotonic()
        run = subprocess.run([tool, "--json", "--method", method, pool], check=True, capture_output=True, text=True)
        seconds = (time.monotonic() - start) / (len(works) + len(queries))
        found = json.loads(run.stdout)
        rows = {f"{path.parent.name}-{path.name}": row for row, path in enumerate(works)}
        together: dict[str, list[int]] = {}
        for group in found["exact"] + found["near"]:
            names = [Path(name).name for name in group]
            members = [rows[name] for name in names if name in rows]
            together |= dict.fromkeys(names, members)
        return [
            Answer(
                query,
                tuple((row, 1.0, "high") for row in together.get(f"{query.path.parent.name}-{query.path.name}", [])),
                seconds,
            )
            for query in queries
        ]

    return run


def perception(works: Sequence[Path], queries: Sequence[Query]) -> list[Answer]:
    """Thorn's `perception`, SIFT de-duplication at its defaults."""
    python = _environment("perception", ["perception", "pandas", "faiss-cpu"], None) / "bin" / "python"
    question, reply = folder() / "perception-in.json", folder() / "perception-out.json"
    question.write_text(json.dumps([[str(path) for path in works], [str(query.path) for query in queries]]))
    start = time.monotonic()
    command = [python, "-c", PERCEPTION, question, reply]
    subprocess.run(command, check=True, capture_output=True, timeout=LONGEST_SECONDS)
    seconds = (time.monotonic() - start) / (len(works) + len(queries))
    rows = {str(path): row for row, path in enumerate(works)}
    found: dict[str, list[int]] = {}
    for first, second in json.loads(reply.read_text()):
        found.setdefault(first, []).append(rows[second])
    return [
        Answer(query, tuple((row, 1.0, "high") for row in found.get(str(query.path), [])), seconds) for query in queries
    ]


PEERS: dict[str, Callable[[Sequence[Path], Sequence[Query]], list[Answer]]] = {
    "imagehash pHash ≤ 10": phash,
    "PDQ ≤ 31, 8 orientations": pdq,
    "immaculate pdq": immaculate("pdq"),
    "immaculate sscd_distilled": immaculate("sscd_distilled"),
    "immaculate sscd": immaculate("sscd"),
    "imagehash crop-resistant": crop_resistant,
    "perception SIFT": perception,
}
SLOW = {"immaculate sscd", "imagehash crop-resistant", "perception SIFT"}
"""Each takes longer than all others together."""


def _environment(name: str, packages: list[str], python: str | None) -> Path:
    """A virtual environment for one peer, made once."""
    place = corpus.work_folder() / "peers" / name
    done = place / "installed"
    if not done.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        command = [shutil.which(f"python{python}") or "python3"] if python else [sys.executable]
        settings = {**os.environ, **({"PYENV_VERSION": f"{python}.1"} if python else {})}
        subprocess.run([*command, "-m", "venv", place], check=True, env=settings)
        subprocess.run([place / "bin" / "pip", "install", "--quiet", *packages], check=True)
        done.write_text("\n".join(packages))
    return place


def _rgb(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB"))


def _answer(query: Query, rows: np.ndarray, scores: np.ndarray, start: float) -> Answer:
    best: dict[int, float] = {}
    for row, score in zip(rows.tolist(), scores.tolist(), strict=True):
        best[row] = max(best.get(row, 0.0), score)
    works = tuple((row, score, "high") for row, score in best.items())
    return Answer(query, works, time.process_time() - start)
