"""Seeds that are text: configurations, lists, index files by their values, reports and names."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from auditor.index.exchange.interface import FORMATS, WriteOptions
from auditor.index.format.schema import DATA_FILES, MANIFEST
from auditor.index.opening.store import open_index
from auditor.index.opening.trust import PAYLOAD_TYPE, signature_payload
from auditor.names import codec
from auditor.report.interface import DEFAULT_CONTEXT
from auditor.report.json import render as to_json
from auditor.support import dsse
from tests.fuzz import guard, on_indexes, on_texts
from tests.index.making.test_artist_toml import FULL
from tests.report import examples

Seeds = Iterator[tuple[str, bytes]]
NAME = "Mirela Ashdown"
KOHYA = """[general]
caption_extension = ".txt"
caption_prefix = "art by Mirela Ashdown,"
keep_tokens = 1
[[datasets]]
resolution = [512, 512]
validation_split = 0.5
[[datasets.subsets]]
image_dir = "img"
num_repeats = 4
class_tokens = "castle"
is_reg = false
[[datasets.subsets]]
image_dir = "."
metadata_file = "meta.json"
"""
MUSUBI = """[general]
caption_extension = ".txt"
num_repeats = 3
[[datasets]]
image_directory = "img"
control_directory = "masks"
cache_directory = "cache"
[[datasets]]
image_jsonl_file = "rows.jsonl"
"""
DIFFUSION_PIPE = """caption_prefix = "by Mirela Ashdown, "
num_repeats = 2
resolutions = [512]
[[directory]]
path = "img"
mask_path = "masks"
control_path = "."
num_repeats = 5
"""
AI_TOOLKIT = """config:
  name: lora
  process:
    - type: sd_trainer
      trigger_word: trg
      datasets:
        - folder_path: img
          mask_path: masks
          control_path: [masks]
          caption_ext: txt
          default_caption: by Mirela Ashdown
          num_repeats: 2
          is_reg: false
"""
EVERYDREAM = """main_prompt: a castle
max_caption_length: 100
rating: 1.5
tags:
  - tag: by Mirela Ashdown
    weight: 2
  - light
  - {tag: x, weight: 0.5}
"""
SETTINGS = """index = ["indexes/demo", "/abs/other"]
layout = "kohya"
output = ["terminal", "json=report.json"]
fail-on = "medium"
waivers = "waivers.jsonl"
jobs = 2
names-only = false
trust = ["keys/curator.pub", "SHA256:abc"]
[layout-options]
caption_extension = ".txt"
num_repeats = 4
[rules]
"copy.similar" = "high"
signal = "low"
[artists]
ash = "high"
"""
POLICIES = {
    "schema": "auditor-policies/1",
    "headers": {"https://example.org/art/a.jpg": {"X-Robots-Tag": "noai, noimageai", "tdm-reservation": "1"}},
    "tdmrep": {"https://example.org": [{"location": "/art/*", "tdm-reservation": 1, "tdm-policy": "https://e.org"}]},
    "robots": {"https://example.org": "User-Agent: *\nContent-Usage: /a train-ai=n\nContent-Usage: train-genai=y\n"},
}
ONETRAINER = [
    {
        "name": "x", "path": "img", "type": "STANDARD", "enabled": True, "balancing": 3.7,
        "balancing_strategy": "REPEATS", "include_subdirectories": True,
        "text": {"prompt_source": "concept", "prompt_path": "p.txt"}, "image": {},
    },
    {"path": "masks", "balancing": 2.0, "balancing_strategy": "SAMPLES", "text": {"prompt_source": "filename"}},
]  # fmt: skip
SIMPLETUNER = [
    {
        "id": "a", "type": "local", "instance_data_dir": "img", "caption_strategy": "instanceprompt",
        "instance_prompt": "by Mirela Ashdown", "repeats": 1, "prepend_instance_prompt": True,
    },
    {
        "id": "b", "type": "local", "instance_data_dir": ".", "caption_strategy": "parquet",
        "parquet": {"path": "a.parquet", "filename_column": "id", "caption_column": "caption"},
    },
    {"id": "c", "type": "csv", "instance_data_dir": ".", "csv_file": "a.csv", "csv_caption_column": "caption"},
    {"id": "d", "instance_data_dir": "img", "caption_strategy": "textfile", "dataset_type": "conditioning"},
]  # fmt: skip
ROWS = [
    {"file_name": "img/a.png", "text": f"by {NAME}", "image_path": "img/a.png", "caption": "x", "control_path": "a"},
    {"file_name": "img/b.png", "text": ["one", "two"], "image_path": "img/b.png", "image": "img/3_x/c.png"},
]


def _json(value: object) -> bytes:
    return json.dumps(value, indent=1).encode()


def _lines(rows: list[Any]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def one(name: str, data: str | bytes) -> Callable[[], Seeds]:
    """A single seed."""
    return lambda: iter([(name, data.encode() if isinstance(data, str) else data)])


def rows() -> Seeds:
    yield "lines", f"by {NAME}\n\nzwei\n".encode()
    yield "jsonl", _lines(ROWS)
    yield "csv", b'id,text\n1,"by ""x"",\ny"\n2,b\n'
    yield "tsv", b"text\tid\nby x\t1\n"


def captions() -> Seeds:
    yield "tags", b"castle, by mirela ashdown, (oil:1.3), <lora:x:0.8>\n"
    yield "choices", b"a {castle|{red|blue} tower} by __artists__, {2$$a|b}\n"
    yield "utf-16", "by mirela ashdown".encode("utf-16")
    yield "latin", "étude, Élodie d'Août".encode("latin-1")
    yield "shift-jis", "山田太郎の絵".encode("shift-jis")


def configuration() -> Seeds:
    yield "toml", SETTINGS.encode()
    yield "yaml", AI_TOOLKIT.encode() + b"anchor: &a [x, *b]\nwhen: 2026-01-31\nbinary: !!binary aGk=\nset: !!set {a}\n"
    yield "json", _json(SIMPLETUNER)


def kohya() -> Seeds:
    yield "toml", KOHYA.encode()
    subsets = [{"image_dir": "img", "caption_extension": ".txt", "num_repeats": 2, "metadata_file": "dataset.json"}]
    yield "json", _json({"general": {"shuffle_caption": True}, "datasets": [{"subsets": subsets}]})


def ai_toolkit() -> Seeds:
    yield "yaml", AI_TOOLKIT.encode()
    process = [{"datasets": [{"folder_path": "img", "caption_ext": ".txt"}], "trigger_word": NAME}]
    yield "json", _json({"config": {"process": process}})


def everydream_list() -> Seeds:
    yield "list", _json([{"image": "img/a.png", "caption": f"by {NAME}"}, {"image": "a.png", "caption": {"tags": []}}])


def metadata_kohya() -> Seeds:
    yield "names", _json({"img/a": {"caption": f"by {NAME}", "tags": "x, y", "train_resolution": [512, 512]}, "a": {}})


def imagefolder() -> Seeds:
    yield "jsonl", _lines(ROWS)
    yield "csv", f"file_name,text\nimg/a.png,by {NAME}\nimg/b.png,\n".encode()


def stats() -> Seeds:
    table = {"url": "https://example.org/a.jpg", "caption": f"by {NAME}", "exif": "{}", "status": "success", "key": "a"}
    yield "sample", _json(table)
    yield "stats", _json({"count": 2, "successes": 1, "start_time": 1.0, "status_dict": {"success": 1}})


def index_values() -> Seeds:
    """The rows of the example index as JSON, bytes in hex."""
    index = open_index(_example_folder())
    document = {name.partition(".")[0]: index.table(name).to_pylist() for name in DATA_FILES}
    yield "all", json.dumps(document, default=bytes.hex, indent=0).encode()
    small = {"artists": document["artists"][:1], "works": document["works"][:1]}
    yield "small", json.dumps(small, default=bytes.hex, indent=0).encode()


def index_files() -> Seeds:
    """Each data file, led by the byte that says which it is."""
    files = dict(on_indexes.example())
    for number, name in enumerate(DATA_FILES):
        yield name.partition(".")[0], bytes([number]) + files[name]


def _example_folder() -> Any:
    list(on_indexes.example())
    return guard.workspace() / "example"


def manifest() -> Seeds:
    yield "example", dict(on_indexes.example())[MANIFEST]


def signed() -> Seeds:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    payload = signature_payload(open_index(_example_folder()).manifest, key.public_key(), "2026-06-01")
    yield "signature", dsse.sign(payload, PAYLOAD_TYPE, key)


def keys() -> Seeds:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    pem = serialization.Encoding.PEM
    public = serialization.PublicFormat.SubjectPublicKeyInfo
    yield "public", key.public_key().public_bytes(pem, public)


def compiled() -> Seeds:
    yield "names", codec.dumps(on_texts.matcher())


def exchange(name: str) -> Seeds:
    """The example index in an exchange format, and what only that format says."""
    stream = io.StringIO(newline="")
    FORMATS[name].load().write(open_index(_example_folder()), stream, WriteOptions())
    if stream.getvalue().strip():
        yield "example", stream.getvalue().encode()
    if name == "tdmai":
        code = "ISCC:" + base64.b32encode(b"\x21\x01" + bytes(range(8))).decode().rstrip("=")
        more = {"version": "1.0", "iscc": code, "all": "true", "train-genai": "false", "tdm-policy": "https://e.org"}
        yield "declarations", _json([more, {"iscc": code, "tdm-reservation": 1, "intent": "deactivate"}])
    if name == "imagehash":
        yield "with-files", b"hash,file\n0f1e2d3c4b5a6978,a.png\n'=x,b\n"
    if name == "names-csv":
        yield (
            "statements",
            f"artist,alias,statement,declared,source,status,cue\n{NAME},Mirela,No,2026-01-31,https://e.org,active,required\n".encode(),
        )


def names() -> Seeds:
    yield "caption", b"a castle by mirela ashdown, in the style of tobias.quill, w4ssily kandinsky, turner, j m w"
    yield "disguised", "Mirela\u200bAshdown, m i r e l a a s h d o w n, Ashdown, Mirela, МireIa_Ashdown".encode()
    yield "native", "山田太郎の絵, (((ash varga:1.2))), by artist:ashvarga, #mirelaashdown, @ashvarga".encode()


def listed_names() -> Seeds:
    yield "people", "\n".join(on_texts.PEOPLE).encode()
    yield "odd", "a\n\n \nd'\n李\n@x\nO'Neil-Smith Jr.\n1234\n***\nвасилий кандинский\nAnna A. A.".encode()


def waivers() -> Seeds:
    both = {"reason": "We hold a licence.", "by": "ana", "created": "2026-01-02", "until": "2027-12-31"}
    first = examples.every_kind()[0].fingerprint
    yield (
        "two",
        _lines([{"fingerprint": first, "rule": "copy.exact", **both}, {"artist": "ash", **both, "until": None}]),
    )


def report() -> Seeds:
    yield "full", str(to_json(examples.full(), DEFAULT_CONTEXT)).encode()
    yield "clean", str(to_json(examples.clean(), DEFAULT_CONTEXT)).encode()


def shown() -> Seeds:
    yield "markup", b"<script>alert(1)</script>|`a`](x)![y](z) **b** ::error::x"
    yield "escapes", "\x1b[2J\u202e\r\n=cmd|'/C calc'!A0, \t\x9b]]>&amp;".encode()
    yield "path", "set/caf\u00e9/a b%s.png!1:jpg".encode()


def record() -> Seeds:
    from auditor.clean.manifest import CleanUp, Moved, Rewritten

    made = CleanUp(
        "/set", "0" * 64, "applied", (Moved("a.png", "1" * 64),), (Rewritten("m.jsonl", "2", "3", 1),), (("d", 493),)
    )
    yield "applied", made.to_text().encode()


def kept() -> Seeds:
    import dataclasses

    from auditor.outcome import PictureResult

    result = PictureResult("c" * 64, examples.every_kind(), False, ("truncated", "x"))
    yield "result", json.dumps(dataclasses.asdict(result), indent=0).encode()


SEEDS: Mapping[str, Callable[[], Seeds]] = {
    "policies": one("bundle", _json(POLICIES)),
    "kept-result": kept,
    "rows": rows,
    "table": lambda: iter([*rows(), *imagefolder()]),
    "caption": captions,
    "caption-text": captions,
    "configuration": configuration,
    "config-kohya": kohya,
    "config-onetrainer": one("concepts", _json(ONETRAINER)),
    "config-ai-toolkit": ai_toolkit,
    "config-simpletuner": one("backends", _json(SIMPLETUNER)),
    "config-musubi": lambda: iter([("toml", MUSUBI.encode()), ("rows", _lines(ROWS))]),
    "config-diffusion-pipe": one("toml", DIFFUSION_PIPE),
    "captions-diffusion-pipe": one("captions", _json({"a.png": ["one", f"by {NAME}"], "x.png": ["y"]})),
    "config-everydream": one("yaml", EVERYDREAM),
    "list-everydream": everydream_list,
    "metadata-imagefolder": imagefolder,
    "metadata-kohya": metadata_kohya,
    "side-img2dataset": stats,
    "manifest": manifest,
    "manifest-values": manifest,
    "index-file": index_files,
    "index-values": index_values,
    "signature": signed,
    "envelope": signed,
    "key": keys,
    "compiled-names": compiled,
    "artist-toml": one("full", FULL),
    "iscc": one("code", "ISCC:EEA" + "A" * 13),
    "names": names,
    "listed-names": listed_names,
    "settings": one("toml", SETTINGS),
    "waivers": waivers,
    "report": report,
    "shown": shown,
    "statement": lambda: iter([("attested", on_texts.statement_example())]),
    "clean-record": record,
}
