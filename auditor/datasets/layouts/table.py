"""The layouts by name. A new trainer is one file and one row here; it is imported when it is first used."""

from __future__ import annotations

import difflib
import importlib

from auditor.datasets.interface import Layout
from auditor.errors import UsageError

ROWS: dict[str, str] = {
    "flat": "auditor.datasets.layouts.flat:Flat",
    "kohya": "auditor.datasets.layouts.kohya.folders:Kohya",
    "kohya-config": "auditor.datasets.layouts.kohya.config:KohyaConfig",
    "onetrainer": "auditor.datasets.layouts.onetrainer:OneTrainer",
    "ai-toolkit": "auditor.datasets.layouts.ai_toolkit:AiToolkit",
    "simpletuner": "auditor.datasets.layouts.simpletuner:SimpleTuner",
    "imagefolder": "auditor.datasets.layouts.huggingface.imagefolder:ImageFolder",
    "hf-parquet": "auditor.datasets.layouts.huggingface.parquet:HfParquet",
    "dreambooth": "auditor.datasets.layouts.diffusers:DreamBooth",
    "webdataset": "auditor.datasets.layouts.webdataset:WebDataset",
    "img2dataset": "auditor.datasets.layouts.img2dataset:Img2Dataset",
    "diffusion-pipe": "auditor.datasets.layouts.diffusion_pipe:DiffusionPipe",
    "musubi": "auditor.datasets.layouts.musubi:Musubi",
    "everydream2": "auditor.datasets.layouts.everydream.layout:EveryDream2",
    "lora-file": "auditor.datasets.layouts.lora_file:LoraFile",
    "union": "auditor.datasets.layouts.union:Union",
}
"""`--layout` name -> module:class."""


def names() -> tuple[str, ...]:
    """Every name that `--layout` takes, besides `auto`."""
    return tuple(ROWS)


def layout(name: str) -> Layout:
    """Make the layout of that name.

    Raises:
        UsageError: there is none; the message suggests the nearest.
    """
    if name not in ROWS:
        near = difflib.get_close_matches(name, ROWS, n=1)
        hint = f" Did you mean '{near[0]}'?" if near else ""
        raise UsageError(f"--layout {name}: no such layout.{hint} There are: auto, {', '.join(ROWS)}.")
    module, _, attribute = ROWS[name].partition(":")
    made: Layout = getattr(importlib.import_module(module), attribute)()
    return made
