"""Every file is opened by the bounded reader and written by the atomic writer, or stands here with a reason."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "auditor"

OPENERS = frozenset(
    {
        "open", "io.open", "os.open", "os.fdopen", "tempfile.mkstemp", "tempfile.NamedTemporaryFile",
        "tempfile.TemporaryFile", "gzip.open", "bz2.open", "lzma.open", "tarfile.open", "tarfile.TarFile",
        "zipfile.ZipFile", "Image.open", "np.load", "np.save", "np.memmap", "np.fromfile", "mmap.mmap",
        "pa.memory_map", "pa.OSFile", "pa.input_stream", "pq.ParquetFile", "pq.ParquetWriter", "pq.read_table",
        "pq.write_table", "parquet.ParquetFile", "sqlite3.connect", "shutil.copy", "shutil.copy2", "shutil.copyfile",
        "safe_open", "csv.open_csv", "faiss.read_index", "faiss.write_index",
    }
)  # fmt: skip
METHODS = frozenset({"read_bytes", "read_text", "write_bytes", "write_text", "touch"})

SHIPPED = "a file of the package itself"
STREAM = "takes a stream that the bounded reader opened"
OWN = "inside a folder that this process has just made, and that takes its place in one step"
MAPPED = "mapped by its path, after `reading.require_file`"
EXEMPT: dict[tuple[str, str], str] = {
    ("names/reading/tables.py", "read_text"): SHIPPED,
    ("imaging/regions/rotation.py", "read_bytes"): SHIPPED,
    ("imaging/regions/rotation.py", "np.load"): "takes bytes in memory",
    ("imaging/conformance.py", "read_text"): SHIPPED,
    ("report/json.py", "read_text"): SHIPPED,
    ("report/html.py", "read_text"): SHIPPED,
    ("version.py", "read_bytes"): SHIPPED,
    ("imaging/pixels.py", "Image.open"): "takes bytes in memory",
    ("report/parquet.py", "pq.write_table"): "writes to memory",
    ("datasets/reading/archives/tarfiles.py", "tarfile.open"): STREAM,
    ("datasets/reading/archives/zipfiles.py", "zipfile.ZipFile"): STREAM,
    ("datasets/layouts/huggingface/imagefolder_rows.py", "zipfile.ZipFile"): STREAM,
    ("datasets/reading/tables.py", "parquet.ParquetFile"): STREAM,
    ("datasets/reading/textrows.py", "pq.ParquetFile"): STREAM,
    ("clean/archives.py", "tarfile.open"): STREAM + "; what it writes lies " + OWN,
    ("clean/archives.py", "zipfile.ZipFile"): STREAM + "; what it writes lies " + OWN,
    ("clean/archives.py", "pq.ParquetFile"): STREAM,
    ("clean/archives.py", "open mode"): OWN,
    ("clean/disk.py", "open mode"): "a copy of its own atomic kind: the manifest knows the name of what is unfinished",
    ("clean/archives.py", "pq.ParquetWriter"): OWN,
    ("index/search/region_store.py", "np.load"): MAPPED,
    ("index/search/region_store.py", "np.memmap"): MAPPED,
    ("index/opening/store.py", "pq.ParquetFile"): MAPPED,
    ("index/search/region_store.py", "np.save"): OWN,
    ("index/search/region_store.py", "open mode"): OWN,
    ("index/search/region_store.py", "write_text"): OWN,
    ("index/search/region_store.py", "touch"): "marks the note of a folder that was just read",
    ("index/disk/atomic_folder.py", "pq.ParquetWriter"): OWN,
    ("index/making/spool.py", "pq.write_table"): "beside its final name, in the spool's own folder",
    ("index/making/spool.py", "pq.read_table"): "a part that this process wrote or has checked",
    ("index/making/spool.py", "pq.ParquetFile"): MAPPED,
    ("index/disk/locks.py", "os.open"): "the lock: made without following links",
    ("run/memory/store.py", "sqlite3.connect"): "after `reading.require_file`; SQLite opens it by its path",
    ("cli/main.py", "os.open"): "the null device, where nobody reads standard output any more",
    ("cli/scan.py", "touch"): "asks whether the user's cache folder can be written",
}  # fmt: skip


def calls(path: Path) -> set[str]:
    """What of the lists above a file calls."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        if name in OPENERS:
            found.add(name)
        elif isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
            if not name.startswith("reading."):
                found.add(node.func.attr)
        elif isinstance(node.func, ast.Attribute) and node.func.attr == "open" and _names_a_mode(node):
            found.add("open mode")
    return found


def _names_a_mode(call: ast.Call) -> bool:
    modes = [*call.args, *(word.value for word in call.keywords if word.arg == "mode")]
    texts = [item.value for item in modes if isinstance(item, ast.Constant)]
    return not call.args or any(isinstance(text, str) and set(text) <= set("rwxabt+") for text in texts)


FILES = sorted(
    path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE / "support" and "names/data" not in path.as_posix()
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_files_are_opened_by_support_only(path: Path) -> None:
    place = path.relative_to(PACKAGE).as_posix()
    raw = {name for name in calls(path) if (place, name) not in EXEMPT}
    assert not raw, f"{place}: {sorted(raw)}: use auditor.support.reading or auditor.support.writing"


def test_every_exemption_is_used() -> None:
    used = {(path.relative_to(PACKAGE).as_posix(), name) for path in FILES for name in calls(path)}
    assert set(EXEMPT) - used == set()


def test_the_walk_sees_raw_opens(tmp_path: Path) -> None:
    raw = ("open('x')", "Path('x').open('rb')", "p.open()", "p.read_text()", "os.open('x', 0)", "p.open(mode='w')")
    for line in raw:
        (tmp_path / "a.py").write_text(line)
        assert calls(tmp_path / "a.py"), line
    for line in ("archive.open(info)", "reading.read_text(p, 1)", "reading.open_file(p)"):
        (tmp_path / "a.py").write_text(line)
        assert not calls(tmp_path / "a.py"), line
