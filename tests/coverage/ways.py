"""Ways that belong to no single layout: settings, guesses, names of files, texts, pictures, containers."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
from PIL import Image

from tests.coverage.making import BY, FIRST, LAST, NAME, Row, clean, copy, laid, lines, model, saved, table
from tests.pictures import painting


def guesses() -> Iterator[Row]:
    """A folder that pretends to be one trainer's, with a copy beside."""
    for folder in ("2019_paris", "2_pass_txt2img", "3_x", "２_wide"):
        yield Row(f"folder {folder}", laid({f"{folder}/a.png": clean(), "c.png": copy()}), "copy.exact")
    thirty: dict[str, str | bytes] = {f"{number:02d}.png": copy() if number == 7 else clean() for number in range(30)}
    yield Row("thirty pictures and one folder", laid({**thirty, "4_more/a.png": clean(51)}), "copy.exact")
    yield Row("a stray model", model("m.safetensors", {"ss_output_name": "m"}, {"c.png": copy()}), "copy.exact")
    caches: dict[str, str | bytes] = {"c_0240x0180_fx.safetensors": b"x", "c_te.safetensors": b"x", "c.png": copy()}
    yield Row("musubi caches", laid(caches), "copy.exact")
    rows = lines({"file_name": "a.png", "text": "x"})
    yield Row("metadata.jsonl", laid({"a.png": clean(), "c.png": copy(), "metadata.jsonl": rows}), "copy.exact")
    listed: dict[str, str | bytes] = {"a.png": clean(), "c.png": copy(), "captions.json": '{"a.png": ["x"]}'}
    yield Row("captions.json", laid(listed), "copy.exact")
    cells = [{"key": "0", "jpg": clean(), "txt": "x", "status": "success", "url": "x"}]
    yield Row(
        "img2dataset table", table(cells, "00000.parquet", {"c.png": copy(), "00000_stats.json": "{}"}), "copy.exact"
    )
    yield Row(
        "text that the layout does not read",
        laid({"3_x/a.png": clean(), "3_x/a.caption": "x", "3_x/a.txt": f"art by {NAME}"}),
        "name.caption",
    )
    yield Row("second line", laid({"3_x/a.png": clean(), "3_x/a.caption": f"x\nart by {NAME}"}), "name.caption")


def listings() -> Iterator[Row]:
    """A listing that the layout taken does not read, and that names what is not there."""
    gone = "gone.png"
    forms: dict[str, str] = {
        "metadata.jsonl": lines({"file_name": gone, "text": "x"}),
        "rows.csv": f"image,prompt\n{gone},x\n",
        "captions.json": json.dumps({gone: "x"}),
        "list.json": json.dumps([{"image_path": f"deep\\{gone}", "caption": "x"}]),
        "conversations.json": json.dumps([{"id": 1, "images": [gone], "messages": []}]),
    }
    for name, text in forms.items():
        yield Row(f"beside {name}", laid({"a.png": clean(), "b.png": clean(51), name: text}), "missing", code=3)
        yield Row(f"below {name}", laid({"a.png": clean(), f"sub/{name}": text}), "missing", code=3)


def names() -> Iterator[Row]:
    """Extensions in any case."""
    for name in ("c.Jpg", "c.pNg", "c.WebP"):
        data = saved(painting(0, (240, 180)), {"c.Jpg": "JPEG", "c.pNg": "PNG", "c.WebP": "WEBP"}[name])
        says = "copy.exact" if name == "c.pNg" else "copy.whole"
        yield Row(f"kohya: {name}", laid({f"3_x/{name}": data, "3_x/a.png": clean()}), says, "kohya")
        yield Row(f"musubi: {name}", laid({name: data, "c.txt": "x"}), says, "musubi", (("caption_extension", ".txt"),))
    yield Row(
        "kohya: a.TXT",
        laid({"3_x/a.png": clean(), "3_x/a.TXT": f"art by {NAME}"}),
        "name.caption",
        "kohya",
        (("caption_extension", ".txt"),),
    )
    yield Row("a table called .PARQUET", table([{"image": copy()}], "T.parquet"), "copy.exact")


def texts() -> Iterator[Row]:
    """White space, cells, and ends of texts."""
    for label, blank in (
        ("tab", "\t"),
        ("line", "\n"),
        ("no-break", "\u00a0"),
        ("ideographic", "\u3000"),
        ("many", "   \n  "),
        ("form feed", "\f"),
    ):
        text = f"art by {FIRST}{blank}{LAST}, a castle"
        yield Row(
            f"JSON Lines: {label}",
            laid({"a.png": clean(), "metadata.jsonl": lines({"file_name": "a.png", "text": text})}),
            "name.caption",
        )
        cell = json.dumps(text, ensure_ascii=False).replace("\\n", "\n").replace("\\t", "\t").replace("\\f", "\f")
        yield Row(
            f"CSV: {label}", laid({"a.png": clean(), "metadata.csv": f"file_name,text\na.png,{cell}\n"}), "name.caption"
        )
        yield Row(f"Parquet: {label}", table([{"image": clean(), "text": text}], "t.parquet"), "name.caption")
        yield Row(f"a text file: {label}", laid({"a.png": clean(), "a.txt": text}), "name.caption")
    beyond = f'file_name,text\na.png,x,"art by {NAME}"\n'
    yield Row("CSV: a cell beyond the header", laid({"a.png": clean(), "metadata.csv": beyond}), "name.caption")
    yield Row(
        "CSV: the header row", laid({"a.png": clean(), "list.csv": f"a.png,art by {NAME}\nb.png,x\n"}), "name.caption"
    )
    yield Row(
        "metadata.csv: the header row",
        laid({"a.png": clean(), "metadata.csv": f"file_name,art by {NAME}\na.png,x\n"}),
        "name.caption",
    )
    long = "a castle " * 480_000
    yield Row("a text that is cut", laid({"a.png": clean(), "a.txt": f"{long} art by {NAME}"}), "text-cut", code=3)
    padded = json.dumps({"pad": "x" * (1 << 20), "caption": f"art by {NAME}"})
    yield Row("JSON that is cut", laid({"a.png": clean(), "a.json": padded}), "text-cut", code=3)
    yield Row(
        "a damaged table", laid({"a.png": clean(), "rows.jsonl": '{"a": "x"}\n{"b": \n'}), "unreadable-table", code=3
    )
    marked = b"\xef\xbb\xbf" + lines({"image": "a.png", "caption": f"art by {NAME}"}).encode()
    yield Row("a byte order mark", laid({"a.png": clean(), "rows.jsonl": marked}), "name.caption")


def grey() -> np.ndarray:
    return np.asarray(painting(0, (240, 180)).convert("L"))


def spiked(kind: str, dtype: type) -> bytes:
    values = grey().astype(dtype)
    values[0, 0] = 65_535
    return saved(Image.fromarray(values), kind)


def animation(kind: str, place: int, count: int) -> bytes:
    """Nearly even frames, with a listed work in the place of one."""
    frames = [Image.new("RGB", (240, 180), (number * 7 % 256, 90, 90)) for number in range(count)]
    frames[place] = painting(0, (240, 180))
    options: dict[str, object] = {"lossless": True} if kind == "WEBP" else {}
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], **options)


def pictures() -> Iterator[Row]:
    """Readings of one file."""
    yield Row("16 bit PNG with one spike", laid({"c.png": spiked("PNG", np.uint16)}), "copy.whole")
    yield Row("32 bit TIFF with one spike", laid({"c.tif": spiked("TIFF", np.int32)}), "copy.whole")
    yield Row("float TIFF with one spike", laid({"c.tif": spiked("TIFF", np.float32)}), "copy.whole")
    hidden = painting(0, (240, 180)).convert("RGBA")
    hidden.putalpha(0)
    yield Row("hidden under full transparency", laid({"c.png": saved(hidden, "PNG")}), "copy.whole")
    black = np.full((180, 240, 4), 255, np.uint8)
    black[..., 3] = grey()
    yield Row("shows on black only", laid({"c.png": saved(Image.fromarray(black), "PNG")}), "copy.whole")
    for kind, suffix in (("GIF", "gif"), ("WEBP", "webp"), ("PNG", "png"), ("TIFF", "tif")):
        yield Row(f"{kind}: third of five frames", laid({f"c.{suffix}": animation(kind, 2, 5)}), "copy.whole")
    yield Row("GIF: last of forty frames", laid({"c.gif": animation("GIF", 39, 40)}), "copy.whole")


def containers() -> Iterator[Row]:
    """Files that can hold pictures and are not opened; and those that are."""
    heads = {
        "7z": b"7z\xbc\xaf\x27\x1c",
        "rar": b"Rar!\x1a\x07\x00",
        "tar.zst": b"\x28\xb5\x2f\xfd",
        "h5": b"\x89HDF\r\n\x1a\n",
    }
    for suffix in ("pkl", "h5", "hdf5", "mdb", "7z", "rar", "tar.zst", "lance", "tfrecord", "msgpack", "db"):
        data = heads.get(suffix, b"\x80\x04") + bytes(100)
        yield Row(f"a .{suffix} file", laid({"a.png": clean(), f"x.{suffix}": data}), "unread-container", code=3)
    for suffix in ("npy", "npz", "pt", "pth", "ckpt"):
        yield Row(
            f"a .{suffix} file", laid({"a.png": clean(), f"x.{suffix}": bytes(100)}), "latents-without-picture", code=3
        )
    yield Row(
        "7z under another name", laid({"a.png": clean(), "notes": heads["7z"] + bytes(60)}), "unread-container", code=3
    )
    yield Row(
        "save_to_disk",
        table([{"image": {"bytes": copy(), "path": "x.png"}, "text": "x"}], "data-00000-of-00001.arrow"),
        "copy.exact",
    )
    yield Row(
        "captions in save_to_disk",
        table([{"image": clean(), "text": f"art by {NAME}"}], "data-00000-of-00001.arrow"),
        "name.caption",
    )
    cached: dict[str, str | bytes] = {"img/a.png": clean(), "img/_latent_cache/gone_abcdef12.safetensors": latents()}
    yield Row("latents without their picture", laid(cached), "latents-without-picture", code=3)


def latents() -> bytes:
    header = json.dumps(
        {
            "latent": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]},
            "latents_1": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]},
        }
    ).encode()
    return len(header).to_bytes(8, "little") + header + bytes(4)


def configurations() -> Iterator[Row]:
    """Configurations of other machines."""
    for label, folder in (
        ("dot and backslashes", ".\\img"),
        ("a drive", "C:/Users/me/set/img"),
        ("a drive and backslashes", "D:\\set\\img"),
    ):
        text = f"[[datasets]]\n[[datasets.subsets]]\nimage_dir = '{folder}'\n"
        yield Row(f"Windows: {label}", laid({"img/c.png": copy(), "d.toml": text}, "d.toml"), "copy.exact")
    gone = "[[datasets]]\n[[datasets.subsets]]\nimage_dir = 'E:\\gone\\img'\n"
    yield Row(
        "Windows: a folder that is not here", laid({"a.png": clean(), "d.toml": gone}, "d.toml"), "missing", code=3
    )
    preset = json.dumps(
        {
            "train_data_dir": "img",
            "caption_extension": ".txt",
            "pretrained_model_name_or_path": "x",
            "max_train_epochs": 10,
        }
    )
    yield Row(
        "a preset of kohya's front end",
        laid({"img/3_x/c.png": copy(), "preset.json": preset}, "preset.json"),
        "copy.exact",
    )
    marked = b"\xef\xbb\xbf[[datasets]]\n[[datasets.subsets]]\nimage_dir = 'img'\n"
    yield Row("a byte order mark in TOML", laid({"img/c.png": copy(), "d.toml": marked}, "d.toml"), "copy.exact")


SETTINGS = {
    "auditor.toml": 'fail-on = "none"\nlayout = "lora-file"\n[rules]\ncopy = "low"\n',
    "pyproject.toml": '[tool.auditor]\nfail-on = "none"\nnames-only = true\n',
}


def settings() -> Iterator[Row]:
    """Settings of the tool inside what is audited."""
    for name, text in SETTINGS.items():
        yield Row(f"{name}: a copy", laid({"c.png": copy(), name: text}), "copy.exact")
        yield Row(f"{name}: is reported", laid({"c.png": copy(), name: text}), "dataset.ignored-settings")


ROWS = (
    *guesses(),
    *listings(),
    *names(),
    *texts(),
    *pictures(),
    *containers(),
    *configurations(),
    *settings(),
    Row("across lines", laid({"a.png": clean(), "a.txt": BY}), "name.caption"),
)
