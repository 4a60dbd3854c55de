"""Vocabularies: what each code means for training a generative model."""

from __future__ import annotations

import pytest

from auditor.metadata.read import read_metadata
from auditor.metadata.reservations import from_raw, interpret_plus
from tests.metadata.material import making


@pytest.mark.parametrize(
    ("code", "meaning", "draft"),
    [
        ("DMI-ALLOWED", "allowed", False),
        ("DMI-PROHIBITED", "prohibited", False),
        ("DMI-PROHIBITED-AIMLTRAINING", "prohibited", False),
        ("DMI-PROHIBITED-GENAIMLTRAINING", "prohibited", False),
        ("DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING", "prohibited", False),
        ("DMI-PROHIBITED-SEECONSTRAINT", "constrained", False),
        ("DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR", "constrained", False),
        ("DMI-PROHIBITED-SEELINKEDRIGHTSEXPR", "constrained", False),
        ("DMI-ALLOWED-noaitraining", "prohibited", True),
        ("DMI-ALLOWED-noaigentraining", "prohibited", True),
        ("DMI-ALLOWED-seeconstraint", "constrained", True),
        ("DMI-PROHIBITED-noaitraining", "prohibited", True),
        ("DMI-SOMETHINGNEW", "review", False),
    ],
)
@pytest.mark.parametrize("form", ["{}", making.VOCABULARY + "{}", "https://ns.useplus.org/ldf/vocab/{}", " {}\n"])
@pytest.mark.parametrize("case", [str, str.lower, str.upper])
def test_data_mining_codes(code: str, meaning: str, draft: bool, form: str, case: object) -> None:
    read = interpret_plus(form.format(case(code)))  # type: ignore[operator]
    assert read is not None
    assert (read[0], read[2]) == (meaning, draft)


@pytest.mark.parametrize("value", ["DMI-UNSPECIFIED", making.VOCABULARY + "DMI-UNSPECIFIED", "dmi-unspecified", ""])
def test_unspecified_states_nothing(value: str) -> None:
    assert interpret_plus(value) is None


def test_constraints_stand_beside_the_reservation() -> None:
    body = (
        f"<plus:DataMining>{making.VOCABULARY}DMI-PROHIBITED-SEECONSTRAINT</plus:DataMining>"
        "<plus:OtherConstraints><rdf:Alt><rdf:li xml:lang='x-default'>ask first</rdf:li></rdf:Alt>"
        "</plus:OtherConstraints>"
    )
    (found,) = read_metadata(making.jpeg_xmp(making.packet(body))).reservations
    assert (found.meaning, found.constraint) == ("constrained", "ask first")
    assert found.where == "XMP in JPEG APP1"


@pytest.mark.parametrize("namespace", ["http://www.w3.org/ns/tdmrep/", "http://www.w3.org/ns/tdmrep#"])
@pytest.mark.parametrize(("value", "meaning"), [("1", "review"), ("0", "allowed")])
def test_tdmrep_in_a_picture_is_evidence_outside_its_scope(namespace: str, value: str, meaning: str) -> None:
    body = f"<t:reservation>{value}</t:reservation><t:policy>https://example.org/p</t:policy>"
    data = making.jpeg_xmp(making.packet(body, namespaces=f'xmlns:t="{namespace}"'))
    (found,) = read_metadata(data).reservations
    assert (found.vocabulary, found.meaning, found.constraint) == ("TDMRep", meaning, "https://example.org/p")
    assert "outside the specification's scope" in found.scope


def test_a_reservation_of_an_ingredient_says_where_it_stands() -> None:
    body = (
        '<m:Pantry xmlns:m="http://ns.adobe.com/xap/1.0/mm/"><rdf:Bag><rdf:li><rdf:Description '
        f'plus:DataMining="{making.VOCABULARY}DMI-PROHIBITED"/></rdf:li></rdf:Bag></m:Pantry>'
    )
    (found,) = read_metadata(making.jpeg_xmp(making.packet(body))).reservations
    assert (found.meaning, found.where) == ("prohibited", "XMP in JPEG APP1, inside Pantry")


def test_a_code_in_an_unreadable_packet_asks_for_review() -> None:
    broken = making.packet("<dc:title>x</dc:titel>" + making.data_mining("DMI-PROHIBITED").decode())
    metadata = read_metadata(making.jpeg_xmp(broken))
    assert [note.reason for note in metadata.notes] == ["malformed"]
    assert [(r.meaning, r.value) for r in metadata.reservations] == [("review", "DMI-PROHIBITED")]


def test_raw_codes_are_listed_once_and_never_allow() -> None:
    data = b"ldf/vocab/DMI-ALLOWED ldf/vocab/DMI-PROHIBITED ldf/vocab/DMI-PROHIBITED ldf/vocab/DMI-UNSPECIFIED"
    assert [item.value for item in from_raw(data, "here")] == ["DMI-PROHIBITED"]
