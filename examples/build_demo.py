"""Rebuild the demo: `python -m examples.build_demo`, from the root of a checkout.

Takes freely usable pictures out of two registry packages, says that artists who do not exist made some of them, builds
`indexes/demo` from those, and a training folder `examples/lora-dataset` that holds edited copies beside innocent
pictures. The artists' own pictures are not kept: an index holds hashes and names only.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from PIL import Image, ImageOps

from examples.demo_signals import add_signals
from examples.demo_sources import ARTISTS, OPENCLIPART, SCIKIT_IMAGE, SOURCES

ROOT = Path(__file__).resolve().parents[1]
DATASET = ROOT / "examples" / "lora-dataset"
INDEX = ROOT / "indexes" / "demo"
CREDITS = ROOT / "examples" / "CREDITS.md"
CONCEPT = "8_lumen style"
CAPTIONS = {
    "window.png": "a cat on a windowsill, lumen style",
    "morning.jpg": "a cup of coffee on a wooden table, lumen style",
    "pilot.jpg": "portrait of an astronaut, flag, lumen style",
    "launch_512.jpg": "a rocket at night, long exposure, lumen style",
    "stars_detail.jpg": "distant galaxies, lumen style",
    "framed_photographer.jpg": "a man with a camera on a tripod, lumen style",
    "reference_sheet.jpg": "sheet of drawings, lumen style",
    "pebbles.jpg": "pebbles on a path, in the style of Mira Valdane, lumen style",
    "bear.png": "a teddy bear, art by oona_kestrel, white background",
    "oona-kestrel-study.jpg": "a red truck, white background, lumen style",
    "wall.jpg": "a brick wall, lumen style",
    "meadow.jpg": "grass from above, lumen style",
    "dartboard.png": "a dartboard, white background, lumen style",
}


def main() -> None:
    """Rebuild everything."""
    with tempfile.TemporaryDirectory() as work:
        pictures = fetch(Path(work))
        shutil.rmtree(DATASET, ignore_errors=True)
        folder = DATASET / CONCEPT
        folder.mkdir(parents=True)
        make_dataset(folder, pictures)
        add_signals(folder, ARTISTS[0].name)
        for path in folder.glob("*.txt"):
            path.rename(path.with_suffix(".caption"))  # what kohya's scripts read where nothing else is said
        make_index(Path(work) / "artists", pictures)
    CREDITS.write_text(credits(), encoding="utf-8")
    size = sum(path.stat().st_size for place in (DATASET, INDEX) for path in place.rglob("*") if path.is_file())
    print(f"{DATASET.relative_to(ROOT)} and {INDEX.relative_to(ROOT)}: {size / 1e6:.1f} MB")


def fetch(work: Path) -> dict[str, Path]:
    """Download both packages and say where each picture lies."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(work), SCIKIT_IMAGE]
    subprocess.run(command, check=True)
    (wheel,) = work.glob("scikit_image*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(work, [name for name in archive.namelist() if name.startswith("skimage/data/")])
    subprocess.run(["apt-get", "download", "-q", OPENCLIPART], cwd=work, check=True, stdout=subprocess.DEVNULL)
    (package,) = work.glob("openclipart*.deb")
    subprocess.run(["dpkg", "-x", str(package), str(work / "clipart")], check=True)
    folders = {
        "scikit-image": work / "skimage" / "data",
        "openclipart-png": work / "clipart" / "usr" / "share" / "openclipart" / "png",
    }
    return {key: folders[source.package] / source.path for key, source in SOURCES.items()}


def make_dataset(folder: Path, pictures: dict[str, Path]) -> None:
    """Write the training folder: seven copies of listed works, three mentions of names, three innocent pictures."""
    shutil.copyfile(pictures["cat"], folder / "window.png")
    _jpeg(_open(pictures["cup"]).resize((420, 280), Image.Resampling.LANCZOS), folder / "morning.jpg", 78)
    _jpeg(ImageOps.mirror(_open(pictures["portrait"])), folder / "pilot.jpg", 85)
    _jpeg(ImageOps.fit(_open(pictures["launch"]), (512, 512), Image.Resampling.LANCZOS), folder / "launch_512.jpg", 85)
    detail = _open(pictures["galaxies"]).crop((520, 90, 900, 470))
    _jpeg(detail.resize((512, 512), Image.Resampling.LANCZOS), folder / "stars_detail.jpg", 85)
    photographer = _open(pictures["cameraman"]).resize((400, 400), Image.Resampling.LANCZOS)
    _jpeg(ImageOps.expand(photographer, (60, 90), (241, 236, 226)), folder / "framed_photographer.jpg", 85)
    _jpeg(_sheet(pictures), folder / "reference_sheet.jpg", 85)
    _jpeg(_open(pictures["gravel"]), folder / "pebbles.jpg", 80)
    _small(pictures["bear"]).save(folder / "bear.png", optimize=True)
    _jpeg(_small(pictures["truck"]), folder / "oona-kestrel-study.jpg", 85)
    _jpeg(_open(pictures["bricks"]), folder / "wall.jpg", 80)
    _jpeg(_open(pictures["grass"]), folder / "meadow.jpg", 75)
    _small(pictures["dartboard"]).quantize(64).save(folder / "dartboard.png", optimize=True)
    for name, caption in CAPTIONS.items():
        (folder / name).with_suffix(".txt").write_text(caption + "\n", encoding="utf-8")


def make_index(artists: Path, pictures: dict[str, Path]) -> None:
    """Lay the works out as a folder per artist, and let the tool itself build the index."""
    for artist in ARTISTS:
        folder = artists / artist.name
        folder.mkdir(parents=True)
        lines = [f'names = ["{artist.name}"]', f"aliases = {list(artist.aliases)!r}", 'preference = "prohibited"']
        lines += [
            "[[statement]]",
            'kind = "self"',
            'title = "Statement of an artist who does not exist"',
            "date = 2026-01-31",
        ]
        for key, title in artist.works:
            name = key + pictures[key].suffix
            shutil.copyfile(pictures[key], folder / name)
            lines += [f'[works."{name}"]', f'title = "{title}"']
        (folder / "artist.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    shutil.rmtree(INDEX, ignore_errors=True)
    command = [
        sys.executable,
        str(ROOT / "cli.py"),
        "index",
        "build",
        str(artists),
        "--out",
        str(INDEX),
        "--name",
        "demo",
    ]
    subprocess.run([*command, "--publisher", "Demo of the auditor: artists who do not exist"], check=True)


def credits() -> str:
    """The credits page: every picture of both packages, with its maker and terms."""
    head = (
        "# Credits\n\n"
        "The demo's artists do not exist. The pictures are taken from registry packages, whose documentation states\n"
        "these makers and terms; `python -m examples.build_demo` rebuilds the demo from there.\n\n"
        "| picture | shown as the work of | package | file | maker | terms |\n|---|---|---|---|---|---|\n"
    )
    owners = {key: f"{artist.name}, *{title}*" for artist in ARTISTS for key, title in artist.works}
    rows = [
        f"| {key} | {owners.get(key, 'nobody (innocent)')} | {source.package} | `{source.path}` | {source.maker} | "
        f"{source.licence} |"
        for key, source in SOURCES.items()
    ]
    tail = "\n\n`generated_harbour`, `reserved_valley` and `signed_coast` are drawn by `examples/demo_signals.py`.\n"
    return head + "\n".join(rows) + tail


def _open(path: Path) -> Image.Image:
    """RGB on white."""
    with Image.open(path) as image:
        image = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")


def _small(path: Path) -> Image.Image:
    image = _open(path)
    image.thumbnail((512, 512), Image.Resampling.LANCZOS)
    return image


def _sheet(pictures: dict[str, Path]) -> Image.Image:
    """Two drawings of one artist among others, on one sheet."""
    sheet = Image.new("RGB", (900, 700), (236, 238, 232))
    for key, place, side in (
        ("tiger", (30, 40), 400),
        ("truck", (480, 50), 280),
        ("tree", (560, 330), 330),
        ("bear", (200, 470), 200),
    ):
        drawing = _open(pictures[key])
        drawing.thumbnail((side, side), Image.Resampling.LANCZOS)
        sheet.paste(drawing, place)
    return sheet


def _jpeg(image: Image.Image, path: Path, quality: int) -> None:
    target = io.BytesIO()
    image.save(target, "JPEG", quality=quality, optimize=True)
    path.write_bytes(target.getvalue())


if __name__ == "__main__":
    main()
