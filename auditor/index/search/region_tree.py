"""A two-level binary inverted file for 128-bit codes, built with FAISS.

FAISS's binary inverted file compares a query with every list's centre. Here the centres themselves stand in a
smaller inverted file, so that finding lists costs a thousand comparisons where it would cost tens of thousands,
and building the structure for millions of codes takes seconds where plain k-means takes minutes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

BITS = 128
CODES_PER_LIST = 128
"""Aimed at; more lists cost training, longer lists cost every query."""
SMALLEST_TREE = 4_000
"""Fewer codes are searched one by one, exactly."""
TRAINING_CODES = 200_000
SEED = 20240501


@dataclass(frozen=True, slots=True)
class Probe:
    """How many of the nearest lists a query looks into."""

    centres: int
    """Branches of the upper level."""
    lists: int


QUICK = Probe(3, 3)
THOROUGH = Probe(12, 12)


def build(codes: NDArray[np.uint8], exact: bool = False) -> Any:
    """A FAISS binary index over codes (n, 16); ids are row numbers. Deterministic for equal codes.

    With `exact` (and for few codes) every query is compared with every code: the reference.
    """
    faiss.omp_set_num_threads(1)
    if exact or len(codes) < SMALLEST_TREE:
        flat = faiss.IndexBinaryFlat(BITS)
        flat.add(np.ascontiguousarray(codes))
        return flat
    tops, leaves = _centres(codes)
    quantiser = faiss.IndexBinaryFlat(BITS)
    quantiser.add(tops)
    coarse = faiss.IndexBinaryIVF(quantiser, BITS, len(tops))
    coarse.is_trained = True
    coarse.add(leaves)
    tree = faiss.IndexBinaryIVF(coarse, BITS, len(leaves))
    tree.is_trained = True
    # More branches would find a nearer list for some codes, which queries gain nothing from, at twice the time.
    probe(tree, Probe(centres=2, lists=1))
    for start in range(0, len(codes), 500_000):
        tree.add(np.ascontiguousarray(codes[start : start + 500_000]))
    _keep_alive(coarse, quantiser)
    _keep_alive(tree, coarse)
    return tree


def write(tree: Any, path: Path) -> None:
    """Store a tree.

    Raises:
        OSError: it cannot be written.
    """
    try:
        faiss.write_index_binary(tree, str(path))
    except RuntimeError as error:  # what FAISS makes of a full disk
        raise OSError(f"{path.name} cannot be written: {error}") from error


def read_mapped(path: Path) -> Any:
    """Open a stored tree without reading it: the system pages in what queries touch.

    Raises:
        RuntimeError: the file cannot be read as a FAISS index.
    """
    tree = faiss.read_index_binary(str(path), faiss.IO_FLAG_MMAP)
    if isinstance(tree, faiss.IndexBinaryIVF):
        lists = faiss.downcast_InvertedLists(tree.invlists)
        if isinstance(lists, faiss.OnDiskInvertedLists):
            # It would start 32 threads for every search to read ahead, which takes longer than most searches.
            lists.prefetch_nthread = 0
    return tree


def probe(tree: Any, how: Probe) -> None:
    """Set how closely `tree` looks; does nothing for an exact index."""
    if isinstance(tree, faiss.IndexBinaryIVF):
        tree.nprobe = how.lists
        coarse = faiss.downcast_IndexBinary(tree.quantizer)
        if isinstance(coarse, faiss.IndexBinaryIVF):
            coarse.nprobe = how.centres


def search(tree: Any, codes: NDArray[np.uint8], k: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The k nearest codes of each query: distances in bits and row numbers, (n, k); -1 where there are fewer."""
    faiss.omp_set_num_threads(1)
    if not len(codes) or not tree.ntotal:
        return np.full((len(codes), k), BITS, np.int32), np.full((len(codes), k), -1, np.int64)
    distances, rows = tree.search(np.ascontiguousarray(codes), k)
    return distances, rows


def _centres(codes: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Two levels of k-means over a sample of the codes, rounded to bits."""
    step = max(1, len(codes) // TRAINING_CODES)
    sample = np.ascontiguousarray(codes[::step][: TRAINING_CODES * 2])
    values = np.unpackbits(sample, axis=1).astype(np.float32) * 2 - 1
    lists = max(16, len(codes) // CODES_PER_LIST)
    branches = max(4, min(math.isqrt(lists), 512))
    per_branch = max(2, min(lists // branches, len(sample) // branches // 4))
    rough = _kmeans(values, branches, iterations=8)
    _, nearest = rough.index.search(values, 1)
    leaves = []
    for branch in range(branches):
        members = values[nearest[:, 0] == branch]
        if len(members) <= per_branch * 2:
            leaves.append(np.packbits(members[:per_branch] > 0, axis=1))
        else:
            leaves.append(np.packbits(_kmeans(members, per_branch, iterations=5).centroids > 0, axis=1))
    return np.packbits(rough.centroids > 0, axis=1), np.unique(np.concatenate(leaves), axis=0)


def _kmeans(values: NDArray[np.float32], centres: int, iterations: int) -> Any:
    clustering = faiss.Kmeans(
        BITS, centres, niter=iterations, seed=SEED, min_points_per_centroid=1, max_points_per_centroid=128
    )
    clustering.train(np.ascontiguousarray(values))
    return clustering


def _keep_alive(holder: Any, held: Any) -> None:
    """FAISS's Python wrappers do not own what they point to; keep the pointed-to object with the pointer."""
    holder.kept = held
