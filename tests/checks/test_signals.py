"""Findings about what files reserve."""

from __future__ import annotations

import json

import pytest

from auditor.checks.signals import examine_signals
from auditor.checks.table import Holdings, every, not_run
from auditor.metadata.policies import parse_policies
from auditor.metadata.read import read_metadata
from auditor.metadata.values import FileMetadata, Reservation
from auditor.model import Finding
from auditor.rules import BY_ID
from auditor.support import extras
from tests.metadata.material import making, signing

CONTENT = "ab" * 32


def findings(data: bytes, sidecars: tuple[tuple[str, bytes], ...] = ()) -> list[Finding]:
    return list(examine_signals(CONTENT, read_metadata(data, sidecars)))


def rules(data: bytes, sidecars: tuple[tuple[str, bytes], ...] = ()) -> list[str]:
    return [finding.rule for finding in findings(data, sidecars)]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("DMI-PROHIBITED", ["signal.prohibited"]),
        ("DMI-PROHIBITED-AIMLTRAINING", ["signal.prohibited"]),
        ("DMI-PROHIBITED-GENAIMLTRAINING", ["signal.prohibited"]),
        ("DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING", ["signal.prohibited"]),
        ("DMI-PROHIBITED-SEECONSTRAINT", ["signal.constrained"]),
        ("DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR", ["signal.constrained"]),
        ("DMI-PROHIBITED-SEELINKEDRIGHTSEXPR", ["signal.constrained"]),
        ("DMI-ALLOWED", ["signal.context"]),
        ("DMI-UNSPECIFIED", []),
        ("DMI-ALLOWED-noaitraining", ["signal.prohibited", "signal.draft-vocabulary"]),
    ],
)
def test_each_code_has_its_rule(code: str, expected: list[str]) -> None:
    assert rules(making.jpeg_xmp(making.data_mining(code))) == expected


def test_a_finding_names_field_value_vocabulary_and_place() -> None:
    (found,) = findings(making.jpeg_xmp(making.data_mining("DMI-PROHIBITED")))
    assert found.message == (
        "The file reserves all data mining (IPTC/PLUS plus:DataMining = DMI-PROHIBITED), in XMP in JPEG APP1."
    )
    assert found.severity == "high"
    assert dict(found.details)["value"] == making.VOCABULARY + "DMI-PROHIBITED"
    assert dict(found.details)["vocabulary"] == "IPTC/PLUS"
    assert list(found.details) == sorted(found.details)
    assert (found.sample, found.artist, found.work) == ("", None, None)


def test_one_statement_in_several_places_is_one_finding() -> None:
    packet = making.data_mining("DMI-PROHIBITED")
    bare = making.packet("<plus:DataMining>dmi-prohibited</plus:DataMining>")
    (found,) = findings(making.jpeg_xmp(packet), (("a.xmp", bare),))
    assert "XMP in JPEG APP1, XMP in sidecar a.xmp" in found.message


def test_the_fingerprint_depends_on_content_and_statement_alone() -> None:
    first, second = making.data_mining("DMI-PROHIBITED"), making.data_mining("DMI-PROHIBITED-AIMLTRAINING")
    one = findings(making.jpeg_xmp(first))[0].fingerprint
    assert findings(making.png(making.chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + first)))[0].fingerprint == one
    assert findings(making.jpeg_xmp(second))[0].fingerprint != one
    (other,) = examine_signals("cd" * 32, read_metadata(making.jpeg_xmp(first)))
    assert other.fingerprint != one


def test_allowed_never_takes_anything_away() -> None:
    packet = making.packet(
        f"<plus:DataMining>{making.VOCABULARY}DMI-ALLOWED</plus:DataMining>"
        "<cc:license rdf:resource='https://creativecommons.org/publicdomain/zero/1.0/'/>"
        "<dc:rights>No AI training</dc:rights>"
    )
    sidecar = making.data_mining("DMI-PROHIBITED")
    found = findings(making.jpeg_xmp(packet), (("a.xmp", sidecar),))
    assert sorted(finding.rule for finding in found) == [
        "signal.context",
        "signal.context",
        "signal.natural-language",
        "signal.prohibited",
    ]
    assert {finding.severity for finding in found if finding.rule == "signal.context"} == {"low"}


@pytest.mark.parametrize("value", ["CC BY 4.0", "This work is in the public domain", "Creative Commons Zero"])
def test_licences_in_rights_fields_are_context(value: str) -> None:
    assert rules(making.png(making.text("Copyright", value))) == ["signal.context"]


def test_plain_copyright_is_no_finding() -> None:
    assert rules(making.png(making.text("Copyright", "(c) 2024 Somebody. All rights reserved."))) == []


def test_a_reservation_in_words_is_its_own_class_with_its_span() -> None:
    (found,) = findings(making.jpeg_iptc(making.iptc_record(40, b"Stock use only. No AI training.")))
    assert (found.rule, found.severity) == ("signal.natural-language", "medium")
    assert found.text is not None
    assert found.text.value[found.text.start : found.text.end].startswith("No AI")
    assert found.text.source == "IPTC SpecialInstructions"


@pytest.mark.parametrize(
    ("uses", "rule"),
    [
        ({"ai_generative_training": "notAllowed"}, "signal.prohibited"),
        ({"ai_generative_training": "notAllowed", "ai_training": "notAllowed", "data_mining": "notAllowed"},
         "signal.prohibited"),
        ({"ai_training": "notAllowed"}, "signal.review"),
        ({"ai_training": "notAllowed", "ai_generative_training": "allowed"}, "signal.review"),
        ({"ai_generative_training": "constrained"}, "signal.prohibited"),
        ({"ai_generative_training": {"use": "constrained", "constraint_info": "ask"}}, "signal.constrained"),
        ({"ai_generative_training": "allowed"}, "signal.context"),
    ],
)  # fmt: skip
def test_the_strongest_entry_of_an_assertion_is_the_finding(uses: dict[str, object], rule: str) -> None:
    pytest.importorskip("c2pa", reason="c2pa-python is not installed")
    data = signing.sign(making.picture("PNG"), "PNG", signing.training_mining(**uses), signing.actions())
    (found,) = findings(data)
    assert found.rule == rule
    assert all(entry in dict(found.details)["entries"] for entry in uses)


def test_a_failed_signature_is_beside_the_reservation() -> None:
    pytest.importorskip("c2pa", reason="c2pa-python is not installed")
    assertion = signing.training_mining(ai_generative_training="notAllowed")
    data = bytearray(signing.sign(making.picture("JPEG"), "JPEG", assertion, signing.actions()))
    data[-40] ^= 0xFF
    found = {finding.rule: finding for finding in findings(bytes(data))}
    assert set(found) == {"signal.prohibited", "signal.signature-failed"}
    assert "does not verify" in found["signal.prohibited"].message
    assert "assertion.dataHash.mismatch" in found["signal.signature-failed"].message


def test_a_remote_manifest_is_reported() -> None:
    packet = making.packet("<dcterms:provenance>https://cai.example/x</dcterms:provenance>")
    (found,) = findings(making.jpeg_xmp(packet))
    assert (found.rule, found.severity) == ("signal.remote-manifest", "low")
    assert "https://cai.example/x" in found.message


def test_tdmrep_in_a_picture_asks_for_review() -> None:
    packet = making.packet("<tdm:reservation>1</tdm:reservation>")
    (found,) = findings(making.jpeg_xmp(packet))
    assert found.rule == "signal.review"
    assert "outside the specification's scope" in found.message


def test_unread_metadata_is_a_counted_outcome() -> None:
    (found,) = findings(making.jpeg_xmp(b"<x"))
    assert (found.rule, found.severity) == ("integrity.metadata-unreadable", "low")
    assert ("reason", "malformed") in found.details
    assert ("reason", "extra-missing") not in found.details


def test_policies_are_evaluated_by_the_address_in_the_side_file() -> None:
    policies = parse_policies(json.dumps({"headers": {"https://example.org/a.jpg": {"X-Robots-Tag": "noai"}}}))
    row = json.dumps({"url": "https://example.org/a.jpg"}).encode()
    metadata = read_metadata(making.picture("JPEG"), (("a.json", row),))
    (found,) = examine_signals(CONTENT, metadata, policies)
    assert found.rule == "signal.prohibited"
    assert found.message == (
        "The site it came from reserves use for training AI models (HTTP header X-Robots-Tag = noai), in cached header."
    )
    assert list(examine_signals(CONTENT, metadata)) == []
    assert list(examine_signals(CONTENT, FileMetadata("JPEG"), policies)) == []


def test_without_the_extra_the_check_is_said_to_be_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("c2pa", reason="c2pa-python is not installed")
    data = signing.sign(making.picture("PNG"), "PNG", signing.actions())
    held = Holdings(works=True, regions=True, names=True)
    assert not_run(every(), held) == ()
    monkeypatch.setattr(extras, "available", lambda package: False)
    (skipped,) = not_run(every(), held)
    assert skipped.check == "signals: C2PA"
    assert "provenance-auditor[c2pa]" in skipped.reason
    assert "of this set" not in skipped.reason
    (found,) = findings(data)
    (counted,) = not_run(every(), held, found=[found])
    assert "1 file of this set" in counted.reason


def test_a_plain_picture_gives_nothing() -> None:
    for kind in making.FORMATS:
        assert findings(making.picture(kind)) == []


def test_every_finding_has_a_rule_and_neutral_words() -> None:
    meanings = ("prohibited", "constrained", "allowed", "review")
    stated = tuple(
        Reservation("f", "V", f"v{number}", meaning, "here", constraint="c", draft=True)  # type: ignore[arg-type]
        for number, meaning in enumerate(meanings)
    )
    found = [f for item in stated for f in examine_signals(CONTENT, FileMetadata(reservations=(item,)))]
    assert len({finding.fingerprint for finding in found}) == len(found)
    for finding in found:
        assert finding.rule in BY_ID
        assert "illegal" not in finding.message and "infring" not in finding.message
