"""Odd and hostile pictures: each is audited or a counted skip, and none stops the scan."""

from __future__ import annotations

import io
import json
import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.cli.conftest import run_auditor
from tests.pictures import encoded, painting

COPY = painting(1)  # "Work 1" of Mirela Ashdown in the index


def bomb(width: int, height: int) -> bytes:
    """A PNG whose header promises width × height pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def animated(format: str) -> bytes:
    stream = io.BytesIO()
    COPY.save(stream, format, save_all=True, append_images=[painting(77), painting(78)], duration=100)
    return stream.getvalue()


def sixteen_bit() -> bytes:
    grey = np.asarray(COPY.convert("L"), np.uint16) * 257
    return encoded(Image.fromarray(grey))


def palette() -> bytes:
    image = COPY.convert("P", palette=Image.Palette.ADAPTIVE, colors=255)
    return encoded(image, transparency=254)


AUDITED = {
    "cmyk.jpg": encoded(COPY.convert("CMYK"), "JPEG", quality=90),
    "grey.png": encoded(COPY.convert("L")),
    "sixteen.png": sixteen_bit(),
    "palette.png": palette(),
    "alpha.png": encoded(COPY.convert("RGBA")),
    "animated.gif": animated("GIF"),
    "animated.webp": animated("WEBP"),
    "progressive.jpg": encoded(COPY, "JPEG", progressive=True),
    "exif.jpg": encoded(
        COPY.transpose(Image.Transpose.ROTATE_90),
        "JPEG",
        exif=b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0",
    ),
}
SKIPPED = {
    "zero.png": (b"", "zero-bytes"),
    "text.png": (b"this is no picture at all\n" * 20, "not-a-picture"),
    "truncated.png": (encoded(COPY)[:-20000], "truncated"),
    "truncated.jpg": (encoded(COPY, "JPEG")[:9000], "truncated"),
    "one.png": (encoded(Image.new("RGB", (1, 1))), "too-small"),
    "bomb.png": (bomb(60_000, 60_000), "too-many-pixels"),
}
NAMES = [
    b"new\nline.png",
    b"quo\"te's.png",
    b"latin-\xe9.png",
    "雪 ❄.png".encode(),
    b"-dash.png",
    b"[bold]x[bold].png",
]


@pytest.fixture(scope="module")
def report(built: Path, tmp_path_factory: pytest.TempPathFactory) -> dict:  # type: ignore[type-arg]
    folder = tmp_path_factory.mktemp("odd")
    for name, data in AUDITED.items():
        (folder / name).write_bytes(data)
    for name, (data, _) in SKIPPED.items():
        (folder / name).write_bytes(data)
    for name in NAMES:
        (folder / os.fsdecode(name)).write_bytes(encoded(COPY, "JPEG", quality=80))
    (folder / "dangling.png").symlink_to(folder / "nowhere.png")
    done = run_auditor("scan", folder, "--index", built / "index", "-o", "json", "--layout", "flat")
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    terminal = run_auditor("scan", folder, "--index", built / "index", "--layout", "flat")
    assert terminal.returncode == 1
    assert "\x1b" not in terminal.stdout
    return json.loads(done.stdout)


def test_every_file_is_accounted_for(report: dict) -> None:  # type: ignore[type-arg]
    coverage = report["coverage"]
    assert coverage["seen"] == len(AUDITED) + len(SKIPPED) + len(NAMES) + 1
    assert coverage["seen"] == coverage["audited"] + sum(coverage["skipped"].values())


@pytest.mark.parametrize("name", AUDITED)
def test_readable_pictures_are_matched(report: dict, name: str) -> None:  # type: ignore[type-arg]
    found = [f for f in report["findings"] if f["sample"] == name and f["rule"].startswith("copy.")]
    assert found, f"{name}: not matched"
    assert found[0]["artist"]["name"] == "Mirela Ashdown"
    assert found[0]["severity"] == "high"


@pytest.mark.parametrize("name", SKIPPED)
def test_unreadable_pictures_are_skips_with_a_reason(report: dict, name: str) -> None:  # type: ignore[type-arg]
    (skip,) = [skip for skip in report["skips"] if skip["sample"] == name]
    assert skip["reason"] == SKIPPED[name][1]


def test_a_dangling_link_is_counted(report: dict) -> None:  # type: ignore[type-arg]
    assert any(skip["sample"] == "dangling.png" for skip in report["skips"])


def test_odd_file_names_survive(report: dict) -> None:  # type: ignore[type-arg]
    samples = {f["sample"] for f in report["findings"] if f["rule"].startswith("copy.")}
    assert {os.fsdecode(name) for name in NAMES} <= samples


def test_any_number_of_jobs_gives_the_same_bytes(built: Path, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(90):
        (folder / f"{number:02}.jpg").write_bytes(
            encoded(painting(number % 5, (160, 120)), "JPEG", quality=50 + number % 7)
        )
        (folder / f"{number:02}.txt").write_text("oil on canvas, tobias quill" if number % 9 == 0 else "a field")
    words = ["scan", folder, "--index", built / "index", "-o", "json", "--no-cache"]
    one, two = (run_auditor(*words, "--jobs", jobs).stdout for jobs in ("1", "2"))
    assert one == two
    assert json.loads(one)["coverage"]["audited"] == 90
    cached = [run_auditor(*words[:-1], "--cache", tmp_path / "cache").stdout for _ in range(2)]
    assert cached == [one, one]
