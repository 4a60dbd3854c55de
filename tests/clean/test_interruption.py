"""Killed at any step, a clean-up can be finished or taken back."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.clean import manifest as records
from auditor.clean.apply import apply
from auditor.clean.manifest import CleanUp
from auditor.clean.plan import Plan, make_plan
from auditor.clean.stage import stage, with_attached
from auditor.clean.undo import undo
from auditor.errors import DatasetError, ReportError, UsageError
from tests.clean.trees import copy_finding, imagefolder_jsonl, kohya, listed, snapshot, write

KILLER = """
import os, signal, sys
from pathlib import Path
from auditor.clean import apply as applying, disk, manifest as records, undo as undoing
steps = int(sys.argv[3])
def counted(real):
    def step(*words, **options):
        global steps
        steps -= 1
        if steps == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*words, **options)
    return step
for name in ("rename", "replace", "unlink", "rmdir", "mkdir"):
    setattr(Path, name, counted(getattr(Path, name)))
folder = Path(sys.argv[2])
getattr({"apply": applying, "undo": undoing}[sys.argv[1]], sys.argv[1])(records.load(folder), folder)
"""


def plan_for(root: Path) -> Plan:
    samples = listed(root, "imagefolder")
    flagged = sorted(sample.path for sample in samples if sample.trained)[1:4]
    return make_plan([copy_finding(path) for path in flagged], samples, {"high"})


@pytest.fixture
def staged(tmp_path: Path) -> tuple[Path, Path]:
    root = imagefolder_jsonl(tmp_path / "set")
    stage(plan_for(root), root, tmp_path / "aside", "0" * 64)
    return root, tmp_path / "aside"


def killed(verb: str, folder: Path, step: int) -> bool:
    done = subprocess.run([sys.executable, "-c", KILLER, verb, str(folder), str(step)], capture_output=True)
    if done.returncode != 0:
        assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    return done.returncode != 0


@pytest.mark.parametrize("step", [1, 3, 5, 7, 9])
def test_a_killed_run_is_finished_by_a_rerun(step: int, staged: tuple[Path, Path]) -> None:
    root, aside = staged
    before = snapshot(root)
    assert killed("apply", aside, step)
    apply(records.load(aside), aside)
    assert records.load(aside).state == "applied"
    assert len([key for key in snapshot(root) if key.endswith(".png")]) == 2
    undo(records.load(aside), aside)
    assert snapshot(root) == before


@pytest.mark.parametrize("step", [2, 4, 6, 8])
def test_a_killed_run_is_taken_back(step: int, staged: tuple[Path, Path]) -> None:
    root, aside = staged
    before = snapshot(root)
    assert killed("apply", aside, step)
    undo(records.load(aside), aside)
    assert snapshot(root) == before
    assert not aside.exists()


@pytest.mark.parametrize("step", [2, 4, 6])
def test_a_killed_undo_is_finished(step: int, staged: tuple[Path, Path]) -> None:
    root, aside = staged
    before = snapshot(root)
    apply(records.load(aside), aside)
    assert killed("undo", aside, step)
    undo(records.load(aside), aside)
    assert snapshot(root) == before


def test_the_dataset_is_untouched_while_staging(staged: tuple[Path, Path], tmp_path: Path) -> None:
    root, aside = staged
    fresh = imagefolder_jsonl(tmp_path / "other")
    assert snapshot(fresh) == snapshot(root)
    assert records.load(aside).state == "applying"


def test_a_listing_changed_meanwhile_is_not_overwritten(staged: tuple[Path, Path]) -> None:
    root, aside = staged
    write(root / "train" / "metadata.jsonl", "{}\n")
    with pytest.raises(DatasetError, match="changed since"):
        apply(records.load(aside), aside)


def test_undo_refuses_to_overwrite_and_touches_nothing(staged: tuple[Path, Path]) -> None:
    root, aside = staged
    manifest = apply(records.load(aside), aside)
    write(root / manifest.moved[0].path, b"another picture")
    write(root / "train" / "metadata.jsonl", "{}\n")
    before = snapshot(root)
    with pytest.raises(DatasetError, match="another file now stands"):
        undo(records.load(aside), aside)
    assert snapshot(root) == before
    assert records.load(aside).state == "applied"


def test_undo_says_when_what_was_set_aside_is_gone(staged: tuple[Path, Path]) -> None:
    _, aside = staged
    manifest = apply(records.load(aside), aside)
    (aside / "files" / manifest.moved[0].path).unlink()
    with pytest.raises(DatasetError, match="is not in"):
        undo(records.load(aside), aside)


def test_moving_across_file_systems(staged: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    root, aside = staged
    before = snapshot(root)

    def other_device(self: Path, target: Path) -> Path:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(Path, "rename", other_device)
    apply(records.load(aside), aside)
    undo(records.load(aside), aside)
    assert snapshot(root) == before


def test_folders_that_are_left_empty_go_and_come_back_with_their_mode(tmp_path: Path) -> None:
    root = kohya(tmp_path / "set")
    (root / "5_trees").chmod(0o750)
    before = snapshot(root)
    samples = listed(root, "kohya", caption_extension=".txt")
    plan = with_attached(make_plan([copy_finding("5_trees")], samples, {"high"}), root)
    apply(stage(plan, root, tmp_path / "aside", ""), tmp_path / "aside")
    assert snapshot(root) == {}
    undo(records.load(tmp_path / "aside"), tmp_path / "aside")
    assert snapshot(root) == before


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"format": "auditor-clean/2", "state": "applied"}',
        '{"format": "auditor-clean/1", "dataset": "/", "report": "", "state": "applied", "moved": '
        '[{"path": "../../etc/passwd", "digest": ""}], "rewritten": [], "folders": []}',
        '{"format": "auditor-clean/1", "dataset": "/", "report": "", "state": "later", "moved": [], '
        '"rewritten": [], "folders": []}',
    ],
)
def test_a_damaged_or_hostile_manifest_is_refused(tmp_path: Path, text: str) -> None:
    write(tmp_path / records.FILE, text)
    with pytest.raises(ReportError):
        records.load(tmp_path)


def test_a_run_killed_before_its_manifest_set_nothing_aside(tmp_path: Path) -> None:
    from auditor.clean.stage import check_place

    root = kohya(tmp_path / "set")
    write(tmp_path / "aside" / ".auditor-new-0123456789abcdef", "{")
    assert records.only_begun(tmp_path / "aside")
    check_place(root, tmp_path / "aside")
    write(tmp_path / "aside" / "other", "")
    assert not records.only_begun(tmp_path / "aside")
    assert not records.only_begun(tmp_path / "nowhere")


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="clean --to"):
        records.load(tmp_path)


def test_a_manifest_is_read_back(tmp_path: Path) -> None:
    manifest = CleanUp("/d", "0" * 64, "applied", (records.Moved("caf\udce9.png", "a"),), (), (("b", 0o755),))
    records.save(manifest, tmp_path)
    assert records.load(tmp_path) == manifest
    assert [path.name for path in tmp_path.iterdir()] == [records.FILE]


def test_a_listing_in_a_folder_with_a_dot(tmp_path: Path) -> None:
    root = imagefolder_jsonl(tmp_path / "set")
    (root / "train").rename(root / ".train")
    plan = Plan(files=(".train/ash.png",), listings=(".train/metadata.jsonl",))
    (change,) = stage(plan, root, tmp_path / "aside", "").rewritten
    assert change.dropped == 1


def test_places_that_will_not_do(tmp_path: Path) -> None:
    from auditor.clean.stage import check_place

    root = kohya(tmp_path / "set")
    with pytest.raises(UsageError, match="inside the dataset"):
        check_place(root, root / "aside")
    write(tmp_path / "full" / "x", "")
    with pytest.raises(UsageError, match="not empty"):
        check_place(root, tmp_path / "full")
    with pytest.raises(DatasetError, match="not a folder"):
        check_place(tmp_path / "nowhere", tmp_path / "aside")
    check_place(root, tmp_path / "new")


def test_a_link_that_leads_out_is_left_to_a_person(tmp_path: Path) -> None:
    from auditor.clean.stage import follow_links

    root = kohya(tmp_path / "set")
    write(tmp_path / "outside" / "a.png", b"x")
    (root / "5_link").symlink_to(tmp_path / "outside")
    (root / "5_inner").symlink_to(root / "5_trees")
    plan = follow_links(Plan(files=("5_link/a.png", "5_inner/ash.png", "5_trees/ash.png")), root)
    assert plan.files == ("5_trees/ash.png",)
    assert [item.path for item in plan.by_hand] == ["5_link/a.png"]
