"""Attesting a set and verifying it, as two people would, and with another implementation of the envelope."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from safetensors.numpy import load_file, save_file
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey

from tests.cli.inprocess import ok


@pytest.fixture(scope="module")
def attested(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean set with its report, a key and a signed statement."""
    root = tmp_path_factory.mktemp("attested")
    shutil.copytree(built / "clean", root / "set")
    ok(root, "scan", "set", "--index", built / "index", "-o", "json=report.json")
    ok(root, "index", "keygen", "my.key")
    ok(root, "attest", "report.json", "-o", "audit.json", "--key", "my.key", "--manifest", "set.sha256")
    return root


@pytest.fixture
def copy(attested: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(attested, tmp_path / "copy"))


def test_a_signed_statement_holds(attested: Path) -> None:
    said = ok(attested, "verify", "audit.json", "set", "--trust", "my.key.pub")
    assert "holds: 8 files of set, verdict pass" in said
    assert "Signed by SHA256:" in said


def test_another_implementation_verifies_the_envelope(attested: Path) -> None:
    envelope = Envelope.from_dict(json.loads((attested / "audit.json").read_text()))
    assert envelope.payload_type == "application/vnd.in-toto+json"
    public = load_pem_public_key((attested / "my.key.pub").read_bytes())
    # securesystemslib looks keys up by the id that the envelope gives
    (key_id,) = envelope.signatures
    key = SSlibKey.from_crypto(public, keyid=key_id)  # type: ignore[arg-type]
    assert set(envelope.verify([key], 1)) == {key_id}
    statement = json.loads(envelope.payload)
    manifest = (attested / "set.sha256").read_bytes()
    assert statement["subject"][0]["digest"]["dirHash"] == hashlib.sha256(manifest).hexdigest()


def test_one_changed_caption_byte_is_named(copy: Path) -> None:
    caption = copy / "set" / "601.txt"
    caption.write_bytes(caption.read_bytes().replace(b"a", b"b", 1))
    said = ok(copy, "verify", "audit.json", "set", "--trust", "my.key.pub", code=1)
    assert "does not hold: the dataset is not the one stated: 601.txt was changed" in said


def test_files_added_and_taken_away_are_named(copy: Path) -> None:
    (copy / "set" / "new.png").write_bytes(b"x")
    assert "new.png was added" in ok(copy, "verify", "audit.json", "set", "--trust", "my.key.pub", code=1)
    (copy / "set" / "new.png").unlink()
    (copy / "set" / "602.png").unlink()
    assert "602.png is missing" in ok(copy, "verify", "audit.json", "set", "--trust", "my.key.pub", code=1)


def test_signatures_are_asked_for_and_checked(copy: Path) -> None:
    assert "--trust" in ok(copy, "verify", "audit.json", "set", code=2)
    ok(copy, "index", "keygen", "other.key")
    assert "signature does not hold" in ok(copy, "verify", "audit.json", "set", "--trust", "other.key.pub", code=2)
    value = json.loads((copy / "audit.json").read_text())
    value["payload"] = value["payload"][:-8] + "AAAA" + value["payload"][-4:]
    (copy / "audit.json").write_text(json.dumps(value))
    ok(copy, "verify", "audit.json", "set", "--trust", "my.key.pub", code=2)


def test_an_unsigned_statement_says_that_it_is(copy: Path) -> None:
    ok(copy, "attest", "report.json", "-o", "plain.json")
    said = ok(copy, "verify", "plain.json", "set")
    assert "not signed" in said
    assert "--trust says nothing" in ok(copy, "verify", "plain.json", "set", "--trust", "my.key.pub", code=2)
    ok(copy, "attest", "report.json", "-o", "predicate.json", "--predicate-only")
    assert set(json.loads((copy / "predicate.json").read_text())) >= {"verdict", "coverage", "limits"}


def test_a_set_that_changed_since_the_report_is_not_attested(copy: Path) -> None:
    shutil.copy(copy / "set" / "600.png", copy / "set" / "601.png")
    said = ok(copy, "attest", "report.json", "-o", "new.json", code=2)
    assert "Scan again" in said
    assert not (copy / "new.json").exists()


def test_a_caption_that_changed_since_the_report_is_not_attested(copy: Path) -> None:
    (copy / "set" / "601.txt").write_text("a castle by somebody else")
    assert "Scan again" in ok(copy, "attest", "report.json", "-o", "new.json", code=2)


def test_an_edited_report_is_not_attested(built: Path, tmp_path: Path) -> None:
    ok(tmp_path, "scan", built / "set", "--index", built / "index", "-o", "json=report.json", code=1)
    report = json.loads((tmp_path / "report.json").read_text())
    report["verdict"]["result"] = "pass"
    (tmp_path / "report.json").write_text(json.dumps(report))
    said = ok(tmp_path, "attest", "report.json", "-o", "audit.json", code=2)
    assert "its verdict is pass, and fail follows from its findings and coverage" in said
    assert not (tmp_path / "audit.json").exists()


def test_what_lies_behind_a_link_is_stated_and_verified(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built / "clean", tmp_path / "set")
    (tmp_path / "set" / "600.txt").unlink()
    (tmp_path / "more").mkdir()
    (tmp_path / "set" / "600.png").rename(tmp_path / "more" / "x.png")
    (tmp_path / "set" / "linked").symlink_to(tmp_path / "more")
    ok(tmp_path, "scan", "set", "--index", built / "index", "-o", "json=report.json")
    assert "lies behind a link: linked" in ok(tmp_path, "attest", "report.json", "-o", "audit.json")
    ok(tmp_path, "verify", "audit.json", "set")
    (tmp_path / "more" / "x.png").write_bytes((built / "works" / "Mirela Ashdown" / "Work 1.png").read_bytes())
    assert "linked/x.png was changed" in ok(tmp_path, "verify", "audit.json", "set", code=1)


def test_own_files_inside_the_set_are_left_out(copy: Path, built: Path) -> None:
    ok(copy, "scan", "set", "--index", built / "index", "-o", "json=set/report.json")
    ok(copy, "attest", "set/report.json", "-o", "set/audit.json")
    said = ok(copy, "verify", "set/audit.json", "set")
    assert "Not part of the statement: report.json" in said
    assert "Not part of the statement: audit.json" in said


def test_a_lora_carries_the_statements_digest(copy: Path) -> None:
    weights = {"lora_up": np.arange(12, dtype=np.float32).reshape(3, 4)}
    save_file(weights, copy / "style.safetensors", metadata={"ss_x": "y"})
    assert "carries no statement" in ok(
        copy, "verify", "audit.json", "set", "--trust", "my.key.pub", "--lora", "style.safetensors", code=1
    )
    ok(copy, "attest", "report.json", "-o", "stamped.json", "--key", "my.key", "--stamp", "style.safetensors")
    assert load_file(copy / "style.safetensors")["lora_up"].tobytes() == weights["lora_up"].tobytes()
    ok(copy, "verify", "stamped.json", "set", "--trust", "my.key.pub", "--lora", "style.safetensors")
    save_file(weights, copy / "other.safetensors")
    ok(copy, "verify", "stamped.json", "set", "--trust", "my.key.pub", "--lora", "other.safetensors", code=1)


def test_a_failing_set_can_be_attested_and_does_not_verify_as_a_pass(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built / "set", tmp_path / "set")
    ok(tmp_path, "scan", "set", "--index", built / "index", "-o", "json=report.json", code=1)
    ok(tmp_path, "attest", "report.json", "-o", "audit.json")
    assert "verdict stated is fail" in ok(tmp_path, "verify", "audit.json", "set", code=1)


def test_missing_files_are_2(copy: Path) -> None:
    ok(copy, "verify", "nowhere.json", "set", code=2)
    ok(copy, "verify", "report.json", "set", code=2)
    ok(copy, "attest", "nowhere.json", "-o", "x.json", code=2)
