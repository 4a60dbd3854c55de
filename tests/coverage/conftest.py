"""One index for all rows: one artist with two works."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.inprocess import ok
from tests.coverage.making import NAME, copy
from tests.pictures import encoded, painting


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("index")
    works = root / "works" / NAME
    works.mkdir(parents=True)
    (works / "one.png").write_bytes(copy())
    (works / "two.png").write_bytes(encoded(painting(1, (240, 180))))
    ok(root, "index", "build", "works", "--out", "index", "--no-regions")
    return root / "index"
