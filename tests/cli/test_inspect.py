"""`auditor inspect`: the sheet and its JSON."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from auditor.cli.inspect import inspect
from auditor.cli.main import run
from tests.metadata.material import making, signing, writers

NAME = "Aldebrand Quenzle"


def sheet(*words: str | Path) -> str:
    result = CliRunner().invoke(inspect, [str(word) for word in words], env={"COLUMNS": "200", "NO_COLOR": "1"})
    assert result.exit_code == 0, result.output
    return result.output


def values(*words: str | Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(sheet("--json", *words))["files"]
    return found


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_json_holds_every_hash_and_what_the_file_says(tmp_path: Path) -> None:
    data = writers.a1111_png(f"art by {NAME}", "blurry")
    (found,) = values(write(tmp_path, "a.png", data))
    assert found["hashes"]["sha256"] == hashlib.sha256(data).hexdigest()
    assert {"pixels@1", "views", "regions@1"} <= set(found["hashes"])
    (view, *_) = found["hashes"]["views"]
    assert (view["view"], len(view["pdq@1"]), len(view["phash@1"])) == ("whole", 64, 16)
    assert found["picture"] == {
        "format": "PNG", "width": 64, "height": 64, "frames": 1, "exifOrientation": 1, "hasAlpha": False,
    }  # fmt: skip
    assert found["generation"]["isAi"]
    assert found["generation"]["writers"] == ["A1111"]
    assert found["generation"]["positive"][0] == {"value": f"art by {NAME}", "source": "PNG parameters"}
    assert found["generation"]["negative"][0]["value"] == "blurry"


def test_the_sheet_shows_the_same(tmp_path: Path) -> None:
    text = sheet(write(tmp_path, "a.jpg", making.jpeg_xmp(making.data_mining("DMI-PROHIBITED"))))
    assert "Reservations" in text and "DMI-PROHIBITED (IPTC/PLUS, XMP in JPEG APP1)" in text
    assert "pdq@1 whole" in text and "phash@1 whole" in text and "sha256" in text and "64 × 64 pixels" in text


def test_side_files_are_read_with_their_picture(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jpg", making.picture("JPEG"))
    write(tmp_path, "a.jpg.xmp", making.data_mining("DMI-PROHIBITED"))
    write(tmp_path, "a.json", b'{"url": "https://example.org/a.jpg"}')
    (found,) = values(path)
    assert found["sidecars"] == ["a.jpg.xmp", "a.json"]
    assert found["url"] == "https://example.org/a.jpg"
    assert [item["where"] for item in found["reservations"]] == ["XMP in sidecar a.jpg.xmp"]


def test_hidden_metadata_is_shown(tmp_path: Path) -> None:
    data = writers.stealth_file(writers.novelai_stealth_text(NAME, "x"), "stealth_pngcomp")
    (found,) = values(write(tmp_path, "a.png", data))
    assert found["generation"]["writers"] == ["NovelAI"]


def test_a_plain_picture_gets_the_line_about_absence(tmp_path: Path) -> None:
    assert "Absence proves nothing" in sheet(write(tmp_path, "a.jpg", making.picture("JPEG")))


def test_a_file_that_is_no_picture_is_shown_all_the_same(tmp_path: Path) -> None:
    (found,) = values(write(tmp_path, "a.jpg", b"hello " + making.data_mining("DMI-PROHIBITED")))
    assert found["picture"] is None
    assert found["problem"].startswith("not-a-picture")
    assert [item["meaning"] for item in found["reservations"]] == ["prohibited"]


def test_control_characters_do_not_reach_the_terminal(tmp_path: Path) -> None:
    text = sheet(write(tmp_path, "a.png", making.png(making.text("Author", "evil\x1b[31m name"))))
    assert "\x1b" not in text
    assert "evil\\x1b[31m name" in text


def test_anchors_make_a_signature_trusted(tmp_path: Path) -> None:
    pytest.importorskip("c2pa", reason="c2pa-python is not installed")
    path = write(tmp_path, "a.png", signing.sign(making.picture("PNG"), "PNG", signing.actions()))
    anchors = tmp_path / "root.pem"
    anchors.write_text(signing.authority().root)
    assert values(path)[0]["signature"]["state"] == "valid"
    assert values("--trust", anchors, path)[0]["signature"]["state"] == "trusted"


def test_a_missing_file_and_a_folder_end_with_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["inspect", str(tmp_path / "none.png")]) == 2
    assert "No such file" in capsys.readouterr().err
    assert run(["inspect", str(tmp_path)]) == 2
    assert "auditor scan" in capsys.readouterr().err
