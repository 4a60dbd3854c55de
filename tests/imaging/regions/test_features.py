"""Region hashes: quantisation, roles, and that they survive what they are made for."""

from __future__ import annotations

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.imaging.regions import features as regions
from auditor.imaging.regions.descriptors import LocalFeatures
from auditor.imaging.regions.features import describe, encode, hash_bits, positions
from tests.imaging.scenes import scene


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0, 639), st.floats(0, 479), st.floats(1.5, 300), st.floats(0, 6.283)),
        min_size=1,
        max_size=20,
    )
)
def test_positions_survive_packing(points: list[tuple[float, float, float, float]]) -> None:
    array = np.array(points, np.float32)
    unpacked = positions(encode(LocalFeatures(array, np.full((len(points), 128), 0.088, np.float32), 640, 480)))
    np.testing.assert_allclose(unpacked[:, :2] * 640, array[:, :2], atol=0.01)
    assert (np.abs(np.log2(unpacked[:, 2] * 640 / array[:, 2])) < 0.03).all()
    turn = np.mod(unpacked[:, 3] - array[:, 3] + np.pi, 2 * np.pi) - np.pi
    assert np.abs(turn).max() < 0.013


def test_bits_are_balanced_over_many_features() -> None:
    codes = np.concatenate([describe(scene(seed)).codes for seed in range(6)])
    share = np.unpackbits(codes, axis=1).mean(axis=0)
    assert share.min() > 0.1 and share.max() < 0.9
    assert 0.4 < share.mean() < 0.6


def test_hash_distance_follows_descriptor_distance() -> None:
    random = np.random.default_rng(0)
    base = np.abs(random.normal(size=(200, 128))).astype(np.float32)
    base /= np.linalg.norm(base, axis=1, keepdims=True)
    near, far = base + random.normal(0, 0.01, base.shape), base + random.normal(0, 0.05, base.shape)
    bits = [
        np.unpackbits(hash_bits(base) ^ hash_bits(changed.astype(np.float32)), axis=1).sum(axis=1).mean()
        for changed in (base, near, far)
    ]
    assert bits[0] == 0
    assert 0 < bits[1] < bits[2] < 64


def test_a_work_is_described_within_bounds() -> None:
    found = describe(scene(1, 1280, 960, 700))
    assert (found.width, found.height) == (640, 480)
    assert 200 < len(found) <= regions.INDEX.features
    assert found.codes.shape == (len(found), 16)
    assert found.x.dtype == np.uint16 and found.scale.dtype == np.uint8


@pytest.mark.parametrize("change", ["same", "half size", "darker", "noisy", "inverted twice"])
def test_most_features_of_a_changed_copy_are_found_again(change: str) -> None:
    grey = scene(2, 640, 480, 400)
    random = np.random.default_rng(0)
    changed = {
        "same": grey,
        "half size": grey[::2, ::2],
        "darker": (grey * 0.6).astype(np.uint8),
        "noisy": np.clip(grey + random.normal(0, 4, grey.shape), 0, 255).astype(np.uint8),
        "inverted twice": 255 - (255 - grey),
    }[change]
    index, query = describe(grey), describe(changed)
    flat = faiss.IndexBinaryFlat(128)
    flat.add(index.codes)
    bits, rows = flat.search(query.codes, 1)
    there, here = positions(index)[rows[:, 0]], positions(query)
    found = (np.hypot(there[:, 0] - here[:, 0], there[:, 1] - here[:, 1]) < 0.01) & (bits[:, 0] <= 36)
    assert found.mean() > (0.5 if change != "half size" else 0.35)


def test_description_is_repeatable() -> None:
    grey = scene(3)
    first, second = describe(grey), describe(grey.copy())
    for name in ("codes", "x", "y", "scale", "angle"):
        assert np.array_equal(getattr(first, name), getattr(second, name))


@pytest.mark.parametrize(("width", "height"), [(1, 1), (12_000, 300), (5, 4000), (64, 64), (3, 3)])
def test_odd_sizes_are_described_or_empty(width: int, height: int) -> None:
    grey = np.random.default_rng(0).integers(0, 256, (height, width)).astype(np.uint8)
    features = describe(grey)
    assert len(features) <= regions.INDEX.features
    assert len(features.x) == len(features.codes)
    assert features.width >= 1 and features.height >= 1
