"""Pictures made by code, rich enough for perceptual hashes and local features."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter


def painting(seed: int, size: tuple[int, int] = (400, 300)) -> Image.Image:
    """A different scene for every seed: smooth light, hard-edged shapes, fine strokes."""
    random = np.random.default_rng(seed)
    width, height = size
    coarse = random.integers(0, 256, (5, 7, 3), dtype=np.uint8)
    picture = Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(picture)
    for _ in range(25):
        x, y = int(random.integers(0, width)), int(random.integers(0, height))
        w, h = int(random.integers(8, width // 3)), int(random.integers(8, height // 3))
        colour = tuple(int(value) for value in random.integers(0, 256, 3))
        shape = draw.ellipse if random.random() < 0.5 else draw.rectangle
        shape((x, y, x + w, y + h), fill=colour)
    for _ in range(60):
        points = [(int(random.integers(0, width)), int(random.integers(0, height))) for _ in range(3)]
        draw.line(points, fill=tuple(int(value) for value in random.integers(0, 256, 3)), width=2)
    return picture.filter(ImageFilter.GaussianBlur(0.6))


def encoded(picture: Image.Image, format: str = "PNG", **options: object) -> bytes:
    """The picture as the bytes of a file."""
    stream = io.BytesIO()
    picture.save(stream, format, **options)
    return stream.getvalue()


def artist_folder(root: Path, name: str, seeds: range) -> Path:
    """A folder of an artist's works, one PNG per seed."""
    folder = root / name
    folder.mkdir(parents=True)
    for seed in seeds:
        (folder / f"Work {seed}.png").write_bytes(encoded(painting(seed)))
    return folder
