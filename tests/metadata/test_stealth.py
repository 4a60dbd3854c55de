"""Text hidden in the lowest bits of pixels."""

from __future__ import annotations

import gzip
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.metadata.containers.budget import Budget
from auditor.metadata.read import read_metadata, with_stealth
from auditor.metadata.stealth import read_stealth
from auditor.metadata.values import FileMetadata
from tests.metadata.material import making, writers

NAME = "Aldebrand Quenzle"
SIGNATURES = ["stealth_pnginfo", "stealth_pngcomp", "stealth_rgbinfo", "stealth_rgbcomp"]


def split(rgba: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return rgba[:, :, :3], rgba[:, :, 3]


@pytest.mark.parametrize("signature", SIGNATURES)
@pytest.mark.parametrize("text", ["a", "a harbour 港 " * 20])
def test_hidden_text_is_read(signature: str, text: str) -> None:
    assert read_stealth(*split(writers.stealth_pixels(text, signature)), Budget()) == text


@pytest.mark.parametrize("signature", SIGNATURES)
def test_the_prompt_in_hidden_metadata_is_found_and_the_negative_kept_apart(signature: str) -> None:
    hidden = writers.stealth_pixels(writers.novelai_stealth_text(f"art by {NAME}", "blurry"), signature)
    found = with_stealth(FileMetadata("PNG"), *split(hidden)).generation
    assert found.writers == ("NovelAI",)
    assert any(NAME in text.value and text.source.startswith("stealth PNG info") for text in found.positive)
    negative = writers.stealth_pixels(writers.novelai_stealth_text("a house", NAME), signature)
    assert not any(
        NAME in text.value for text in with_stealth(FileMetadata("PNG"), *split(negative)).generation.positive
    )


def test_hidden_a1111_parameters_are_read() -> None:
    hidden = writers.stealth_pixels(writers.a1111_text(f"art by {NAME}", "blurry"), "stealth_pngcomp")
    found = with_stealth(FileMetadata("PNG"), *split(hidden)).generation
    assert found.writers == ("A1111",)
    assert found.positive[0].value == f"art by {NAME}"


def test_hidden_text_joins_what_the_file_says() -> None:
    metadata = read_metadata(making.png(making.text("parameters", writers.a1111_text("a house", "blurry"))))
    hidden = writers.stealth_pixels(writers.novelai_stealth_text(NAME, "x"), "stealth_pngcomp")
    found = with_stealth(metadata, *split(hidden)).generation
    assert found.writers == ("A1111", "NovelAI")
    assert found.positive[: len(metadata.generation.positive)] == metadata.generation.positive


def test_a_picture_without_hidden_text_is_left_as_it_is() -> None:
    metadata = FileMetadata("PNG")
    rgb = making.pixels()
    assert with_stealth(metadata, rgb, None) is metadata
    assert with_stealth(metadata, rgb, np.full(rgb.shape[:2], 255, np.uint8)) is metadata
    assert with_stealth(metadata, rgb[:3, :3], rgb[:3, :3, 0]) is metadata


def announce(length: int, payload: bytes, signature: bytes = b"stealth_pngcomp") -> np.ndarray:
    bits = np.unpackbits(np.frombuffer(signature + struct.pack(">I", length) + payload, np.uint8))
    alpha = np.zeros(256 * 256, np.uint8)
    alpha[: bits.size] = bits
    return alpha.reshape(256, 256).T.copy()


@pytest.mark.parametrize(
    ("length", "payload", "reason"),
    [
        (0xFFFFFFFF, b"", "too-large"),
        (0xFFFFFFF8, b"\x1f\x8b", "too-large"),
        (8 * 40, b"\x1f\x8b" + b"\xff" * 38, "malformed"),
        (0, b"", None),
    ],
)
def test_a_hostile_header_leaves_a_note(length: int, payload: bytes, reason: str | None) -> None:
    budget = Budget()
    assert read_stealth(None, announce(length, payload), budget) in (None, "")
    assert [note.reason for note in budget.notes] == ([reason] if reason else [])
    with_stealth(FileMetadata("PNG"), None, announce(length, payload))


def test_a_hidden_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(b"\0" * (6 << 20), 9)
    assert len(bomb) < 7_500
    budget = Budget()
    assert read_stealth(None, announce(len(bomb) * 8, bomb), budget) is None
    assert [note.reason for note in budget.notes] == ["too-large"]


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_no_pixels_make_it_raise(height: int, width: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    rgba = random.integers(0, 256, (height, width, 4), dtype=np.uint8)
    assert read_stealth(*split(rgba), Budget()) is None


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=200), st.sampled_from(SIGNATURES))
def test_what_was_hidden_comes_back(text: str, signature: str) -> None:
    assert read_stealth(*split(writers.stealth_pixels(text, signature)), Budget()) == text
