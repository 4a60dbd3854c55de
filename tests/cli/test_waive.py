"""From a scan over a waiver to a pass, as a user does it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.inprocess import call


@pytest.fixture
def scanned(built: Path, tmp_path: Path) -> Path:
    """A copy of the set with its report beside it."""
    shutil.copytree(built / "set", tmp_path / "set")
    scan(tmp_path, built)
    return tmp_path


def scan(folder: Path, built: Path, *words: str, code: int = 1) -> dict[str, object]:
    done = call("scan", "set", "--index", built / "index", "-o", "json=report.json", *words, cwd=folder)
    assert done.returncode == code, done.stderr
    value: dict[str, object] = json.loads((folder / "report.json").read_text())
    return value


def findings(folder: Path) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads((folder / "report.json").read_text())["findings"]
    return rows


def waive(folder: Path, *words: str, code: int = 0) -> str:
    done = call("waive", "report.json", *words, cwd=folder)
    assert done.returncode == code, done.stderr
    return done.stderr


DECIDED = ("--reason", "We asked.", "--by", "ana")


def test_waiving_everything_makes_the_set_pass(scanned: Path, built: Path) -> None:
    prints = [str(row["fingerprint"])[:12] for row in findings(scanned) if row["severity"] == "high"]
    said = waive(scanned, *prints, *DECIDED, "--evidence", "letters/3.txt")
    assert f"{len(prints)} recorded in waivers.jsonl" in said
    lines = (scanned / "waivers.jsonl").read_text().splitlines()
    assert len(lines) == len(prints)
    assert lines == sorted(lines)
    value = scan(scanned, built, "--waivers", "waivers.jsonl", code=0)
    waived = [row for row in findings(scanned) if row["waived"]]
    assert {str(row["fingerprint"])[:12] for row in waived} == set(prints)
    assert len(value["waivers"]) == len(prints)  # type: ignore[arg-type]


def test_one_more_waiver_changes_one_line(scanned: Path) -> None:
    first, second = (str(row["fingerprint"]) for row in findings(scanned)[:2])
    waive(scanned, first, *DECIDED)
    before = (scanned / "waivers.jsonl").read_text().splitlines()
    waive(scanned, second, *DECIDED)
    after = (scanned / "waivers.jsonl").read_text().splitlines()
    assert len(after) == 2
    assert [line for line in after if line in before] == before
    waive(scanned, second, "--reason", "Other words.", "--by", "ana")
    assert len((scanned / "waivers.jsonl").read_text().splitlines()) == 2


def test_a_licence_covers_an_artist(scanned: Path, built: Path) -> None:
    artist = next(row["artist"]["id"] for row in findings(scanned) if row["artist"])  # type: ignore[index]
    waive(scanned, "--artist", artist, *DECIDED, "--until", "2999-12-31")
    scan(scanned, built, "--waivers", "waivers.jsonl")
    for row in findings(scanned):
        about = row["artist"] and row["artist"]["id"] == artist  # type: ignore[index]
        assert row["waived"] is bool(about)


@pytest.mark.parametrize("name", ["Tobias Quill", "tobias quill", "tobias-quill"])
def test_an_artist_is_named_as_the_report_shows_them(scanned: Path, name: str) -> None:
    said = waive(scanned, "--artist", name, *DECIDED)
    (line,) = (scanned / "waivers.jsonl").read_text().splitlines()
    artist = json.loads(line)["artist"]
    assert f"licence of Tobias Quill ({artist})" in said
    assert artist in {row["artist"]["id"] for row in findings(scanned) if row["artist"]}  # type: ignore[index]


def test_a_name_of_several_artists_is_refused_with_their_ids(scanned: Path) -> None:
    report = json.loads((scanned / "report.json").read_text())
    ids = []
    for number, row in enumerate(report["findings"]):
        if row["artist"]:
            row["artist"] = {"id": f"kim-{number:08x}", "name": "Kim"}
            ids.append(row["artist"]["id"])
    (scanned / "report.json").write_text(json.dumps(report))
    said = waive(scanned, "--artist", "Kim", *DECIDED, code=2)
    assert "several artists are called so" in said
    assert all(identity in said for identity in ids)
    assert len(ids) > 1
    waive(scanned, "--artist", ids[0], *DECIDED)


def test_a_renewed_licence_takes_the_place_of_the_earlier_one(scanned: Path) -> None:
    waive(scanned, "--artist", "Tobias Quill", *DECIDED, "--until", "2998-12-31")
    said = waive(scanned, "--artist", "Tobias Quill", *DECIDED, "--until", "2999-12-31")
    assert "in place of an earlier one" in said
    waive(scanned, "--artist", "Tobias Quill", "--rule", "name", *DECIDED)
    lines = (scanned / "waivers.jsonl").read_text().splitlines()
    assert sorted(json.loads(line).get("until", "") for line in lines) == ["", "2999-12-31"]


def test_the_page_names_the_report_that_its_command_needs(scanned: Path, built: Path) -> None:
    def command(page: str) -> object:
        return json_of(scanned / page)["waive"]

    words = ("scan", "set", "--index", built / "index", "-o", "html=a.html")
    call(*words, "-o", "json=my report.json", cwd=scanned)
    assert command("a.html") == "auditor waive 'my report.json'"
    call(*words, cwd=scanned)
    assert command("a.html") is None
    call("report", "report.json", "-o", "html=b.html", cwd=scanned)
    assert command("b.html") == "auditor waive report.json"


def test_unused_and_expired_waivers_are_findings_and_can_be_pruned(scanned: Path, built: Path) -> None:
    first, second, *_ = (str(row["fingerprint"]) for row in findings(scanned))
    waive(scanned, first, *DECIDED, "--until", "2999-12-31")
    ended = (scanned / "waivers.jsonl").read_text().replace("2999-12-31", "2020-01-01")
    (scanned / "waivers.jsonl").write_text(ended)
    waive(scanned, second, *DECIDED)
    stray = {"fingerprint": "0" * 64, "rule": "copy.exact", "reason": "old", "by": "ana", "created": "2020-01-01"}
    with (scanned / "waivers.jsonl").open("a") as stream:
        stream.write(json.dumps(stray) + "\n")
    scan(scanned, built, "--waivers", "waivers.jsonl")
    rules = [row["rule"] for row in findings(scanned)]
    assert rules.count("waiver.unused") == 1
    assert rules.count("waiver.expired") == 1
    done = call("waivers", "prune", "report.json", "--dry-run", cwd=scanned)
    assert "1 of 3 would be removed" in done.stderr
    done = call("waivers", "prune", "report.json", "--expired", cwd=scanned)
    assert "2 of 3 removed" in done.stderr
    (line,) = (scanned / "waivers.jsonl").read_text().splitlines()
    assert json.loads(line)["fingerprint"] == second
    listed = call("waivers", "list", cwd=scanned)
    assert listed.stdout.startswith(second[:12])
    assert "holds for good" in listed.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("12345678", *DECIDED), "no finding of the report"),
        (("1234", *DECIDED), "at least 8 digits"),
        (DECIDED, "by fingerprint, or an artist"),
        (("--artist", "nobody", *DECIDED), "is about this artist"),
        (("--artist", "nobody", "12345678", *DECIDED), "not both"),
        (("--artist", "Tobias Quill", *DECIDED, "--until", "2020-01-01"), "has passed"),
        (("--artist", "Tobias Quill", "--reason", " ", "--by", "ana"), "--reason is empty"),
        (("--artist", "Tobias Quill", "--reason", "x", "--by", ""), "--by is empty"),
    ],
)
def test_what_cannot_be_waived_is_said(scanned: Path, words: tuple[str, ...], said: str) -> None:
    assert said in waive(scanned, *words, code=2)
    assert not (scanned / "waivers.jsonl").exists()


def test_the_configurations_file_is_the_one_written_to_and_read(scanned: Path, built: Path) -> None:
    (scanned / "auditor.toml").write_text(f'index = ["{built / "index"}"]\nwaivers = "team/decided.jsonl"\n')
    (scanned / "team").mkdir()
    prints = [str(row["fingerprint"]) for row in findings(scanned)]
    waive(scanned, *prints, *DECIDED)
    assert len((scanned / "team" / "decided.jsonl").read_text().splitlines()) == len(set(prints))
    done = call("scan", "set", cwd=scanned)
    assert done.returncode == 0, done.stderr
    assert call("waivers", "list", cwd=scanned).stdout.count("holds for good") == len(set(prints))


def test_a_wrong_date_is_refused(scanned: Path) -> None:
    first = str(findings(scanned)[0]["fingerprint"])
    assert "give a day such as" in waive(scanned, first, *DECIDED, "--until", "tomorrow", code=2)


def test_report_writes_other_formats_without_the_dataset(scanned: Path) -> None:
    shutil.rmtree(scanned / "set")
    done = call("report", "report.json", "-o", "html=a.html", "-o", "sarif=a.sarif", "-o", "junit=a.xml", cwd=scanned)
    assert done.returncode == 0, done.stderr
    assert "shows no pictures" in done.stderr
    assert json.loads((scanned / "a.sarif").read_text())["version"] == "2.1.0"
    again = call("report", "report.json", "-o", "json", cwd=scanned)
    assert again.stdout == (scanned / "report.json").read_text()


def test_report_brings_blurred_previews_and_thumbnails_only_when_asked(scanned: Path) -> None:
    done = call("report", "report.json", "-o", "html=blurred.html", cwd=scanned)
    assert done.returncode == 0, done.stderr
    call("report", "report.json", "-o", "html=clear.html", "--thumbnails", cwd=scanned)
    blurred, clear = (json_of(scanned / name)["previews"] for name in ("blurred.html", "clear.html"))
    assert set(blurred) == set(clear) == {"10_landscape/a.png", "10_landscape/b.jpg"}
    assert all(row["blurred"] and len(row["uri"]) < 2_000 for row in blurred.values())
    assert not any(row["blurred"] for row in clear.values())


def json_of(path: Path) -> dict[str, dict[str, dict[str, object]]]:
    text = path.read_text()
    start = text.index('id="data">') + len('id="data">')
    value: dict[str, dict[str, dict[str, object]]] = json.loads(text[start : text.index("</script>", start)])
    return value


def test_a_missing_or_broken_report_is_2(scanned: Path) -> None:
    assert "auditor scan" in call("report", "nowhere.json", cwd=scanned).stderr
    (scanned / "report.json").write_text("{")
    done = call("report", "report.json", cwd=scanned)
    assert done.returncode == 2
    assert "not JSON" in done.stderr
