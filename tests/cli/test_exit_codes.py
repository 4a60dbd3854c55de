"""Every exit code, by a process of its own: a tool that is green when nothing was checked is worse than none."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, run_auditor
from tests.pictures import encoded, painting


def copy_of(built: Path, name: str, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built / name, tmp_path / name))


def test_clean_folder_passes(built: Path) -> None:
    done = run_auditor("scan", built / "clean", "--index", built / "index")
    assert done.returncode == 0, done.stderr
    assert "PASS" in done.stdout
    assert "not proof of absence" in done.stdout


def test_findings_fail_and_fail_on_none_reports_them_all_the_same(built: Path) -> None:
    done = run_auditor("scan", built / "set", "--index", built / "index")
    assert done.returncode == 1
    assert "Mirela Ashdown" in done.stdout
    assert "Tobias Quill" in done.stdout
    lenient = run_auditor("scan", built / "set", "--index", built / "index", "--fail-on", "none", "-o", "json")
    assert lenient.returncode == 0
    rules = {finding["rule"] for finding in json.loads(lenient.stdout)["findings"]}
    assert {"copy.exact", "copy.whole", "name.caption"} <= rules


@pytest.mark.parametrize("words", [("scan", "nowhere"), ("scan",), ("scan", "clean", "--layout", "kohyaa"), ("scna",)])
def test_usage_and_missing_paths_are_2(built: Path, words: tuple[str, ...]) -> None:
    done = run_auditor(*words, *(["--index", "index"] if words[0] == "scan" and len(words) > 1 else []), cwd=built)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_empty_folder_is_3(built: Path, tmp_path: Path) -> None:
    done = run_auditor("scan", tmp_path, "--index", built / "index")
    assert done.returncode == 3
    assert "INCOMPLETE" in done.stdout


def test_missing_index_is_2_and_says_what_to_do(built: Path, tmp_path: Path) -> None:
    done = run_auditor("scan", built / "clean", "--index", tmp_path / "none")
    assert done.returncode == 2
    assert "auditor index build" in done.stderr
    empty = tmp_path / "empty"
    empty.mkdir()
    assert run_auditor("scan", built / "clean", "--index", empty).returncode == 2


def test_an_index_without_entries_is_2(built: Path, tmp_path: Path) -> None:
    (tmp_path / "works").mkdir()
    done = run_auditor("index", "build", tmp_path / "works", "--out", tmp_path / "index")
    assert done.returncode == 2
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize("name", ["works.parquet", "artists.parquet", "index.json"])
def test_corrupt_index_is_2_and_names_the_file(built: Path, tmp_path: Path, name: str) -> None:
    index = copy_of(built, "index", tmp_path)
    path = next(index.rglob(name))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    done = run_auditor("scan", built / "clean", "--index", index)
    assert done.returncode == 2
    assert name in done.stderr


def test_newer_format_is_2(built: Path, tmp_path: Path) -> None:
    index = copy_of(built, "index", tmp_path)
    path = next(index.rglob("index.json"))
    path.write_text(path.read_text(encoding="utf-8").replace("auditor-index/1", "auditor-index/2"), encoding="utf-8")
    done = run_auditor("scan", built / "clean", "--index", index)
    assert done.returncode == 2
    assert "auditor-index/2" in done.stderr
    assert "newer" in done.stderr


def test_corrupt_picture_is_3_and_counted(built: Path, tmp_path: Path) -> None:
    folder = copy_of(built, "clean", tmp_path)
    whole = (folder / "600.png").read_bytes()
    (folder / "600.png").write_bytes(whole[: len(whole) // 2])
    done = run_auditor("scan", folder, "--index", built / "index", "-o", "json")
    assert done.returncode == 3
    coverage = json.loads(done.stdout)["coverage"]
    assert (coverage["seen"], coverage["audited"]) == (4, 3)
    assert sum(coverage["skipped"].values()) == 1


def test_no_permission_is_counted_not_dropped(built: Path, tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("the superuser may read everything")
    folder = copy_of(built, "clean", tmp_path)
    (folder / "601.png").chmod(0)
    done = run_auditor("scan", folder, "--index", built / "index", "-o", "json")
    assert done.returncode == 3
    assert json.loads(done.stdout)["coverage"]["skipped"] == {"unreadable": 1}


@pytest.mark.skipif(not hasattr(os, "setuid"), reason="needs POSIX users")
def test_no_permission_as_another_user(built: Path, tmp_path: Path) -> None:
    """The superuser may read everything, so there the scan runs as nobody."""
    if os.geteuid() != 0:
        pytest.skip("only the superuser can change user")
    root = Path(shutil.copytree(built, Path("/tmp") / f"auditor-permission-{os.getpid()}"))
    try:
        for path in [root, *root.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
        (root / "clean" / "601.png").chmod(0)
        code = f"import os, sys; os.setgid(65534); os.setuid(65534); sys.path.insert(0, {str(ROOT)!r}); " + (
            "from auditor.cli.main import run; sys.exit(run(sys.argv[1:]))"
        )
        words = ["scan", str(root / "clean"), "--index", str(root / "index"), "-o", "json", "-j", "1"]
        environment = {**os.environ, "HOME": str(root), "XDG_CACHE_HOME": "/nonexistent"}
        done = subprocess.run(
            [sys.executable, "-c", code, *words], capture_output=True, text=True, env=environment, cwd="/"
        )
        if "PermissionError" in done.stderr or "ModuleNotFoundError" in done.stderr:
            pytest.skip("nobody may not read the interpreter here")
        assert done.returncode == 3, done.stderr
        assert json.loads(done.stdout)["coverage"]["skipped"] == {"unreadable": 1}
        locked = root / "clean"
        locked.chmod(0)
        done = subprocess.run(
            [sys.executable, "-c", code, *words], capture_output=True, text=True, env=environment, cwd="/"
        )
        assert done.returncode == 2
    finally:
        shutil.rmtree(root, ignore_errors=True)


def test_ctrl_c_is_130_and_leaves_no_report(built: Path, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    data = encoded(painting(1, (1600, 1200)))
    for number in range(120):
        (folder / f"{number}.png").write_bytes(data + bytes([number]))
    target = tmp_path / "report.json"
    process = subprocess.Popen(
        [sys.executable, "-m", "auditor", "scan", str(folder), "--index", str(built / "index"), "-o", f"json={target}"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(tmp_path / "cache")},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    for _ in range(300):  # until the workers are there
        time.sleep(0.1)
        if subprocess.run(["ps", "--ppid", str(process.pid)], capture_output=True).stdout.count(b"\n") > 2:
            break
    time.sleep(0.3)
    os.killpg(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == 130, stderr
    assert "Interrupted" in stderr
    assert "Traceback" not in stderr
    assert list(tmp_path.glob("*report*")) == []


def test_a_crash_inside_a_check_is_2(built: Path, tmp_path: Path) -> None:
    code = (
        "import sys, auditor.checks.examine as audit\n"
        "def broken(*args, **kwargs): raise ZeroDivisionError('provoked')\n"
        "audit.examine_picture = broken\n"
        "from auditor.cli.main import run\n"
        "sys.exit(run(sys.argv[1:]))\n"
    )
    words = ["scan", str(built / "clean"), "--index", str(built / "index"), "--no-cache", "--engine", "serial"]
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 2
    assert "provoked" in done.stderr
    assert "bug" in done.stderr
    assert done.stdout == ""


def test_a_crash_anywhere_else_is_2_with_a_log(tmp_path: Path) -> None:
    code = (
        "import sys, auditor.cli.explain as verb\n"
        "def broken(*args): raise ZeroDivisionError('provoked')\n"
        "verb.stdout = broken\n"
        "from auditor.cli.main import run\n"
        "sys.exit(run(['explain']))\n"
    )
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path), "HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env=environment)
    assert done.returncode == 2
    assert "crashed: ZeroDivisionError: provoked" in done.stderr
    assert len(list(tmp_path.rglob("crash.log"))) == 1
