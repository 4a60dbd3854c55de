"""Plain folders, and everything that any trainer could see."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest

from auditor.errors import DatasetError
from auditor.names.interface import ListedName
from auditor.names.matcher import compile_matcher
from tests.datasets.making import PNG, listed, mentions, note_of, notes, pictures, reasons, tar, texts, trained, write

NAME = "Mirela Ashdown"


def test_flat_reads_every_line_of_every_caption_file(tmp_path: Path) -> None:
    write(tmp_path, {"a.png": PNG, "a.txt": "one\n\ntwo", "a.caption": "three", "deep/b.jpg": PNG, ".c.png": PNG})
    assert trained(tmp_path, "flat") == {"a.png": ["three", "one", "two"], "deep/b.jpg": []}
    lines = {(t.value, t.source, t.line) for t in texts(tmp_path, "flat") if t.kind == "caption"}
    assert lines == {("one", "a.txt", 1), ("two", "a.txt", 3), ("one two", "a.txt", None), ("three", "a.caption", 1)}
    assert "dot-files" in str(reasons(tmp_path, "flat")[".c.png"])
    assert trained(tmp_path, "flat", recursive="no").keys() == {"a.png"}


def test_a_real_case_file_names_tell_what_captions_hide(tmp_path: Path) -> None:
    """File names name the artist, captions a pseudonym, no picture is indexed."""
    for number in range(3):
        write(
            tmp_path,
            {
                f"10_dark/Mirela_Ashdown{number:02d}.jpg": PNG,
                f"10_dark/Mirela_Ashdown{number:02d}.txt": "by marta kawasaki",
            },
        )
    for layout, options in (("kohya", {"caption_extension": ".txt"}), ("flat", {}), ("union", {})):
        found = mentions(tmp_path, layout, NAME, **options)
        assert [(path, source, used) for path, source, used in found] == [
            (f"10_dark/Mirela_Ashdown{number:02d}.jpg", "file name", True) for number in range(3)
        ], layout


def test_union_takes_every_place_and_every_possible_caption(tmp_path: Path) -> None:
    write(tmp_path, {"10_some words/.a.png": PNG, "10_some words/.a.txt": "one\ntwo", ".d/b.gif": PNG})
    got = trained(tmp_path, "union")
    assert got == {"10_some words/.a.png": ["one", "two", ".a", "some words"], ".d/b.gif": ["b"]}


def test_union_opens_archives_tables_and_models(tmp_path: Path) -> None:
    tar(tmp_path / "x.tar", [("a.png", PNG), ("a.txt", f"by {NAME}".encode())])
    with zipfile.ZipFile(tmp_path / "y.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("b.png", PNG)
    write(tmp_path, {"rows.jsonl": json.dumps({"image": "b.png", "prompt": f"by {NAME}"})})
    assert trained(tmp_path, "union").keys() == {"x.tar!a.png", "y.zip!b.png"}
    assert {(source, used) for _, source, used in mentions(tmp_path, "union", NAME)} == {
        ("x.tar!a.txt", True),
        ("rows.jsonl:prompt", True),
    }


def test_union_of_a_single_file(tmp_path: Path) -> None:
    write(tmp_path, {"a.png": PNG, "a.txt": "words", "other.png": PNG})
    assert trained(tmp_path / "a.png", "union") == {"a.png": ["words", "a"]}


def test_loops_and_multiplying_links_end(tmp_path: Path) -> None:
    for name in "abcdef":
        write(tmp_path, {f"{name}/{name}.png": PNG})
    for name in "abcdef":
        for other in "abcdef":
            (tmp_path / name / f"to_{other}").symlink_to(tmp_path / other, target_is_directory=True)
    assert len(trained(tmp_path, "union")) == 6
    assert len(listed(tmp_path, "everydream2")) < 2000


def test_links_out_of_the_set_are_noted(tmp_path: Path) -> None:
    write(tmp_path, {"set/a.png": PNG, "far/b.png": PNG, "far/deep/c.png": PNG})
    (tmp_path / "set" / "link.png").symlink_to(tmp_path / "far" / "b.png")
    (tmp_path / "set" / "dir").symlink_to(tmp_path / "far", target_is_directory=True)
    (tmp_path / "set" / "same.png").symlink_to(tmp_path / "set" / "a.png")
    messages = [message for rule, message in notes(tmp_path / "set", "flat") if rule == "integrity.outside-dataset"]
    assert len(messages) == 2
    assert any("link.png" in message for message in messages) and any("dir" in message for message in messages)
    assert trained(tmp_path / "set", "flat").keys() == {"a.png", "link.png", "same.png"}


def test_odd_files_are_seen(tmp_path: Path) -> None:
    write(tmp_path, {"a.png": PNG, "noext": PNG, "clip.mp4": b"\x00", "b.txt.bak": "x"})
    (tmp_path / "broken.png").symlink_to(tmp_path / "nowhere.png")
    os.mkfifo(tmp_path / "pipe.png")
    found = pictures(tmp_path, "flat")
    assert found["broken.png"].skip == found["pipe.png"].skip == "unreadable"
    assert found["clip.mp4"].skip == "video"
    assert found["noext"].reason == "a picture without a picture's suffix"
    assert "broken link" in str([message for _, message in notes(tmp_path, "flat")])


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_an_unreadable_folder_is_a_counted_skip(tmp_path: Path) -> None:
    write(tmp_path, {"a.png": PNG, "closed/b.png": PNG})
    (tmp_path / "closed").chmod(0)
    try:
        assert pictures(tmp_path, "flat")["closed"].skip == "unreadable"
    finally:
        (tmp_path / "closed").chmod(0o700)


def test_stale_captions_and_configurations_are_carried(tmp_path: Path) -> None:
    write(
        tmp_path, {"a.png": PNG, "old.txt": f"by {NAME}", "train.toml": f'prompt = "by {NAME}"', "x.yaml": f"p: {NAME}"}
    )
    write(tmp_path, {"run.json": json.dumps({"sample_prompts": [f"art by {NAME}"]}), "prompts.csv": f"p\nby {NAME}\n"})
    found = mentions(tmp_path, "flat", NAME)
    assert {path for path, _, _ in found} == {"old.txt", "train.toml", "x.yaml", "run.json", "prompts.csv"}
    assert not any(used for _, _, used in found)


def test_side_files_go_with_the_sample(tmp_path: Path) -> None:
    write(
        tmp_path, {"a.png": PNG, "a.xmp": "<x/>", "a.png.xmp": "<y/>", "a.json": json.dumps({"caption": f"by {NAME}"})}
    )
    sample = pictures(tmp_path, "flat")["a.png"]
    assert {name for name, _ in sample.sidecars} == {"a.xmp", "a.png.xmp", "a.json"}
    assert set(sample.side_files) == {"a.xmp", "a.png.xmp", "a.json"}
    assert mentions(tmp_path, "flat", NAME) == [("a.png", "a.json:caption", False)]


def test_caption_encodings(tmp_path: Path) -> None:
    write(tmp_path, {f"{name}.png": PNG for name in ("l", "u", "n", "b", "c")})
    write(tmp_path, {"l.txt": f"José, by {NAME}".encode("latin-1"), "u.txt": f"by {NAME}".encode("utf-16")})
    write(
        tmp_path,
        {"n.txt": f"by {NAME}".encode("utf-16-le"), "b.txt": f"\ufeffby {NAME}", "c.txt": f"x\r\nby {NAME}\r\n"},
    )
    assert {path for path, _, _ in mentions(tmp_path, "flat", NAME)} == {"l.png", "u.png", "n.png", "b.png", "c.png"}
    assert sorted(rule for rule, _ in notes(tmp_path, "flat")) == ["integrity.caption-unreadable"] * 3
    assert [t.line for t in texts(tmp_path, "flat") if t.source == "c.txt"] == [1, 2, None]


def test_a_caption_of_200_megabytes_is_read_in_part(tmp_path: Path) -> None:
    write(tmp_path, {"a.png": PNG, "a.txt": f"by {NAME}\n"})
    with (tmp_path / "a.txt").open("ab") as raw:
        raw.truncate(200 * 10**6)
    assert mentions(tmp_path, "flat", NAME)
    assert "200,000,000 bytes" in next(m for r, m in notes(tmp_path, "flat") if "too many" in m)


def test_a_long_caption_is_searched_to_its_end_of_what_is_read(tmp_path: Path) -> None:
    write(tmp_path, {"a.png": PNG, "a.txt": "x\n" * 50_000 + f"by {NAME}\n"})
    matcher = compile_matcher([ListedName("artist", NAME)])
    found = [text for text in texts(tmp_path, "flat") if matcher.find(text.value, text.kind)]
    assert len(found) == 1
    assert found[0].line is not None and found[0].line <= 50_001
    assert len(texts(tmp_path, "flat")) < 3000


def test_a_missing_folder_and_a_file(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no such folder"):
        listed(tmp_path / "gone", "flat")
    write(tmp_path, {"a.png": PNG})
    with pytest.raises(DatasetError, match="that is a file"):
        listed(tmp_path / "a.png", "flat")


def test_latents_beside_their_pictures_give_one_note(tmp_path: Path) -> None:
    write(tmp_path, {f"{n}.png": PNG for n in range(5)} | {f"{n}_0064x0048_sdxl.npz": b"PK" for n in range(5)})
    write(tmp_path, {"0_te_outputs.npz": b"PK", "gone_0064x0048_sdxl.npz": b"PK"})
    messages = [message for rule, message in notes(tmp_path, "flat") if rule == "dataset.cache-outranks-files"]
    assert len(messages) == 2 and any("6 caches" in message for message in messages)
    found = pictures(tmp_path, "flat")["gone_0064x0048_sdxl.npz"]
    assert (found.skip, found.trained) == ("latents-without-picture", False)


def test_names_that_are_no_unicode_survive(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9 mirela ashdown.png")
    (tmp_path / name).write_bytes(PNG)
    assert trained(tmp_path, "flat").keys() == {name}
    assert mentions(tmp_path, "flat", NAME)[0][1] == "file name"


def test_a_listing_cache_is_noted_where_it_is_not_read(tmp_path: Path) -> None:
    write(tmp_path, {"a.png": PNG, "aspect_ratio_bucket_metadata_x.json": json.dumps({"a.png": {"c": f"by {NAME}"}})})
    assert "SimpleTuner" in note_of(tmp_path, "flat", "dataset.cache-outranks-files")
    assert mentions(tmp_path, "flat", NAME)
