"""The shipped centre and rotation."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest

from auditor.imaging.regions import rotation


def test_rotation_is_orthogonal() -> None:
    _, matrix = rotation.centre_and_rotation()
    assert matrix.shape == (128, 128)
    assert matrix.dtype == np.float32
    np.testing.assert_allclose(matrix @ matrix.T, np.eye(128), atol=1e-5)


def test_centre_is_a_mean_of_unit_vectors() -> None:
    centre, _ = rotation.centre_and_rotation()
    assert centre.shape == (128,)
    assert (centre >= 0).all()
    assert 0.5 < np.linalg.norm(centre) < 1.0


def test_changed_data_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    rotation.centre_and_rotation.cache_clear()
    monkeypatch.setattr(rotation, "SHA256", "0" * 64)
    with pytest.raises(rotation.RotationDamaged, match="reinstall"):
        rotation.centre_and_rotation()
    monkeypatch.undo()
    assert rotation.centre_and_rotation()[1].shape == (128, 128)


def test_data_is_shipped_inside_the_package() -> None:
    data = files("auditor.imaging").joinpath("data", rotation.FILE).read_bytes()
    assert len(data) == 128 + 129 * 128 * 4
