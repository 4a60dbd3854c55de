"""kohya configurations: `--dataset_config`, files of command-line options (also as GUIs write them), metadata files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from auditor.datasets.gathering import carried, trees
from auditor.datasets.gathering.carried import Seen
from auditor.datasets.interface import LayoutOptions
from auditor.datasets.layouts.kohya import folders as kohya
from auditor.datasets.layouts.kohya import metadata as kohya_metadata
from auditor.datasets.layouts.kohya.metadata import Metadata
from auditor.datasets.layouts.kohya.subset import Subset, dotted, listing_cache
from auditor.datasets.options import place
from auditor.datasets.reading import configfile
from auditor.datasets.reading.carriers import noted
from auditor.datasets.reading.listing import Folder, basename, relative_to
from auditor.datasets.reading.paths import is_file, is_folder
from auditor.errors import DatasetError
from auditor.model import Role, Sample

TRAINED_KEYS = frozenset(("caption_prefix", "caption_suffix", "class_tokens"))
LINE_KEYS = ("train_data_dir", "reg_data_dir", "in_json", "dataset_config")
SUBSET_KEYS = frozenset(
    (
        "image_dir is_reg class_tokens caption_extension cache_info alpha_mask metadata_file conditioning_data_dir "
        "num_repeats shuffle_caption caption_separator keep_tokens keep_tokens_separator secondary_separator "
        "enable_wildcard caption_prefix caption_suffix caption_dropout_rate caption_dropout_every_n_epochs "
        "caption_tag_dropout_rate color_aug flip_aug face_crop_aug_range random_crop custom_attributes "
        "resize_interpolation token_warmup_min token_warmup_step validation_split validation_seed name"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Parts:
    """The subsets of one `[[datasets]]`."""

    train: tuple[Subset, ...] = ()
    reg: tuple[Subset, ...] = ()
    metadata: tuple[Metadata, ...] = ()
    conditioning: tuple[str, ...] = ()


class KohyaConfig:
    """Configurations of sd-scripts."""

    name = "kohya-config"
    options = (*kohya.Kohya.options, "in_json", "image_dir", "sd_scripts_version")

    def recognise(self, path: str, folder: Folder) -> tuple[int, str]:
        """Subsets, command-line options, or a JSON of captions by picture."""
        if not is_file(path) or not path.lower().endswith((".toml", ".json")):
            return 0, "not a kohya configuration"
        try:
            value = configfile.mapping(configfile.load(path))
        except DatasetError:
            return 0, "not a kohya configuration"
        if _subset_entries(value):
            return 95, "the file lists kohya subsets"
        if any(configfile.text(value.get(key)) for key in LINE_KEYS):
            return 92, "the file holds kohya's command-line options"
        first = configfile.mapping(next(iter(value.values()), None))
        if "caption" in first or "tags" in first:
            return 78, "the file holds captions or tags by picture, as kohya's fine-tune metadata does"
        return 0, "not a kohya configuration"

    def samples(self, path: str, options: LayoutOptions) -> Iterator[Sample]:
        """Yield what the configuration names, then what is carried in the folders that it names.

        Raises:
            DatasetError: the configuration is malformed.
        """
        if is_folder(path):
            given = options.text("in_json")
            if given is None:
                raise DatasetError(f"{path}: give the configuration file itself, or -L in_json=FILE.")
            seen = Seen()
            yield from _fine_tune(_from_options(place(given, path), path, options), path, seen)
            return
        root = configfile.home(path)
        value = {} if path.lower().endswith(".jsonl") else configfile.mapping(configfile.load(path))
        if _subset_entries(value):
            yield from _dataset_config(value, path, root, options)
        elif any(configfile.text(value.get(key)) for key in LINE_KEYS):
            yield from _command_line(value, path, root, options)
        else:
            image_dir = options.text("image_dir") or options.text("train_data_dir")
            base = place(image_dir, root) if image_dir else root
            yield from _fine_tune(_from_options(path, base, options), root, Seen())


def _fine_tune(metadata: Metadata, root: str, seen: Seen) -> Iterator[Sample]:
    yield from kohya_metadata.samples(metadata, root, seen)
    yield from kohya_metadata.unlisted(metadata, root, seen)


def _from_options(path: str, image_dir: str, options: LayoutOptions) -> Metadata:
    return Metadata(
        path,
        image_dir,
        wildcard=options.flag("enable_wildcard"),
        separator=options.text("caption_separator") or ",",
        prefix=options.text("caption_prefix") or "",
        suffix=options.text("caption_suffix") or "",
        old_keys=_is_old(options),
    )


def _is_old(options: LayoutOptions) -> bool:
    version = options.text("sd_scripts_version")
    if version is None:
        return False
    numbers = tuple(int(part) for part in version.lstrip("v").split(".") if part.isdigit())
    return numbers < kohya_metadata.NEW_KEYS_SINCE


def _command_line(value: Mapping[str, object], path: str, root: str, options: LayoutOptions) -> Iterator[Sample]:
    """Options as sd-scripts and its GUIs keep them; empty values count as not given."""
    yield configfile.texts_of(value, path, root, trained_keys=TRAINED_KEYS)
    nested = configfile.text(value.get("dataset_config"))
    if nested:
        inner = place(nested, root)
        yield from _dataset_config(configfile.mapping(configfile.load(inner)), inner, root, options)
        return
    words = {
        key: str(item).lower() if isinstance(item, bool) else str(item)
        for key, item in value.items()
        if key in kohya.Kohya.options and item not in ("", False, None)
    }
    merged = LayoutOptions({**words, **options.values})
    for key in ("train_data_dir", "reg_data_dir"):
        given = merged.text(key)
        if given and trees.is_missing(place(given, root)):
            yield trees.missing(place(given, root), key, relative_to(path, root), "kohya would stop here.")
            merged = LayoutOptions({name: word for name, word in merged.values.items() if name != key})
    in_json = configfile.text(value.get("in_json"))
    if in_json:
        base = place(merged.text("train_data_dir") or ".", root)
        yield from _fine_tune(_from_options(place(in_json, root), base, merged), root, Seen())
    elif merged.text("train_data_dir"):
        known = {key: word for key, word in merged.values.items() if key in kohya.Kohya.options}
        yield from kohya.named_samples(root, LayoutOptions(known), whole=False)


def _subset_entries(value: Mapping[str, object]) -> list[tuple[Mapping[str, object], list[Mapping[str, object]]]]:
    """(dataset settings, its subsets), for `[[datasets.subsets]]` and for `[[subsets]]`."""
    found = [(entry, configfile.items(entry.get("subsets"))) for entry in configfile.items(value.get("datasets"))]
    found = [(entry, subsets) for entry, subsets in found if subsets]
    loose = configfile.items(value.get("subsets"))
    if loose:
        found.append(({"caption_extension": ".txt"}, loose))
    return found


def _dataset_config(value: Mapping[str, object], path: str, root: str, options: LayoutOptions) -> Iterator[Sample]:
    source = relative_to(path, root)
    yield configfile.texts_of(value, path, root, trained_keys=TRAINED_KEYS)
    general = {**options.values, **configfile.mapping(value.get("general"))}
    seen = Seen()
    done: set[Parts] = set()
    every: list[Parts] = []
    for dataset, entries in _subset_entries(value):
        parts, problems = _parts({**general, **dataset}, entries, root, source)
        yield from problems
        if parts in done:
            continue
        done.add(parts)
        every.append(parts)
        yield from kohya.subsets_samples(list(parts.train), list(parts.reg), root, seen, options)
        for metadata in parts.metadata:
            yield from kohya_metadata.samples(metadata, root, seen)
    for parts in every:
        for subset in (*parts.train, *parts.reg):
            yield from carried.rest(subset.folder, root, seen, _why(subset))
        for folder in parts.conditioning:
            yield from carried.rest(trees.named_folder(folder, root), root, seen, _conditioning)
        for metadata in parts.metadata:
            yield from kohya_metadata.unlisted(metadata, root, seen)


def _parts(
    defaults: Mapping[str, object], entries: list[Mapping[str, object]], root: str, source: str
) -> tuple[Parts, list[Sample]]:
    """The subsets of one dataset, and carriers that note what kohya would not take."""
    problems: list[Sample] = []
    train: list[Subset] = []
    reg: list[Subset] = []
    metadata: list[Metadata] = []
    conditioning: list[str] = []
    taken: set[str] = set()
    for entry in entries:
        unknown = sorted(key for key in entry if key not in SUBSET_KEYS)
        if unknown:
            message = f"{source}: a subset holds the unknown key '{unknown[0]}'; kohya would stop here."
            problems.append(noted(source, "dataset.trainer-stops", message))
        merged = {**defaults, **entry}
        image_dir = configfile.text(entry.get("image_dir"))
        listed = configfile.text(entry.get("metadata_file"))
        if listed is not None:
            metadata.append(_metadata(merged, place(listed, root), place(image_dir, root) if image_dir else None))
            continue
        where = place(image_dir or "", root)
        if image_dir is None or trees.is_missing(where):
            problems.append(trees.missing(where, "image_dir", source, "kohya would leave the subset out."))
            continue
        if where in taken:
            message = f"{source}: '{image_dir}' stands twice in one dataset; kohya leaves the second out."
            problems.append(noted(source, "dataset.trainer-stops", message))
            continue
        taken.add(where)
        subset = _subset(merged, trees.named_folder(where, root), source)
        (reg if subset.reg else train).append(subset)
        control = configfile.text(entry.get("conditioning_data_dir"))
        if control is not None:
            if trees.is_missing(place(control, root)):
                problems.append(trees.missing(control, "conditioning_data_dir", source, "kohya would stop here."))
            else:
                conditioning.append(place(control, root))
    return Parts(tuple(train), tuple(reg), tuple(metadata), tuple(conditioning)), problems


def _subset(merged: Mapping[str, object], folder: Folder, source: str) -> Subset:
    return Subset(
        folder,
        configfile.whole(merged.get("num_repeats"), 1),
        merged.get("is_reg") is True,
        configfile.text(merged.get("class_tokens")),
        f"{source}:class_tokens",
        dotted(configfile.text(merged.get("caption_extension")) or ".caption"),
        _truth(merged.get("enable_wildcard")),
        configfile.text(merged.get("caption_prefix")) or "",
        configfile.text(merged.get("caption_suffix")) or "",
        listing_cache(folder, _truth(merged.get("cache_info"))),
    )


def _metadata(merged: Mapping[str, object], path: str, image_dir: str | None) -> Metadata:
    version = configfile.text(merged.get("sd_scripts_version"))
    return Metadata(
        path,
        image_dir,
        configfile.whole(merged.get("num_repeats"), 1),
        _truth(merged.get("enable_wildcard")),
        configfile.text(merged.get("caption_separator")) or ",",
        configfile.text(merged.get("caption_prefix")) or "",
        configfile.text(merged.get("caption_suffix")) or "",
        version is not None and _is_old(LayoutOptions({"sd_scripts_version": version})),
    )


def _truth(value: object) -> bool:
    return str(value).lower() in {"1", "true", "yes", "on"}


def _why(subset: Subset) -> carried.Why:
    def why(folder: Folder, name: str) -> tuple[Role, str]:
        if folder.relative != subset.folder.relative:
            return "other", "kohya does not enter folders below an image_dir"
        if subset.cached is not None:
            return "other", "the listing cache does not hold it, so kohya does not train on it"
        return "other", kohya.why_not_listed(name)

    return why


def _conditioning(folder: Folder, name: str) -> tuple[Role, str]:
    return "control", f"a control picture or mask in '{basename(folder.path)}'"
