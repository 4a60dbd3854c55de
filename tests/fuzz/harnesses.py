"""Every harness by its name. A new reader is one function and one row; its seeds are a row of `seeds.py`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from auditor.errors import ConfigError, DatasetError, IndexProblem, PictureError, ReportError, UsageError
from auditor.index.exchange.interface import FORMATS
from auditor.support.dsse import EnvelopeError
from tests.fuzz import on_datasets, on_indexes, on_pictures, on_texts
from tests.fuzz.harness import Harness
from tests.fuzz.on_datasets import configuration

HARNESSES: Mapping[str, Harness] = MappingProxyType(
    {
        "picture": Harness(on_pictures.picture, longest=65_536, prepare=on_pictures.context),
        "pixels": Harness(on_pictures.pixels, (PictureError,), 65_536),
        "metadata": Harness(on_pictures.metadata, longest=65_536),
        "xmp": Harness(on_pictures.xmp, text=True),
        "exif": Harness(on_pictures.exif_block),
        "iptc": Harness(on_pictures.iptc_block),
        "prompts": Harness(on_pictures.prompts, text=True),
        "side-json": Harness(on_pictures.side_json, text=True),
        "c2pa-store": Harness(on_pictures.c2pa_store),
        "c2pa-json": Harness(on_pictures.c2pa_json, text=True),
        "stealth": Harness(on_pictures.stealth_pixels),
        "policies": Harness(on_pictures.policies, (ValueError,), text=True),
        "kept-result": Harness(on_pictures.kept_result, text=True),
        "cache-file": Harness(on_pictures.cache_file, longest=65_536),
        "safetensors": Harness(on_datasets.safetensors, (DatasetError,)),
        "safetensors-header": Harness(on_datasets.safetensors_header, (DatasetError,), text=True),
        "tar": Harness(on_datasets.tar, longest=65_536),
        "zip": Harness(on_datasets.zipped, longest=65_536),
        "parquet": Harness(on_datasets.parquet, (DatasetError, UsageError), 65_536),
        "rows": Harness(on_datasets.rows, text=True),
        "table": Harness(on_datasets.table, text=True),
        "caption": Harness(on_datasets.caption, text=True),
        "caption-text": Harness(on_datasets.caption_text, text=True),
        "configuration": Harness(on_datasets.parsed, text=True),
        "config-kohya": Harness(configuration("kohya-config", "dataset.toml", "dataset.json"), text=True),
        "config-onetrainer": Harness(configuration("onetrainer", "concepts.json"), text=True),
        "config-ai-toolkit": Harness(configuration("ai-toolkit", "job.yaml", "job.json"), text=True),
        "config-simpletuner": Harness(configuration("simpletuner", "multidatabackend.json"), text=True),
        "config-musubi": Harness(configuration("musubi", "musubi.toml", "rows.jsonl"), text=True),
        "config-diffusion-pipe": Harness(configuration("diffusion-pipe", "dataset.toml"), text=True),
        "captions-diffusion-pipe": Harness(configuration("diffusion-pipe", "captions.json", whole=True), text=True),
        "config-everydream": Harness(
            configuration("everydream2", "global.yaml", "img/local.yaml", "a.yaml", whole=True), text=True
        ),
        "list-everydream": Harness(configuration("everydream2", "list.json"), text=True),
        "metadata-imagefolder": Harness(
            configuration("imagefolder", "metadata.jsonl", "metadata.csv", whole=True), text=True
        ),
        "metadata-kohya": Harness(configuration("kohya", "meta.json", whole=True), text=True),
        "side-img2dataset": Harness(configuration("img2dataset", "a.json", "00000_stats.json", whole=True), text=True),
        "manifest": Harness(on_indexes.manifest_bytes, (IndexProblem,), text=True),
        "manifest-values": Harness(
            on_indexes.manifest_values, (IndexProblem,), text=True, prepare=on_indexes.prepare
        ),
        "index-file": Harness(on_indexes.data_file, (IndexProblem,), 65_536, prepare=on_indexes.prepare),
        "index-values": Harness(
            on_indexes.data_values, (IndexProblem,), text=True, prepare=on_indexes.prepare
        ),
        "signature": Harness(on_indexes.signature, (IndexProblem,), text=True, prepare=on_indexes.prepare),
        "envelope": Harness(on_indexes.envelope, (EnvelopeError,), text=True),
        "key": Harness(on_indexes.key_file, text=True),
        "compiled-names": Harness(on_indexes.compiled_names, (ValueError,), 65_536),
        "artist-toml": Harness(on_indexes.artist_file, (ConfigError,), text=True),
        "iscc": Harness(on_indexes.iscc, text=True),
        **{
            f"exchange-{name}": Harness(on_indexes.exchange(name), (IndexProblem,), text=True) for name in FORMATS
        },
        "names": Harness(on_texts.names, prepare=on_texts.matcher, text=True, longest=4_096),
        "listed-names": Harness(on_texts.listed_names, text=True, longest=2_048),
        "settings": Harness(on_texts.settings, text=True),
        "waivers": Harness(on_texts.waivers, (ConfigError,), text=True),
        "report": Harness(on_texts.report, (ReportError,), 65_536, text=True),
        "shown": Harness(on_texts.shown, text=True, longest=1_024),
        "statement": Harness(on_texts.statement, (ReportError,), text=True),
        "clean-record": Harness(on_texts.clean_record, (ReportError,), text=True),
    }
)  # fmt: skip
