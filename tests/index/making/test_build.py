from __future__ import annotations

import hashlib
import io
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import imagehash
import numpy as np
import pytest
from PIL import Image

from auditor.errors import IndexProblem, UsageError
from auditor.imaging.pixels import decode
from auditor.index.making import build as module
from auditor.index.making.build import BuildOptions, BuildResult, build
from auditor.index.making.carry import NO_LONGER_THERE
from auditor.index.making.editing import Tombstone, withdraw
from auditor.index.making.hashing import Hashed, HashJob
from auditor.index.making.verify import verify_index
from auditor.index.making.versions import Label, update
from auditor.index.opening.store import open_index
from auditor.index.search.columns import open_searcher
from auditor.index.search.region_columns import features_of
from tests.index.samples import gallery, picture

TODAY = date(2026, 3, 1)


def run(source: Path, out: Path, *, spool: Path | None = None, **options: object) -> BuildResult:
    return build([source], out, BuildOptions(**{"jobs": 1, **options}), today=TODAY, spool=spool)  # type: ignore[arg-type]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    gallery(tmp_path / "artists", "Ash Varga", 3)
    gallery(tmp_path / "artists", "Bo", 2, first=10)
    return tmp_path / "artists"


def test_every_hash_of_every_picture(source: Path, tmp_path: Path) -> None:
    result = run(source, tmp_path / "index")
    assert (result.added, result.skipped, result.duplicates, result.unchanged) == (5, (), 0, False)
    index = open_index(tmp_path / "index")
    assert [artist.names for artist in index.artists] == [("Ash Varga",), ("Bo",)]
    works = list(index.works())
    assert [work.title for work in works] == [f"picture-{n}.png" for n in (0, 1, 2, 10, 11)]
    raw = (source / "Bo" / "picture-11.png").read_bytes()
    last = works[-1]
    assert last.sha256 == (hashlib.sha256(raw).digest(),)
    assert last.work_id == hashlib.sha256(raw).hexdigest()[:24]
    assert (last.width, last.height) == (200, 160)
    with Image.open(io.BytesIO(raw)) as opened:
        assert last.phash == np.packbits(imagehash.phash(opened).hash.flatten()).tobytes()
    assert last.pdq_quality is not None
    assert last.pdq_quality > 50
    tables = [table for _, table in index.region_tables()]
    assert sum(table.num_rows for table in tables) == 5
    assert all(len(item) > 0 for table in tables for item in features_of(table))
    verify_index(tmp_path / "index", today=TODAY)


def test_no_picture_and_no_path_is_kept(source: Path, tmp_path: Path) -> None:
    run(source, tmp_path / "index", titles=False)
    assert [work.title for work in open_index(tmp_path / "index").works()] == [None] * 5
    everything = b"".join(path.read_bytes() for path in (tmp_path / "index").iterdir())
    assert b"picture-" not in everything
    assert str(tmp_path).encode() not in everything


def test_a_copy_is_found_again(source: Path, tmp_path: Path) -> None:
    run(source, tmp_path / "index")
    searcher = open_searcher([open_index(tmp_path / "index")])
    smaller = io.BytesIO()
    picture(11).resize((150, 120)).save(smaller, "JPEG", quality=60)
    hashed = module.hash_all([], 1)
    assert list(hashed) == []
    from auditor.imaging.perceptual import whole_views

    view = whole_views(decode(smaller.getvalue()))[0]
    hits = searcher.by_hash("pdq", view.pdq, 31)
    assert [searcher.listed(hit.work).work.title for hit in hits] == ["picture-11.png"]
    assert hits[0].query == 0


def test_worker_processes_give_the_same_index(tmp_path: Path) -> None:
    gallery(tmp_path / "artists", "Ash", 24)
    one = run(tmp_path / "artists", tmp_path / "one", jobs=1, label=Label(name="x", id="i"))
    two = run(tmp_path / "artists", tmp_path / "two", jobs=2, label=Label(name="x", id="i"))
    assert one.manifest.digest == two.manifest.digest
    assert one.manifest.counts["works"] == 24


def test_pictures_that_cannot_be_read_are_counted(source: Path, tmp_path: Path) -> None:
    bo = source / "Bo"
    (bo / "text.png").write_text("not a picture")
    (bo / "empty.jpg").write_bytes(b"")
    whole = (bo / "picture-10.png").read_bytes()
    (bo / "cut.png").write_bytes(whole[: len(whole) // 2])
    (bo / "link.png").symlink_to(bo / "nowhere.png")
    result = run(source, tmp_path / "index")
    assert [skip.sample for skip in result.skipped] == ["Bo/cut.png", "Bo/empty.jpg", "Bo/link.png", "Bo/text.png"]
    assert all(skip.reason and skip.detail for skip in result.skipped)
    assert result.manifest.counts["works"] == 5


def test_a_repeated_file_counts_once_for_each_artist(source: Path, tmp_path: Path) -> None:
    shutil.copy(source / "Bo" / "picture-10.png", source / "Bo" / "again.png")
    shutil.copy(source / "Bo" / "picture-10.png", source / "Ash Varga" / "mine.png")
    result = run(source, tmp_path / "index")
    assert result.duplicates == 1
    assert result.manifest.counts["works"] == 6
    digest = hashlib.sha256((source / "Bo" / "again.png").read_bytes()).digest()
    assert len(open_searcher([open_index(tmp_path / "index")]).by_file_sha256(digest)) == 2
    verify_index(tmp_path / "index", today=TODAY)


def test_what_artist_toml_says_of_works(source: Path, tmp_path: Path) -> None:
    (source / "Bo" / "artist.toml").write_text(
        'names = ["Bo Li"]\npreference = "constrained"\n'
        '[works."picture-10.png"]\ntitle = "Ten"\nuri = "https://example.org/10"\npreference = "allowed"\n'
    )
    run(source, tmp_path / "index")
    index = open_index(tmp_path / "index")
    assert index.artists[1].names == ("Bo Li",)
    ten = next(work for work in index.works() if work.title == "Ten")
    assert ten.uri == "https://example.org/10"
    assert ten.preference.generative_training == "allowed"
    assert open_searcher([index]).by_file_sha256(ten.sha256[0]) == ()


def test_without_regions(source: Path, tmp_path: Path) -> None:
    run(source, tmp_path / "index", regions=False)
    index = open_index(tmp_path / "index")
    assert not index.has_regions
    assert "regions@1" not in index.manifest.hashes


def test_building_again_changes_nothing(source: Path, tmp_path: Path) -> None:
    first = run(source, tmp_path / "index")
    again = run(source, tmp_path / "index")
    assert again.unchanged
    assert again.manifest == first.manifest


def test_the_next_version_follows_the_first(source: Path, tmp_path: Path) -> None:
    first = run(source, tmp_path / "index")
    (source / "Bo" / "picture-10.png").unlink()
    picture(50).save(source / "Bo" / "new.png")
    second = run(source, tmp_path / "index")
    assert (second.added, second.withdrawn) == (1, 1)
    assert second.manifest.version == 2
    assert second.manifest.id == first.manifest.id
    assert second.manifest.previous is not None
    assert second.manifest.previous.digest == first.manifest.digest
    gone = [work for work in open_index(tmp_path / "index").works() if work.status != "active"]
    assert [(work.status, work.status_note, work.sha256, work.title) for work in gone] == [
        ("withdrawn", NO_LONGER_THERE, (), None)
    ]
    verify_index(tmp_path / "index", today=TODAY)
    picture(10).save(source / "Bo" / "picture-10.png")
    third = run(source, tmp_path / "index")
    assert third.manifest.counts["works"] == 6
    assert third.manifest.counts["tombstones"] == 0


def test_what_a_person_withdrew_stays_withdrawn(source: Path, tmp_path: Path) -> None:
    run(source, tmp_path / "index")
    target = next(iter(open_index(tmp_path / "index").works()))
    stone = Tombstone("false-match", "2026-02-02")
    update(tmp_path / "index", lambda content, _: withdraw(content, [target.work_id], ["Bo"], stone), today=TODAY)
    result = run(source, tmp_path / "index")
    assert (result.still_withdrawn, result.added, result.manifest.counts["works"]) == (3, 0, 2)
    assert run(source, tmp_path / "index").unchanged
    assert open_searcher([open_index(tmp_path / "index")]).by_file_sha256(target.sha256[0]) == ()


def test_adding_keeps_what_is_listed(source: Path, tmp_path: Path) -> None:
    (source / "Bo" / "artist.toml").write_text('aliases = ["bo_li"]\npreference = "constrained"')
    run(source, tmp_path / "index")
    gallery(tmp_path / "more", "Cy", 1, first=30)
    gallery(tmp_path / "more", "Bo", 1, first=31)
    result = run(tmp_path / "more", tmp_path / "index", keep=True)
    assert (result.added, result.withdrawn, result.manifest.counts["works"]) == (2, 0, 7)
    bo = next(artist for artist in open_index(tmp_path / "index").artists if artist.names == ("Bo",))
    assert (bo.aliases, bo.preference) == (("bo_li",), "constrained")
    verify_index(tmp_path / "index", today=TODAY)


class Interrupted(Exception):
    pass


def test_an_interrupted_build_resumes(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    stop_after = 3

    def slow(jobs: Sequence[HashJob], workers: int) -> object:
        for place, job in enumerate(jobs):
            if len(hashed) == stop_after:
                raise Interrupted
            hashed.append(job.key)
            yield place, module_hash(job)

    from auditor.index.making.hashing import hash_picture as module_hash

    monkeypatch.setattr(module, "hash_all", slow)
    with pytest.raises(Interrupted):
        run(source, tmp_path / "index", spool=tmp_path / "spool")
    assert not (tmp_path / "index").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["artists", "spool"]
    stop_after = 99
    result = run(source, tmp_path / "index", spool=tmp_path / "spool")
    assert result.resumed == 3
    assert len(hashed) == 5
    assert result.manifest.counts["works"] == 5
    assert not (tmp_path / "spool").exists()


def test_a_picture_that_changed_is_hashed_again(source: Path, tmp_path: Path) -> None:
    spool = module.Spool(tmp_path / "spool")
    found = module.find_artists([source])
    stale = found.pictures[0]
    spool.add(module._mark(stale, BuildOptions()), Hashed(stale.key, "truncated", "old"))
    spool.flush()
    picture(77).save(stale.path)
    result = run(source, tmp_path / "index", spool=tmp_path / "spool")
    assert result.resumed == 0
    assert result.skipped == ()


def test_nothing_is_left_behind_without_a_spool(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(jobs: object, workers: int) -> object:
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(module, "hash_all", broken)
    with pytest.raises(KeyboardInterrupt):
        run(source, tmp_path / "index")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["artists"]


def test_only_unreadable_pictures_still_list_the_names(tmp_path: Path) -> None:
    (tmp_path / "artists" / "Ash").mkdir(parents=True)
    (tmp_path / "artists" / "Ash" / "a.png").write_text("x")
    result = run(tmp_path / "artists", tmp_path / "index")
    assert len(result.skipped) == 1
    assert result.manifest.counts["artists"] == 1
    assert result.manifest.counts["works"] == 0


def test_errors_come_before_any_work(source: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not a folder"):
        run(tmp_path / "nowhere", tmp_path / "index")
    with pytest.raises(UsageError, match="holds files but no index"):
        run(source, source)
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "index.json").write_text("{}")
    with pytest.raises(IndexProblem, match=r"index\.json is damaged"):
        run(source, tmp_path / "index")


def test_progress_is_told(source: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    build(
        [source],
        tmp_path / "index",
        BuildOptions(jobs=1),
        today=TODAY,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(n, 5) for n in range(6)]
