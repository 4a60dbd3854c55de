"""How far a LoRA header can be trusted to tell the captions, by the trainer that wrote it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

_CACHE_ARCHITECTURES = "architecture"


def caveats(values: Mapping[str, object]) -> Iterator[str]:
    """Yield sentences; `values` is the header's metadata with JSON opened."""
    frequency = values.get("ss_tag_frequency")
    software = values.get("software")
    maker = software.get("name") if isinstance(software, Mapping) else software
    kohya = any(key in values for key in ("ss_sd_scripts_commit_hash", "ss_session_id", "ss_network_module"))
    if maker == "ai-toolkit" or "training_info" in values:
        yield (
            "written by ai-toolkit, whose tag frequencies are made up of the trigger word alone; the captions are not "
            "in the header."
        )
    elif "trained_words" in values or "global_step" in values:
        yield (
            "written by SimpleTuner, whose tag frequencies hold only tags of more than half of the captions; names in "
            "fewer captions are not in the header."
        )
    elif any(key.startswith("ot_") for key in values):
        yield "written by OneTrainer, which writes no tag frequencies; the captions are not in the header."
    elif kohya and frequency:
        yield from _of_kohya(values)
    elif frequency:
        yield (
            "tag frequencies without the other fields that trainers write: a tool may have added them afterwards, so "
            "they prove nothing about the captions."
        )
    elif _is_musubi(values):
        yield "written by musubi-tuner, which writes no tag frequencies; the captions are not in the header."
    else:
        yield "the header holds no tag frequencies, so nothing in it tells the captions."


def _of_kohya(values: Mapping[str, object]) -> Iterator[str]:
    datasets = values.get("ss_datasets")
    subsets = [
        subset
        for dataset in (datasets if isinstance(datasets, list) else [])
        if isinstance(dataset, Mapping)
        for subset in dataset.get("subsets") or []
        if isinstance(subset, Mapping)
    ]
    if any(subset.get("metadata_file") for subset in subsets):
        yield "trained from a metadata file: kohya counts its tags only, never its captions."
    else:
        yield (
            "kohya's tag frequencies are lower-cased pieces between commas, counted before prefix, suffix and dropout; "
            "a name that only the prefix or suffix holds is not among them."
        )


def _is_musubi(values: Mapping[str, object]) -> bool:
    datasets = values.get("ss_datasets")
    entries = datasets if isinstance(datasets, list) else []
    return any(isinstance(entry, Mapping) and "image_directory" in entry for entry in entries)


def is_cache(header: Mapping[str, object], values: Mapping[str, object]) -> bool:
    """Whether the file is a trainer's cache of latents or text embeddings."""
    names = [key for key in header if key != "__metadata__"]
    cached = any(key.startswith(("latents", "varlen_", "clip_embeds")) for key in names)
    return cached or (_CACHE_ARCHITECTURES in values and "format_version" in values)
