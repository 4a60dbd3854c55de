from __future__ import annotations

import pytest

from auditor.clean.attached import attached


@pytest.mark.parametrize(
    "name",
    [
        "ash.npz",
        "ash_sdxl.npz",
        "ash_0512x0768_flux.npz",
        "ash_te_outputs.npz",
        "ash.npy",
        "ash-latents.pt",
        "ash_0512x0512_flux.safetensors",
        "ash_00000-033_0512x0512_hv.safetensors",
        "ash_hv_te.safetensors",
        "ash-masklabel.png",
        "ash-condlabel.png",
        "ash_mask.png",
    ],
)
def test_caches_and_masks(name: str) -> None:
    assert attached([f"a/{name}"], ["a/ash.png"], ["a/oak.png"]) == (f"a/{name}",)
    assert attached([f"a/{name}"], ["a/oak.png"], ["a/ash.png"]) == ()
    assert attached([f"cache/{name}"], ["a/ash.png"], []) == (f"cache/{name}",)


@pytest.mark.parametrize(
    "name", ["ashen.npz", "ash.txt", "ash_lora.safetensors", "ash.safetensors", "ash_2.png", "x_ash.npz"]
)
def test_what_belongs_to_nobody_that_goes(name: str) -> None:
    assert attached([f"a/{name}"], ["a/ash.png"], []) == ()


def test_the_longest_stem_owns_a_file() -> None:
    assert attached(["ash_2_sdxl.npz"], ["ash.png"], ["ash_2.png"]) == ()
    assert attached(["ash_2_sdxl.npz"], ["ash_2.png"], ["ash.png"]) == ("ash_2_sdxl.npz",)


def test_a_cache_shared_by_two_pictures_stays_with_the_one_that_stays() -> None:
    assert attached(["ash.npz"], ["ash.png"], ["ash.webp"]) == ()
    assert attached(["cache/ash.npz"], ["a/ash.png"], ["b/ash.png"]) == ()
    assert attached(["a/ash.npz"], ["a/ash.png"], ["b/ash.png"]) == ("a/ash.npz",)
