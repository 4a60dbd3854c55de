from __future__ import annotations

import os
from pathlib import Path

import pytest

from auditor.errors import UsageError
from auditor.index.identity import artist_id
from auditor.index.sources import find_artists


def put(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return folder


def test_a_folder_for_each_artist(tmp_path: Path) -> None:
    put(tmp_path, "Bo/b.PNG", "Ash Varga/z.jpg", "Ash Varga/sub/a.webp", "Ash Varga/notes.txt", "Bo/.hidden.png")
    put(tmp_path, "empty/readme.txt", "loose.png", ".git/x.png")
    found = find_artists([tmp_path])
    assert [artist.names for artist in found.artists] == [("Ash Varga",), ("Bo",)]
    assert [picture.key for picture in found.pictures] == ["Ash Varga/z.jpg", "Ash Varga/sub/a.webp", "Bo/b.PNG"]
    assert found.artists[0].id == artist_id("Ash Varga")
    assert [picture.artist for picture in found.pictures] == [found.artists[0].id] * 2 + [found.artists[1].id]
    assert (found.loose, found.empty) == (("loose.png",), ("empty",))
    assert found.pictures[0].size == 1


def test_a_folder_of_pictures_is_one_artist(tmp_path: Path) -> None:
    put(tmp_path / "my-art", "a.png", "docs/readme.txt")
    found = find_artists([tmp_path / "my-art"])
    assert [artist.names for artist in found.artists] == [("my-art",)]
    assert [picture.key for picture in found.pictures] == ["a.png"]


def test_an_artist_toml_makes_the_whole_folder_one_artist(tmp_path: Path) -> None:
    put(tmp_path, "a.png", "sketches/b.png")
    (tmp_path / "artist.toml").write_text(
        'names = ["Ash"]\n[works."sketches/b.png"]\ntitle = "B"\n[works."gone.png"]\ntitle = "Gone"'
    )
    found = find_artists([tmp_path])
    assert [artist.names for artist in found.artists] == [("Ash",)]
    assert [(picture.key, picture.note.title) for picture in found.pictures] == [
        ("a.png", None),
        ("sketches/b.png", "B"),
    ]
    assert found.unknown_works == (f"{tmp_path.name}/gone.png",)
    assert found.described == {found.artists[0].id}


def test_an_artist_without_pictures_but_with_a_toml_is_listed_by_name(tmp_path: Path) -> None:
    put(tmp_path, "Bo/b.png", "Ash/readme.md")
    (tmp_path / "Ash" / "artist.toml").write_text('aliases = ["ash_v"]')
    found = find_artists([tmp_path])
    assert [artist.names for artist in found.artists] == [("Ash",), ("Bo",)]
    assert len(found.pictures) == 1


def test_a_given_name_makes_each_source_one_artist(tmp_path: Path) -> None:
    put(tmp_path, "a.png", "more/b.png")
    found = find_artists([tmp_path], "Ash Varga")
    assert [artist.names for artist in found.artists] == [("Ash Varga",)]
    assert len(found.pictures) == 2


def test_several_sources(tmp_path: Path) -> None:
    put(tmp_path / "x", "Ash/a.png")
    put(tmp_path / "y", "Bo/a.png")
    found = find_artists([tmp_path / "x", tmp_path / "y"])
    assert [picture.key for picture in found.pictures] == ["x/Ash/a.png", "y/Bo/a.png"]


@pytest.mark.parametrize("name", ["missing", "file"])
def test_no_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="is not a folder"):
        find_artists([tmp_path / name])


def test_no_artist(tmp_path: Path) -> None:
    put(tmp_path, "notes.txt", "empty/notes.txt")
    with pytest.raises(UsageError, match="make a folder for each artist"):
        find_artists([tmp_path])


def test_two_folders_of_one_artist(tmp_path: Path) -> None:
    put(tmp_path, "one/a.png", "two/b.png")
    for folder in ("one", "two"):
        (tmp_path / folder / "artist.toml").write_text('names = ["Ash"]')
    with pytest.raises(UsageError, match="both of the artist 'Ash'"):
        find_artists([tmp_path])


def test_links_and_odd_names(tmp_path: Path) -> None:
    put(tmp_path, "Ash/new\nline.png", "Ash/quote\"'.png")
    (tmp_path / "Ash" / "broken.png").symlink_to(tmp_path / "nowhere")
    (tmp_path / "Ash" / "loop").symlink_to(tmp_path / "Ash")
    (tmp_path / "Ash" / os.fsdecode(b"bad\xff.png")).write_bytes(b"x")
    found = find_artists([tmp_path])
    assert len(found.pictures) == 4
    broken = next(picture for picture in found.pictures if "broken" in picture.key)
    assert broken.size == -1
