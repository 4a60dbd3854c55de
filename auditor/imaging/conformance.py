"""Shipped test vectors of every versioned algorithm, and the self-test that any installation can run.

The vectors lie in `conformance.json` beside this file. Their pictures are made by code, in whole numbers, so that
they are the same on every machine. Hashes may differ in `TOLERANCE` bits, because cosine transforms are rounded
differently by different processors; a digest may not differ at all. pHash is also compared with `imagehash` itself.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
from PIL import Image

from auditor.errors import PictureError
from auditor.imaging import exact, pdq, phash
from auditor.imaging.imagehash_form import imagehash_code
from auditor.imaging.pixels import Pixels, decode, grey
from auditor.imaging.regions import features as regions

FORMAT = "auditor-conformance/1"
TOLERANCE: Mapping[str, int] = {pdq.ALGORITHM: 2, phash.ALGORITHM: 2, regions.ALGORITHM: regions.TOLERANCE_BITS}
KEPT_FEATURES = 40
FOUND_AGAIN = 0.9
"""Part of the stored features that must be there again."""
SAME_PLACE = 130
"""Two features stand at one place within so many 65535ths of the longer side (about a pixel of 512)."""


@dataclass(frozen=True, slots=True)
class VectorResult:
    """What one vector gave."""

    algorithm: str
    """For instance `pdq@1`."""
    vector: str
    passed: bool
    detail: str
    """What differs; empty where it passed."""


def self_test() -> tuple[VectorResult, ...]:
    """Run every shipped vector. An algorithm that fails must not be used to make or search an index here."""
    return tuple(check(vector) for vector in shipped()["vectors"])


def shipped() -> dict[str, Any]:
    """The vectors as they are in the package."""
    text = resources.files("auditor.imaging").joinpath("conformance.json").read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def check(vector: Mapping[str, Any]) -> VectorResult:
    """Run one vector."""
    algorithm, name = str(vector["algorithm"]), str(vector["name"])
    try:
        problem = _COMPARE[algorithm](measure(algorithm, vector["picture"]), vector["expected"])
        if not problem and algorithm in _AGREE:
            problem = _AGREE[algorithm](vector["picture"])
    except (PictureError, KeyError, ValueError) as error:
        problem = f"{type(error).__name__}: {error}"
    return VectorResult(algorithm, name, not problem, problem)


def make_vectors() -> dict[str, Any]:
    """Vectors as this machine computes them: to write `conformance.json` for a new version of an algorithm."""
    vectors = []
    for algorithm, name, picture in CASES:
        expected = measure(algorithm, picture)
        if "features" in expected:
            step = max(1, len(expected["features"]) // KEPT_FEATURES)
            expected = {"features": expected["features"][::step][:KEPT_FEATURES]}
        vectors.append({"algorithm": algorithm, "name": name, "picture": picture, "expected": expected})
    return {"format": FORMAT, "vectors": vectors}


def measure(algorithm: str, picture: Mapping[str, Any]) -> dict[str, Any]:
    """Make the picture and run the algorithm on it."""
    rgb = synthesise(picture["pattern"], picture["width"], picture["height"])
    return _MEASURE[algorithm](rgb, picture)


def synthesise(pattern: str, width: int, height: int) -> Pixels:
    """A picture made of whole numbers: `rings`, `quilt`, `scene` (discs on a quilt) or `plain`; (h, w, 3) uint8."""
    y, x = np.mgrid[0:height, 0:width].astype(np.int64)
    if pattern == "plain":
        return np.full((height, width, 3), 200, np.uint8)
    if pattern == "rings":
        centres = ((width // 3, height // 4), (width * 3 // 4, height // 2), (width // 5, height * 4 // 5))
        rings = [((x - a) ** 2 + (y - b) ** 2) * 900 // (width * height) for a, b in centres]
        return np.stack([_wave(ring) for ring in rings], axis=2)
    cell = (x * 11 // width) * 31 + (y * 9 // height) * 57
    channels = [(cell * cell * factor + cell * 13 + x * 40 // width) % 256 for factor in (37, 53, 71)]
    if pattern == "scene":
        for step in range(14):
            a, b = (step * 83 + 29) % 97 * width // 97, (step * 61 + 17) % 89 * height // 89
            inside = (x - a) ** 2 + (y - b) ** 2 < ((step % 5 + 2) * min(width, height) // 36) ** 2
            channels = [
                np.where(inside, (step * tint) % 256, channel)
                for tint, channel in zip((91, 47, 19), channels, strict=True)
            ]
    elif pattern != "quilt":
        raise ValueError(f"no pattern {pattern}")
    return np.stack(channels, axis=2).astype(np.uint8)


def _wave(values: np.ndarray[Any, np.dtype[np.int64]]) -> Pixels:
    """A triangle wave of 0 to 255."""
    return np.asarray(np.abs(values % 510 - 255), np.uint8)


def _encoded(rgb: Pixels, mode: str) -> bytes:
    """A PNG file in the given mode, `EXIF-n` for one that asks to be turned."""
    options: dict[str, Any] = {}
    image = Image.fromarray(rgb)
    if mode == "RGBA":
        alpha = np.broadcast_to(np.arange(rgb.shape[1]) * 255 // rgb.shape[1], rgb.shape[:2]).astype(np.uint8)
        image = Image.fromarray(np.dstack((rgb, alpha)))
    elif mode == "I;16":
        image = Image.fromarray(rgb[:, :, 0].astype(np.uint16) * 257)
    elif mode.startswith("EXIF-"):
        exif = Image.Exif()
        exif[0x0112] = int(mode.removeprefix("EXIF-"))
        options["exif"] = exif
    target = io.BytesIO()
    image.save(target, "PNG", **options)
    return target.getvalue()


def _measure_pixels(rgb: Pixels, picture: Mapping[str, Any]) -> dict[str, Any]:
    return {"sha256": exact.pixel_sha256(decode(_encoded(rgb, picture["mode"]))).hex()}


def _measure_pdq(rgb: Pixels, picture: Mapping[str, Any]) -> dict[str, Any]:
    hashed = pdq.pdq(pdq.luminance(rgb))
    return {"rows": [row.tobytes().hex() for row in hashed.codes], "quality": hashed.quality}


def _measure_phash(rgb: Pixels, picture: Mapping[str, Any]) -> dict[str, Any]:
    return {"rows": [row.tobytes().hex() for row in phash.phash(grey(rgb, max(rgb.shape)))]}


def _agrees_with_imagehash(picture: Mapping[str, Any]) -> str:
    """What is looked up is made faster than what is stored, so both are compared here: of the same 32 × 32 points no
    bit may differ in any orientation, of the whole picture as many as between two machines."""
    pixels = synthesise(picture["pattern"], picture["width"], picture["height"])
    plane = grey(pixels, max(pixels.shape))
    points = phash.reduced(plane)
    for row, (mirrored, rotation) in zip(phash.hash_points(points), pdq.ORIENTATIONS, strict=True):
        turned = np.rot90(points[:, ::-1] if mirrored else points, -rotation // 90)
        if row.tobytes() != imagehash_code(np.ascontiguousarray(turned)):
            return "of the same points it is not what imagehash.phash gives"
    far = _distance(phash.phash(plane)[0].tobytes().hex(), imagehash_code(pixels).hex())
    if far > TOLERANCE[phash.ALGORITHM]:
        return f"it differs in {far} bits from imagehash.phash; at most {TOLERANCE[phash.ALGORITHM]} are allowed"
    return ""


def _measure_regions(rgb: Pixels, picture: Mapping[str, Any]) -> dict[str, Any]:
    features = regions.describe(grey(rgb, max(rgb.shape)))
    places = zip(features.x.tolist(), features.y.tolist(), features.codes, strict=True)
    return {"features": [[x, y, code.tobytes().hex()] for x, y, code in places]}


def _compare_pixels(got: Mapping[str, Any], expected: Mapping[str, Any]) -> str:
    return "" if got["sha256"] == expected["sha256"] else "the digest differs"


def _compare_rows(tolerance: int) -> Callable[[Mapping[str, Any], Mapping[str, Any]], str]:
    def compare(got: Mapping[str, Any], expected: Mapping[str, Any]) -> str:
        far = max(_distance(*pair) for pair in zip(got["rows"], expected["rows"], strict=True))
        if far > tolerance:
            return f"a hash differs in {far} bits; at most {tolerance} are allowed"
        if abs(got.get("quality", 0) - expected.get("quality", 0)) > 1:
            return f"the quality is {got['quality']} instead of {expected['quality']}"
        return ""

    return compare


def _compare_regions(got: Mapping[str, Any], expected: Mapping[str, Any]) -> str:
    found = sum(_present(feature, got["features"]) for feature in expected["features"])
    if found < FOUND_AGAIN * len(expected["features"]):
        return f"only {found} of {len(expected['features'])} features were found again"
    return ""


def _present(feature: list[Any], features: list[list[Any]]) -> bool:
    x, y, code = feature
    return any(
        abs(a - x) <= SAME_PLACE and abs(b - y) <= SAME_PLACE and _distance(other, code) <= regions.TOLERANCE_BITS
        for a, b, other in features
    )


def _distance(left: str, right: str) -> int:
    return (int(left, 16) ^ int(right, 16)).bit_count()


Measure = Callable[[Pixels, Mapping[str, Any]], dict[str, Any]]
Compare = Callable[[Mapping[str, Any], Mapping[str, Any]], str]

_MEASURE: Mapping[str, Measure] = {
    exact.PIXELS_ALGORITHM: _measure_pixels,
    pdq.ALGORITHM: _measure_pdq,
    phash.ALGORITHM: _measure_phash,
    regions.ALGORITHM: _measure_regions,
}
_COMPARE: Mapping[str, Compare] = {
    exact.PIXELS_ALGORITHM: _compare_pixels,
    pdq.ALGORITHM: _compare_rows(TOLERANCE[pdq.ALGORITHM]),
    phash.ALGORITHM: _compare_rows(TOLERANCE[phash.ALGORITHM]),
    regions.ALGORITHM: _compare_regions,
}

_AGREE: Mapping[str, Callable[[Mapping[str, Any]], str]] = {phash.ALGORITHM: _agrees_with_imagehash}
"""Algorithms with a second way to compute them -> whether both give the same of a picture; empty where they do."""


def _cases() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for mode in ("RGB", "RGBA", "I;16", "EXIF-6", "EXIF-7"):
        yield exact.PIXELS_ALGORITHM, mode, {"pattern": "scene", "width": 90, "height": 61, "mode": mode}
    sizes = {"small": (97, 64), "usual": (500, 401), "tall": (300, 1280)}
    for pattern in ("rings", "quilt", "scene"):
        for name, (width, height) in sizes.items():
            picture = {"pattern": pattern, "width": width, "height": height}
            yield pdq.ALGORITHM, f"{pattern}-{name}", picture
            yield phash.ALGORITHM, f"{pattern}-{name}", picture
    # Only what an index stores is pinned; which features of a sample are looked up may change without a new version.
    for name, (width, height) in {"wide": (700, 520), "tall": (430, 640)}.items():
        yield regions.ALGORITHM, f"scene-{name}", {"pattern": "scene", "width": width, "height": height}


CASES = tuple(_cases())
"""(algorithm, name, picture) of every vector."""
