"""Real pictures for tests: those of the demo, which are part of the checkout."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

DEMO = Path(__file__).parents[2] / "examples" / "lora-dataset"


def real_pictures() -> Iterator[tuple[str, NDArray[np.uint8]]]:
    """(name, RGB pixels) of every picture of the demo; the test is skipped where there are none."""
    paths = sorted(path for path in DEMO.rglob("*") if path.suffix in {".jpg", ".png", ".webp"})
    if not paths:
        pytest.skip("the demo's pictures are not in this checkout")
    for path in paths:
        with Image.open(path) as image:
            yield path.name, np.asarray(image.convert("RGB"))
