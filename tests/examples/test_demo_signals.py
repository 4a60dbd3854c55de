"""The demo's pictures that say something of themselves."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from auditor.metadata.read import read_metadata

NAME = "Mirela Ashdown"


@pytest.fixture(scope="module")
def demo() -> ModuleType:
    path = Path(__file__).parents[2] / "examples" / "demo_signals.py"
    spec = importlib.util.spec_from_file_location("demo_signals", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_three_pictures_say_what_they_should(demo: ModuleType, tmp_path: Path) -> None:
    pytest.importorskip("c2pa", reason="c2pa-python is not installed")
    paths = demo.add_signals(tmp_path, NAME)
    assert [path.name for path in paths] == ["generated_harbour.png", "reserved_valley.jpg", "signed_coast.png"]
    generated, reserved, signed = (read_metadata(path.read_bytes()) for path in paths)
    assert generated.generation.writers == ("A1111",)
    assert NAME in generated.generation.positive[0].value
    assert [(item.value.rsplit("/", 1)[-1], item.meaning) for item in reserved.reservations] == [
        ("DMI-PROHIBITED", "prohibited")
    ]
    assert ("cawg.ai_generative_training", "prohibited") in {(r.field, r.meaning) for r in signed.reservations}
    assert signed.signature is not None and signed.signature.state == "valid"
    assert all(path.with_suffix(".txt").read_text().strip() for path in paths)
    assert not any(NAME in path.with_suffix(".txt").read_text() for path in paths)


def test_the_unsigned_pictures_are_the_same_every_time(demo: ModuleType, tmp_path: Path) -> None:
    first, second = (demo.add_signals(tmp_path / name, NAME) for name in ("a", "b"))
    for one, other in zip(first[:2], second[:2], strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_without_the_packages_the_signed_picture_is_left_out(
    demo: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "sign_picture", lambda image: None)
    assert len(demo.add_signals(tmp_path, NAME)) == 2
