"""kohya repeat folders."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.datasets.layouts.kohya.subset import balance
from auditor.errors import DatasetError, UsageError
from tests.datasets.making import PNG, chosen, listed, note_of, notes, pictures, reasons, texts, trained, values, write


def test_folder_names_give_repeats_and_class_tokens(tmp_path: Path) -> None:
    write(tmp_path, {f"{name}/a.png": PNG for name in (" 4_x", "+3_y", "007_z_w", "5", "-1_no", "x_1", "0_zero")})
    found = pictures(tmp_path, "kohya")
    got = {s.path: (s.repeats, s.captions[0].text) for s in found.values() if s.trained}
    assert got == {
        " 4_x/a.png": (4, "x"),
        "+3_y/a.png": (3, "y"),
        "007_z_w/a.png": (7, "z_w"),
        "5/a.png": (5, ""),
    }


def test_the_default_extension_is_not_txt(tmp_path: Path) -> None:
    write(tmp_path, {"3_style/a.png": PNG, "3_style/a.txt": "by somebody"})
    assert trained(tmp_path, "kohya") == {"3_style/a.png": ["style"]}
    dead = [text for text in texts(tmp_path, "kohya") if text.value == "by somebody"]
    assert [(text.trained, text.source, text.line) for text in dead] == [(False, "3_style/a.txt", 1)]


def test_an_extension_gets_its_dot(tmp_path: Path) -> None:
    write(tmp_path, {"3_style/a.png": PNG, "3_style/a.txt": "by somebody"})
    assert trained(tmp_path, "kohya", caption_extension="txt") == {"3_style/a.png": ["by somebody"]}


def test_lines_after_the_first_are_dead_text_unless_wildcards_are_on(tmp_path: Path) -> None:
    write(tmp_path, {"1_s/a.png": PNG, "1_s/a.txt": "first\nsecond {red|blue} hat\n"})
    found = {t.value: t.trained for t in texts(tmp_path, "kohya", caption_extension=".txt") if t.kind == "caption"}
    assert found == {"first": True, "second {red|blue} hat": False}
    wild = {"caption_extension": ".txt", "enable_wildcard": "1"}
    assert trained(tmp_path, "kohya", **wild) == {"1_s/a.png": ["first\nsecond {red|blue} hat"]}
    assert {"second red hat", "second blue hat"} <= {t.value for t in texts(tmp_path, "kohya", **wild) if t.trained}


def test_prefix_and_suffix_reach_every_caption(tmp_path: Path) -> None:
    write(tmp_path, {"1_s/a.png": PNG, "1_s/a.txt": "castle", "1_s/b.png": PNG})
    words = {"caption_extension": ".txt", "caption_prefix": "art by x,", "caption_suffix": "best"}
    assert trained(tmp_path, "kohya", **words) == {
        "1_s/a.png": ["art by x, castle best"],
        "1_s/b.png": ["art by x, s best"],
    }


def test_the_face_name_fallback_can_leave_the_folder(tmp_path: Path) -> None:
    root = tmp_path / "my_art_set"
    write(root, {"train/10_x_y/img.png": PNG})
    base = str(root / "train" / "10_x_y" / "img").split("_")
    outside = Path("_".join(base[:-4]) + ".txt")
    outside.write_text("from outside", encoding="utf-8")
    try:
        assert trained(root, "kohya", caption_extension=".txt") == {"train/10_x_y/img.png": ["from outside"]}
        message = note_of(root, "kohya", "integrity.outside-dataset", caption_extension=".txt")
        assert "../" in message
    finally:
        outside.unlink()


def test_captions_that_stop_the_run_are_noted_and_still_searched(tmp_path: Path) -> None:
    write(tmp_path, {"1_s/a.png": PNG, "1_s/a.txt": "café by somebody".encode("latin-1")})
    write(tmp_path, {"1_s/b.png": PNG, "1_s/b.txt": b""})
    found = notes(tmp_path, "kohya", caption_extension=".txt")
    assert [rule for rule, _ in found] == ["dataset.trainer-stops"] * 2
    assert "latin-1" in found[0][1] and "would stop here" in found[0][1]
    assert "empty" in found[1][1]
    assert "café by somebody" in values(tmp_path, "kohya", caption_extension=".txt")


def test_byte_order_mark_and_line_ends_stay_as_the_trainer_sees_them(tmp_path: Path) -> None:
    write(
        tmp_path, {"1_s/a.png": PNG, "1_s/a.txt": b"\xef\xbb\xbfgreg, x\r\ny\r\n", "1_s/b.png": PNG, "1_s/b.txt": "\nz"}
    )
    assert trained(tmp_path, "kohya", caption_extension=".txt") == {"1_s/a.png": ["\ufeffgreg, x"], "1_s/b.png": [""]}


def test_regularisation_pictures_beyond_the_training_count_are_never_trained(tmp_path: Path) -> None:
    write(tmp_path, {"train/2_s/a.png": PNG, **{f"reg/1_p/{n}.png": PNG for n in range(5)}})
    found = pictures(tmp_path, "kohya")
    reg = {s.path: (s.trained, s.role, s.repeats) for s in found.values() if s.path.startswith("reg")}
    assert reg == {f"reg/1_p/{n}.png": (n < 2, "reg", 1 if n < 2 else 0) for n in range(5)}
    assert "no more regularisation pictures" in str(found["reg/1_p/4.png"].reason)


def loop(total: int, candidates: list[tuple[int, str, int]]) -> dict[tuple[int, str], int]:
    """The trainer's rounds, one repeat at a time."""
    given: dict[tuple[int, str], int] = {}
    count, first = 0, True
    while count < total and candidates:
        for subset, name, repeats in candidates:
            if first:
                given[(subset, name)] = repeats
                count += repeats
            elif (subset, name) in given:
                given[(subset, name)] += 1
                count += 1
            if count >= total:
                break
        first = False
    return given


@given(
    st.integers(0, 60),
    st.lists(st.integers(1, 9), max_size=8).map(lambda r: [(n % 2, str(n), x) for n, x in enumerate(r)]),
)
def test_balance_equals_the_round_by_round_rule(total: int, candidates: list[tuple[int, str, int]]) -> None:
    assert balance(total, candidates) == loop(total, candidates)


def test_balance_takes_no_time_for_absurd_repeats() -> None:
    assert balance(10**15, [(0, "a", 1), (0, "b", 1)]) == {(0, "a"): 10**15 // 2, (0, "b"): 10**15 // 2}


def test_validation_split_takes_pictures_out_with_the_trainers_shuffle(tmp_path: Path) -> None:
    write(tmp_path, {f"1_s/{n}.png": PNG for n in range(10)})
    found = pictures(tmp_path, "kohya", validation_split="0.3", validation_seed="7")
    order = [f"{n}.png" for n in range(10)]
    random.Random(7).shuffle(order)
    held = {s.path for s in found.values() if s.role == "val"}
    assert held == {f"1_s/{name}" for name in order[7:]}
    assert all(not found[path].trained for path in held)


def test_reasons_say_why(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "1_s/a.png": PNG,
            "1_s/.b.png": PNG,
            "1_s/c.Jpg": PNG,  # found on Windows: audited as trained everywhere
            "1_s/d.gif": PNG,
            "1_s/deep/e.png": PNG,
            "loose.png": PNG,
            "other/f.png": PNG,
            "1_s/noext": PNG,
        },
    )
    got = reasons(tmp_path, "kohya")
    assert got.keys() == {
        "1_s/.b.png",
        "1_s/d.gif",
        "1_s/deep/e.png",
        "loose.png",
        "other/f.png",
        "1_s/noext",
    }
    assert "dot-files" in str(got["1_s/.b.png"])
    assert "beside" in str(got["loose.png"])
    assert "number of repeats" in str(got["other/f.png"])


def test_a_listing_cache_outranks_the_folder(tmp_path: Path) -> None:
    cache = '{"C:\\\\data\\\\1_s\\\\a.png": {"caption": "from the cache", "resolution": [8, 6]}}'
    write(tmp_path, {"1_s/a.png": PNG, "1_s/b.png": PNG, "1_s/a.txt": "x", "1_s/metadata_cache.json": cache})
    on = {"caption_extension": ".txt", "cache_info": "true"}
    assert trained(tmp_path, "kohya", **on) == {"1_s/a.png": ["from the cache"]}
    assert trained(tmp_path, "kohya", caption_extension=".txt") == {"1_s/a.png": ["x"], "1_s/b.png": ["s"]}
    assert "cache_info" in note_of(tmp_path, "kohya", "dataset.cache-outranks-files", caption_extension=".txt")


def test_folder_names_come_once_however_many_pictures(tmp_path: Path) -> None:
    write(tmp_path, {f"1_some body/{n}.png": PNG for n in range(20)})
    named = [s for s in listed(tmp_path, "kohya") for t in s.texts if t.value == "1_some body"]
    assert [(s.kind, s.path, s.trained) for s in named] == [("carrier", "1_some body", True)]


def test_a_missing_folder_and_an_unknown_option_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no such folder"):
        listed(tmp_path / "gone", "kohya")
    with pytest.raises(DatasetError, match="no such folder"):
        listed(tmp_path, "kohya", reg_data_dir=str(tmp_path / "gone"))
    with pytest.raises(UsageError, match="Did you mean 'caption_extension'"):
        chosen(tmp_path, "kohya", caption_extnsion=".txt")
    with pytest.raises(UsageError, match="true or false"):
        write(tmp_path, {"1_s/a.png": PNG})
        listed(tmp_path, "kohya", enable_wildcard="perhaps")
