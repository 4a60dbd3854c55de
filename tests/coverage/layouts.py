"""Every layout × (copy outside its reach, caption only by composition, listed but missing, unreadable)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.coverage.making import BY, FIRST, LAST, Row, archive, both, clean, copy, cut, laid, lines, model, table

TOML = '[[datasets]]\n[[datasets.subsets]]\nimage_dir = "img"\ncaption_extension = ".txt"\n'
JOB = "config:\n  process:\n    - trigger_word: {trigger}\n      datasets:\n        - folder_path: {folder}\n"


def concepts(path: str) -> str:
    return json.dumps([{"name": "x", "path": path, "enabled": True, "image": {}, "text": {"prompt_source": "sample"}}])


def backends(path: str, **more: object) -> str:
    entry = {"id": "x", "type": "local", "instance_data_dir": path, "caption_strategy": "textfile", **more}
    return json.dumps([entry])


def pictures(data: bytes, text: str = f"{LAST}, a castle") -> dict[str, str | bytes]:
    return {"img/a.png": data, "img/a.txt": text, "img/b.png": clean(51), "img/b.txt": "a field"}


def broken(name: str, more: dict[str, str | bytes]) -> Callable[[Path], None]:
    """A picture that is in the folder's list and not on the disk."""

    def make(root: Path) -> None:
        laid(more)(root)
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).symlink_to("nowhere.png")

    return make


def outside() -> Iterator[Row]:
    """A folder that looks like one layout's, with a copy where that layout does not look."""
    beside: dict[str, str | bytes] = {"a.png": clean(), "a.txt": "a castle", "b.png": clean(51)}
    rows = lines({"file_name": "a.png", "text": "a castle"})
    looks: dict[str, Callable[[Path], Path | None]] = {
        "flat": laid({**beside, ".hidden/c.png": copy()}),
        "kohya": laid({"10_castle/a.png": clean(), "c.png": copy()}),
        "kohya-config": laid({**pictures(clean()), "dataset.toml": TOML, "c.png": copy()}),
        "onetrainer": laid({**pictures(clean()), "concepts.json": concepts("img"), "img/deep/c.png": copy()}),
        "ai-toolkit": laid(
            {**pictures(clean()), "job.yaml": JOB.format(trigger="x", folder="img"), "img/_controls/c.png": copy()}
        ),
        "simpletuner": laid({**pictures(clean()), "multidatabackend.json": backends("img"), "c.png": copy()}),
        "imagefolder": laid({"a.png": clean(), "metadata.jsonl": rows, "c.png": copy()}),
        "hf-parquet": table([{"image": clean(), "text": "a castle"}], "data/train.parquet", {".c/c.png": copy()}),
        "dreambooth": laid({**beside, "deep/c.png": copy()}),
        "webdataset": archive("0.tar", [("a.png", clean()), ("a.txt", b"a castle")], {"c.png": copy()}),
        "img2dataset": both(
            archive("00000.tar", [("0.jpg", clean()), ("0.json", b"{}")], {"00000_stats.json": "{}", "c.png": copy()}),
            table([{"key": "0", "url": "x", "status": "success"}], "00000.parquet"),
        ),
        "diffusion-pipe": laid({"a.png": clean(), "captions.json": '{"a.png": ["a castle"]}', "c.png": copy()}),
        "musubi": laid({"a.png": clean(), "a.txt": "a castle", "a_te.safetensors": "x", "c.png": copy()}),
        "everydream2": laid({**beside, "global.yaml": "main_prompt: a castle\n", ".c/c.png": copy()}),
        "lora-file": model("m.safetensors", {"ss_output_name": "m"}, {"c.png": copy()}),
        "union": laid({"x/.y/c.png": copy()}),
    }
    for name, make in looks.items():
        yield Row(f"{name}: copy outside its reach", make, "copy.exact")


def composed() -> Iterator[Row]:
    """A name that stands in no text by itself, only in what the trainer makes of them."""
    img = pictures(clean())
    cell = {"image": clean(), "text": BY}
    yield Row("flat: name across lines", laid({"a.png": clean(), "a.txt": BY}), "name.caption", "flat")
    yield Row(
        "kohya: prefix",
        laid({"10_x/a.png": clean(), "10_x/a.caption": f"{LAST}, a castle"}),
        "name.caption",
        "kohya",
        (("caption_prefix", f"art by {FIRST}"),),
    )
    yield Row(
        "kohya: suffix",
        laid({"10_x/a.png": clean(), "10_x/a.caption": f"a castle by {FIRST}"}),
        "name.caption",
        "kohya",
        (("caption_suffix", LAST),),
    )
    prefix = f'caption_prefix = "art by {FIRST}"\n'
    yield Row("kohya-config: prefix", laid({**img, "d.toml": TOML + prefix}, "d.toml"), "name.caption")
    odd = f"by {FIRST}\u2003\u00a0\t{LAST}"
    yield Row("onetrainer: odd blanks", laid({"a.png": clean(), "a.txt": odd}), "name.caption", "onetrainer")
    job = JOB.format(trigger=f"{FIRST}", folder="img")
    yield Row("ai-toolkit: trigger word", laid({**img, "j.yaml": job}, "j.yaml"), "name.caption")
    prepended = backends("img", instance_prompt=f"art by {FIRST}", prepend_instance_prompt=True)
    yield Row(
        "simpletuner: prepended prompt",
        laid({**img, "multidatabackend.json": prepended}, "multidatabackend.json"),
        "name.caption",
    )
    rows = lines({"file_name": "a.png", "text": BY})
    yield Row(
        "imagefolder: cell of lines", laid({"a.png": clean(), "metadata.jsonl": rows}), "name.caption", "imagefolder"
    )
    yield Row("hf-parquet: cell of lines", table([cell], "train.parquet"), "name.caption", "hf-parquet")
    yield Row(
        "dreambooth: prompt with odd blanks",
        laid({"a.png": clean()}),
        "name.config",
        "dreambooth",
        (("instance_prompt", odd),),
    )
    members = [("a.png", clean()), ("a.txt", BY.encode())]
    yield Row("webdataset: text of lines", archive("0.tar", members), "name.caption", "webdataset")
    files: dict[str, str | bytes] = {"00000/0.jpg": clean(), "00000/0.txt": BY, "00000/0.json": '{"key": "0"}'}
    yield Row("img2dataset: text of lines", laid(files), "name.caption", "img2dataset")
    pipe = f'caption_prefix = "art by {FIRST} "\nresolutions = [512]\n[[directory]]\npath = "img"\n'
    yield Row("diffusion-pipe: prefix", laid({**img, "d.toml": pipe}, "d.toml"), "name.caption")
    yield Row(
        "musubi: text of lines",
        laid({"a.png": clean(), "a.txt": BY}),
        "name.caption",
        "musubi",
        (("caption_extension", ".txt"),),
    )
    yield Row(
        "everydream2: prompt in parts",
        laid({"a.png": clean(), "a.yaml": f'main_prompt: "by {FIRST}\\n{LAST}"\n'}),
        "name.caption",
        "everydream2",
    )
    tags = {"ss_tag_frequency": json.dumps({"x": {f"{FIRST}\n{LAST}": 3}})}
    yield Row("lora-file: tag of lines", model("m.safetensors", tags), "name.model-header", "lora-file")
    yield Row("union: name across lines", laid({"a.png": clean(), "a.txt": BY}), "name.caption", "union")


def missing() -> Iterator[Row]:
    """Something that is listed, and not there to look at."""
    img = pictures(clean())
    a: dict[str, str | bytes] = {"a.png": clean(), "a.txt": "a castle"}
    gone = '[[datasets.subsets]]\nimage_dir = "gone"\n'
    rows = lines({"file_name": "a.png", "text": "x"}, {"file_name": "gone.png", "text": "y"})
    yield Row("kohya-config: a subset", laid({**img, "d.toml": TOML + gone}, "d.toml"), "missing", code=3)
    fine = json.dumps({"img/a": {"caption": "x"}, "img/gone.png": {"caption": "y"}})
    yield Row("kohya-config: a key of metadata", laid({**img, "meta.json": fine}, "meta.json"), "missing", code=3)
    yield Row(
        "onetrainer: a concept", laid({"c/concepts.json": concepts("gone")}, "c/concepts.json"), "missing", code=3
    )
    job = JOB.format(trigger="x", folder="gone")
    yield Row("ai-toolkit: a folder", laid({"j.yaml": job}, "j.yaml"), "missing", code=3)
    yield Row(
        "simpletuner: a folder",
        laid({"multidatabackend.json": backends("gone")}, "multidatabackend.json"),
        "missing",
        code=3,
    )
    yield Row("imagefolder: a row", laid({"a.png": clean(), "metadata.jsonl": rows}), "missing", "imagefolder", code=3)
    cells = [{"image": {"bytes": clean(), "path": "a.png"}}, {"image": {"bytes": None, "path": "gone.png"}}]
    yield Row(
        "hf-parquet: a cell", table(cells, "train.parquet"), "missing", "hf-parquet", (("image_column", "image"),), 3
    )
    pipe = 'resolutions = [512]\n[[directory]]\npath = "gone"\n'
    yield Row("diffusion-pipe: a folder", laid({"d.toml": pipe}, "d.toml"), "missing", code=3)
    musubi = '[[datasets]]\nimage_jsonl_file = "list.jsonl"\n'
    listed = lines({"image_path": "a.png", "caption": "x"}, {"image_path": "gone.png", "caption": "y"})
    yield Row("musubi: a row", laid({**a, "d.toml": musubi, "list.jsonl": listed}, "d.toml"), "missing", code=3)
    every = json.dumps([{"image": "a.png", "caption": "x"}, {"image": "gone.png", "caption": "y"}])
    yield Row("everydream2: an entry", laid({**a, "list.json": every}, "list.json"), "missing", code=3)
    for name in ("flat", "dreambooth", "union"):
        yield Row(f"{name}: a broken link", broken("b.png", a), "unreadable", name, code=3)
    yield Row("kohya: a broken link", broken("10_x/b.png", {"10_x/a.png": clean()}), "unreadable", "kohya", code=3)
    yield Row("lora-file: a broken link", broken("b.png", {"m.safetensors": b"x"}), "unreadable", "lora-file", code=3)
    short = archive("0.tar", [("a.png", clean())])

    def ends(root: Path) -> None:
        short(root)
        path = root / "0.tar"
        path.write_bytes(path.read_bytes()[:9000])

    yield Row("webdataset: the end of a shard", ends, "unreadable-archive", "webdataset", code=3)
    damaged: dict[str, str | bytes] = {"00000.tar": b"x" * 2000, "00000_stats.json": "{}"}
    yield Row("img2dataset: a shard", laid(damaged), "unreadable-archive", "img2dataset", code=3)


def unreadable() -> Iterator[Row]:
    """A picture that ends too soon."""
    beside: dict[str, str | bytes] = {"a.png": cut(), "a.txt": "a castle"}
    img = pictures(cut())
    rows = lines({"file_name": "a.png", "text": "a castle"})
    looks: dict[str, Callable[[Path], Path | None]] = {
        "flat": laid(beside),
        "kohya": laid({"10_castle/a.png": cut()}),
        "kohya-config": laid({**img, "d.toml": TOML}, "d.toml"),
        "onetrainer": laid(beside),
        "ai-toolkit": laid({**img, "j.yaml": JOB.format(trigger="x", folder="img")}, "j.yaml"),
        "simpletuner": laid(beside),
        "imagefolder": laid({"a.png": cut(), "metadata.jsonl": rows}),
        "hf-parquet": table([{"image": cut(), "text": "a castle"}], "train.parquet"),
        "dreambooth": laid({"a.png": cut()}),
        "webdataset": archive("0.tar", [("a.png", cut()), ("a.txt", b"a castle")]),
        "img2dataset": archive("00000.tar", [("0.png", cut())], {"00000_stats.json": "{}"}),
        "diffusion-pipe": laid(beside),
        "musubi": laid(beside),
        "everydream2": laid(beside),
        "union": laid(beside),
    }
    for name, make in looks.items():
        options = (("caption_extension", ".txt"),) if name == "musubi" else ()
        yield Row(f"{name}: unreadable", make, "truncated", name, options, 3)
    yield Row(
        "lora-file: unreadable", laid({"m.safetensors": b"no model at all"}), "not-safetensors", "lora-file", code=3
    )


ROWS = (*outside(), *composed(), *missing(), *unreadable())
