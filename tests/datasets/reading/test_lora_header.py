"""Finished LoRA files: the header alone, and how far it can be trusted."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.datasets.reading import payload
from auditor.datasets.reading.lora_header import HeaderError, parsed, read
from auditor.errors import DatasetError
from tests.datasets.making import PNG, chosen, listed, mentions, note_of, pictures, safetensors, texts, values, write

NAME = "Mirela Ashdown"
FINE_TUNED = {"subsets": [{"metadata_file": "m"}]}
KOHYA = {"ss_session_id": "1", "ss_network_module": "networks.lora"}


def header(root: Path, **metadata: object) -> Path:
    return safetensors(root / "model.safetensors", {key.replace("__", "."): item for key, item in metadata.items()})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("ss_tag_frequency", {"10_x": {"by mirela ashdown": 3}}),
        ("ss_tag_frequency", {"10_mirela ashdown": {"castle": 3}}),
        ("ss_dataset_dirs", {"10_mirela_ashdown": {"n_repeats": 10, "img_count": 3}}),
        ("ss_reg_dataset_dirs", {"1_mirela_ashdown": {"n_repeats": 1, "img_count": 3}}),
        ("ss_datasets", [{"tag_frequency": {"img": {"mirela ashdown": 1}}, "subsets": []}]),
        ("ss_datasets", [{"subsets": [{"image_dir": "x", "caption_prefix": f"by {NAME}"}]}]),
        ("ss_output_name", "mirela_ashdown_v2"),
        ("ss_training_comment", f"trained on works by {NAME}"),
        ("modelspec__title", "mirela ashdown style"),
        ("modelspec__anything", f"style of {NAME}"),
        ("trained_words", ["mirela ashdown"]),
        ("ot_config", {"concepts": [{"name": NAME, "path": "/x"}]}),
        ("training_info", {"step": 1, "note": NAME}),
        ("software", {"name": "ai-toolkit", "note": NAME}),
    ],
)
@pytest.mark.parametrize("as_text", [True, False])
def test_every_field_that_can_name_an_artist(tmp_path: Path, key: str, value: object, as_text: bool) -> None:
    """Values are JSON strings in a file; some dumps hold them opened."""
    written = json.dumps(value) if as_text and not isinstance(value, str) else value
    path = header(tmp_path, **{key: written})
    assert mentions(path, "lora-file", NAME), key
    assert chosen(path, "auto").name == "lora-file"


def test_tags_of_one_word_are_texts_and_hashes_are_none(tmp_path: Path) -> None:
    path = header(tmp_path, ss_tag_frequency=json.dumps({"10_x": {"wlop": 1}}), sshs_model_hash="ab" * 32, ss_seed="42")
    found = values(path, "lora-file")
    assert "wlop" in found
    assert not {"ab" * 32, "42"} & found


def test_only_the_header_is_read(tmp_path: Path) -> None:
    path = header(tmp_path, ss_output_name="x")
    with path.open("ab") as raw:
        raw.truncate(8 * 2**30)
    found = pictures(path, "lora-file")["model.safetensors"]
    assert (found.kind, found.payload, found.skip) == ("model", None, None)


def test_the_thumbnail_is_a_picture_of_its_own(tmp_path: Path) -> None:
    uri = "data:image/png;base64," + base64.b64encode(PNG).decode()
    found = pictures(header(tmp_path, modelspec__thumbnail=uri), "lora-file")
    thumbnail = found["model.safetensors!modelspec.thumbnail"]
    assert thumbnail.payload is not None and payload.read(thumbnail.payload, 10_000) == PNG
    assert not thumbnail.trained and "thumbnail" in str(thumbnail.reason)
    broken = pictures(header(tmp_path, modelspec__thumbnail="data:image/png;base64,%%%"), "lora-file")
    assert broken["model.safetensors!modelspec.thumbnail"].skip == "not-a-picture"


@pytest.mark.parametrize(
    ("metadata", "word"),
    [
        ({"software": json.dumps({"name": "ai-toolkit"}), "ss_tag_frequency": {"1_t": {"t": 1}}}, "made up"),
        ({"trained_words": "x", "ss_tag_frequency": {"id": {"t": 9}}}, "more than half"),
        ({**KOHYA, "ss_tag_frequency": {"1_t": {"t": 1}}}, "prefix or suffix"),
        ({**KOHYA, "ss_tag_frequency": {"m": {"t": 1}}, "ss_datasets": [FINE_TUNED]}, "never its captions"),
        ({"ss_tag_frequency": {"1_t": {"t": 1}}}, "added them afterwards"),
        ({"ss_datasets": [{"image_directory": "img"}]}, "musubi-tuner"),
        ({"ot_branch": "master"}, "OneTrainer"),
        ({"format": "pt"}, "nothing in it tells"),
    ],
)  # fmt: skip
def test_caveats_stand_beside_the_model_and_in_the_message(
    tmp_path: Path, metadata: dict[str, object], word: str
) -> None:
    path = safetensors(tmp_path / "m.safetensors", metadata)
    assert word in note_of(path, "lora-file", "dataset.partial-header")
    for text in texts(path, "lora-file"):
        if "ss_tag_frequency" in text.source:
            assert word in str(text.remark)


def test_a_folder_of_models_with_previews(tmp_path: Path) -> None:
    header(tmp_path / "a", ss_output_name="mirela_ashdown")
    safetensors(tmp_path / "b.safetensors", {})
    write(tmp_path, {"b.preview.png": PNG, "b.txt": f"by {NAME}"})
    found = pictures(tmp_path, "lora-file")
    assert {name: s.kind for name, s in found.items()} == {
        "a/model.safetensors": "model",
        "b.safetensors": "model",
        "b.preview.png": "picture",
    }
    assert not found["b.preview.png"].trained
    assert {path for path, _, _ in mentions(tmp_path, "lora-file", NAME)} == {"a/model.safetensors", "b.txt"}
    assert chosen(tmp_path, "auto").name == "union"  # it would leave pictures out


@pytest.mark.parametrize(
    "data",
    [b"", b"1234", (2**62).to_bytes(8, "little") + b"{}", (5).to_bytes(8, "little") + b"{oops",
     b"\x02" + bytes(7) + b"[]", (200_000).to_bytes(8, "little") + b"[" * 200_000],
)  # fmt: skip
def test_damaged_files_are_a_counted_skip(tmp_path: Path, data: bytes) -> None:
    write(tmp_path, {"m.safetensors": data})
    assert pictures(tmp_path / "m.safetensors", "lora-file")["m.safetensors"].skip == "not-safetensors"


def test_a_missing_model(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no such file"):
        listed(tmp_path / "gone.safetensors", "lora-file")


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    import tempfile

    with tempfile.NamedTemporaryFile() as handle:
        handle.write(data)
        handle.flush()
        try:
            assert isinstance(read(handle.name), dict)
        except HeaderError as error:
            assert str(error)


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_json_text_is_opened_and_other_text_is_kept(value: object) -> None:
    if isinstance(value, (dict, list)):
        assert parsed(json.dumps(value)) == value
    assert parsed("plain") == "plain"
    assert parsed("{no json") == "{no json"
