"""The real `datasets` package as a reference, without network and with its caches in a temporary place."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

HOME = tempfile.mkdtemp(prefix="auditor-reference-")
os.environ.update({"HF_HOME": HOME, "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"})


def rows(builder: str, root: Path, **options: Any) -> dict[str, list[dict[str, Any]]]:
    """Split -> rows as the package gives them, pictures not decoded."""
    import datasets

    datasets.disable_progress_bars()
    loaded = datasets.load_dataset(builder, streaming=True, **(options or {"data_dir": str(root)}))
    found: dict[str, list[dict[str, Any]]] = {}
    for split, data in loaded.items():
        for name, feature in (data.features or {}).items():
            if isinstance(feature, datasets.Image):
                data = data.cast_column(name, datasets.Image(decode=False))
        found[str(split)] = list(data)
    return found
