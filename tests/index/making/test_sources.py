from __future__ import annotations

import os
from pathlib import Path

import pytest

from auditor.errors import UsageError
from auditor.index.format.identity import artist_id
from auditor.index.making.sources import find_artists


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


@pytest.mark.parametrize(
    ("folders", "artists", "left_out"),
    [
        (["2023", "2024"], ["my-art"], []),
        (["2023", "dragons"], ["dragons"], ["2023"]),
        (["2023", "2024", "dragons"], ["my-art"], []),
        (["png", "wip", "castles"], ["my-art"], []),
        (["Ash Varga", "Bo", "misc"], ["Ash Varga", "Bo"], ["misc"]),
        (["Ash Varga", "Bo"], ["Ash Varga", "Bo"], []),
        (["April", "May"], ["April", "May"], []),
    ],
)
def test_folders_that_only_sort_are_one_artists(
    tmp_path: Path, folders: list[str], artists: list[str], left_out: list[str]
) -> None:
    for folder in folders:
        put(tmp_path / "my-art", f"{folder}/a.png")
    found = find_artists([tmp_path / "my-art"])
    assert [artist.names[0] for artist in found.artists] == artists
    assert [name for name, _ in found.left_out] == left_out
    assert len(found.pictures) == len(folders) - len(left_out)
    assert found.whole == (not left_out)


def test_loose_pictures_beside_folders_that_sort_belong_to_the_artist(tmp_path: Path) -> None:
    put(tmp_path / "my-art", "a.png", "2023/b.png", "2024/c.png")
    found = find_artists([tmp_path / "my-art"])
    assert (len(found.artists), len(found.pictures), found.loose) == (1, 3, ())


def test_loose_pictures_beside_artists_make_the_list_incomplete(tmp_path: Path) -> None:
    put(tmp_path, "logo.png", "Ash/b.png")
    found = find_artists([tmp_path])
    assert found.loose == ("logo.png",)
    assert not found.whole


def test_a_link_to_nowhere_is_an_original_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "x.png").symlink_to(tmp_path / "nowhere")
    assert [picture.size for picture in find_artists([tmp_path]).pictures] == [-1]


def test_a_described_folder_is_an_artist_whatever_it_is_called(tmp_path: Path) -> None:
    put(tmp_path, "2023/b.png", "Sketches/c.png")
    (tmp_path / "Sketches" / "artist.toml").write_text('names = ["Sketches"]')
    found = find_artists([tmp_path])
    assert [artist.names[0] for artist in found.artists] == ["Sketches"]
    assert [name for name, _ in found.left_out] == ["2023"]


def test_artists_below_years_are_not_made_one(tmp_path: Path) -> None:
    put(tmp_path, "2023/Ash/b.png", "2024/Bo/c.png")
    (tmp_path / "2024" / "Bo" / "artist.toml").write_text('names = ["Bo"]')
    with pytest.raises(UsageError, match="as SOURCE"):
        find_artists([tmp_path])
    found = find_artists([tmp_path / "2023", tmp_path / "2024"])
    assert [artist.names[0] for artist in found.artists] == ["Ash", "Bo"]


def test_originals_of_an_unread_kind_are_named_unless_exported_beside(tmp_path: Path) -> None:
    put(tmp_path / "Ash", "a.svg", "b.CR2", "b.jpg", "sub/c.kra", "d.txt", ".e.svg")
    found = find_artists([tmp_path])
    assert found.unread == ("Ash/a.svg", "Ash/sub/c.kra")
    assert [picture.key for picture in found.pictures] == ["Ash/b.jpg"]
    assert not found.whole


def test_a_folder_of_unread_originals_alone_is_an_artists(tmp_path: Path) -> None:
    put(tmp_path, "Ash/a.svg")
    found = find_artists([tmp_path])
    assert [artist.names[0] for artist in found.artists] == ["Ash"]
    assert found.unread == ("Ash/a.svg",)


def test_links_to_folders_are_named(tmp_path: Path) -> None:
    put(tmp_path / "else", "x.png")
    put(tmp_path / "art" / "Ash", "a.png")
    (tmp_path / "art" / "Ash" / "more").symlink_to(tmp_path / "else")
    found = find_artists([tmp_path / "art"])
    assert [why.split(".")[0] for _, why in found.left_out] == ["it is a link to a folder"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read everything")
def test_a_folder_that_cannot_be_listed_is_named(tmp_path: Path) -> None:
    put(tmp_path / "Ash", "a.png", "locked/b.png")
    (tmp_path / "Ash" / "locked").chmod(0)
    try:
        found = find_artists([tmp_path])
    finally:
        (tmp_path / "Ash" / "locked").chmod(0o755)
    assert "cannot be listed" in found.left_out[0][1]
