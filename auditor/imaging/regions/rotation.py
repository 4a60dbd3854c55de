"""The fixed centre and random rotation of `regions@1`, shipped as data and checked against their digest."""

from __future__ import annotations

import hashlib
import io
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

FILE = "regions-1.npy"
SHA256 = "52eb709ea127df0221380386296b9e8c9d554ac6b02fa80cc2b11c53232a004f"


class RotationDamaged(RuntimeError):
    """The shipped data does not match its digest: the installation is damaged; install the package again."""


@cache
def centre_and_rotation() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The mean RootSIFT vector (128,) and the orthogonal matrix (128, 128), float32, read once.

    Raises:
        RotationDamaged: the data file was changed or cut short.
    """
    raw = files("auditor.imaging").joinpath("data", FILE).read_bytes()
    if hashlib.sha256(raw).hexdigest() != SHA256:
        raise RotationDamaged(f"{FILE} does not match its digest; reinstall provenance-auditor.")
    table = np.load(io.BytesIO(raw), allow_pickle=False)
    return table[0].copy(), table[1:].copy()
