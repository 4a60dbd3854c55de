"""How far a LoRA header can be trusted to tell the captions, by the trainer that wrote it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


def caveats(values: Mapping[str, object]) -> Iterator[str]:
    """Yield sentences; `values` is the header's metadata with JSON opened."""
    frequency = values.get("ss_tag_frequency")
    software = values.get("software")
    maker = software.get("name") if isinstance(software, Mapping) else software
    kohya = any(key in values for key in ("ss_sd_scripts_commit_hash", "ss_session_id", "ss_network_module"))
    if maker == "ai-toolkit" or "training_info" in values:
        yield (
            "ai-toolkit wrote this header: its tag frequencies are made up of the trigger word alone, and the captions "
            "are not in it."
        )
    elif "trained_words" in values or "global_step" in values:
        yield (
            "SimpleTuner wrote this header: its tag frequencies hold only tags of more than half of the captions, so "
            "names in fewer captions are not in it."
        )
    elif any(key.startswith("ot_") for key in values):
        yield "OneTrainer wrote this header: it holds no tag frequencies, and the captions are not in it."
    elif kohya and frequency:
        yield from _of_kohya(values)
    elif frequency:
        yield (
            "The tag frequencies stand without the other fields that trainers write: a tool may have added them "
            "afterwards, so they prove nothing about the captions."
        )
    elif _is_musubi(values):
        yield "musubi-tuner wrote this header: it holds no tag frequencies, and the captions are not in it."
    else:
        yield "The header holds no tag frequencies, so nothing in it tells the captions."


def _of_kohya(values: Mapping[str, object]) -> Iterator[str]:
    datasets = values.get("ss_datasets")
    subsets = [
        subset
        for dataset in (datasets if isinstance(datasets, list) else [])
        if isinstance(dataset, Mapping)
        for subset in _list(dataset.get("subsets"))
        if isinstance(subset, Mapping)
    ]
    if any(subset.get("metadata_file") for subset in subsets):
        yield "kohya wrote this header from a metadata file: it counts that file's tags only, never its captions."
    else:
        yield (
            "kohya's tag frequencies are lower-cased pieces between commas, counted before prefix, suffix and dropout: "
            "a name that only the prefix or suffix holds is not among them."
        )


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _is_musubi(values: Mapping[str, object]) -> bool:
    datasets = values.get("ss_datasets")
    return any(isinstance(entry, Mapping) and "image_directory" in entry for entry in _list(datasets))


def is_cache(header: Mapping[str, object], values: Mapping[str, object]) -> bool:
    """Whether the file is a trainer's cache of latents or text embeddings."""
    names = [key for key in header if key != "__metadata__"]
    cached = any(key.startswith(("latents", "varlen_", "clip_embeds")) for key in names)
    return cached or ("architecture" in values and "format_version" in values)
