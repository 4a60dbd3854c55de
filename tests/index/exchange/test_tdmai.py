from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.index.exchange.sink import ListError
from auditor.index.format.schema import Preferences, WorkRecord
from tests.index.exchange.lists import read, works, write
from tests.index.samples import content, person, record

iscc_lib = pytest.importorskip("iscc_lib")


def code(seed: int) -> str:
    pixels = bytes((seed * 37 + place * place * (seed + 1)) % 256 for place in range(1024))
    return str(iscc_lib.gen_image_code_v0(pixels)["iscc"])


def declare(*items: dict[str, Any]) -> tuple[list[WorkRecord], dict[str, int]]:
    found, sink = read("tdmai", json.dumps(list(items)))
    return works(found), dict(sink.dropped)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"all": "false"}, Preferences("prohibited", "prohibited", None)),
        ({"all": "true"}, Preferences("allowed", "allowed", None)),
        ({"all": "true", "train-genai": "false"}, Preferences("prohibited", "allowed", None)),
        ({"all": "true", "train-ai": "false"}, Preferences("prohibited", "prohibited", None)),
        (
            {"train-ai": "false", "train-genai": "true", "ai-use": "false"},
            Preferences("allowed", "prohibited", "prohibited"),
        ),
        ({"tdm-reservation": 1}, Preferences("prohibited", "prohibited", None)),
        ({"tdm-reservation": 0}, Preferences("allowed", "allowed", None)),
    ],
)
def test_what_is_inherited(said: dict[str, Any], expected: Preferences) -> None:
    ((work,), dropped) = declare({"iscc": code(1), **said})
    assert work.preference == expected
    assert work.iscc == code(1)
    assert dropped == {}


def test_policies_references_and_search() -> None:
    found, dropped = declare(
        {"version": "1.0", "iscc": code(1), "intent": "activate", "all": "false", "search": "true", "reference": "x"},
        {"iscc": code(2), "tdm-reservation": 1, "tdm-policy": "https://example.org/terms"},
        {"iscc": code(3), "search": "false"},
        {"iscc": code(4), "all": "false", "policy": "CDSM"},
    )
    assert [work.policy for work in found] == [None, "https://example.org/terms", "CDSM"]
    assert dropped == {
        "values of 'reference'": 1,
        "statements about search": 2,
        "declarations that say nothing of training": 1,
    }


def test_a_later_declaration_replaces_the_earlier() -> None:
    (work,), _ = declare({"iscc": code(1), "all": "false"}, {"iscc": code(1), "all": "true", "intent": "update"})
    assert work.preference.generative_training == "allowed"
    with pytest.raises(ListError, match="declared already in line 1; an update says so"):
        declare({"iscc": code(1), "all": "false"}, {"iscc": code(1), "all": "true"})


def test_codes_of_every_length_and_composite_ones() -> None:
    pixels = bytes(place % 251 for place in range(1024))
    short = iscc_lib.gen_image_code_v0(pixels)["iscc"]
    data = iscc_lib.gen_data_code_v0(b"abc")["iscc"]
    instance = iscc_lib.gen_instance_code_v0(b"abc")["iscc"]
    composite = iscc_lib.gen_iscc_code_v0([short, data, instance])["iscc"]
    long = iscc_lib.gen_image_code_v0(pixels, 256)["iscc"]
    for given_code in (short, composite, long):
        ((work,), _) = declare({"iscc": given_code, "all": "false"})
        assert work.iscc == short
    found, dropped = declare({"iscc": data, "all": "false"}, {"iscc": short, "all": "false"})
    assert len(found) == 1
    assert dropped == {"declarations for codes without an Image-Code": 1}


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.tuples(*[st.sampled_from(["prohibited", "allowed"])] * 2, st.sampled_from([None, "allowed"])), max_size=5
    )
)
def test_declarations_come_back_whole(said: list[tuple[str, str, str | None]]) -> None:
    listed = [
        WorkRecord(f"w{n}", "a", iscc=code(n), preference=Preferences(*s), policy="p" if n else None)
        for n, s in enumerate(said)
    ]
    text, dropped = write("tdmai", content([person()], listed))
    back, sink = read("tdmai", text)
    assert [(w.iscc, w.preference, w.policy) for w in works(back)] == [  # type: ignore[attr-defined]
        (w.iscc, w.preference, w.policy) for w in listed
    ]
    assert dict(sink.dropped) == {}
    assert [s for s in dropped.sentences() if "artists" not in s] == []


def test_what_cannot_be_declared_is_counted() -> None:
    listed = [
        record(0, iscc=code(0), preference=Preferences("constrained")),
        record(1),
        record(2, iscc=code(2), status="withdrawn"),
    ]
    text, dropped = write("tdmai", content([person()], listed))
    (item,) = json.loads(text)
    assert item["train-genai"] == "false"
    assert {
        "1 constrained works, declared as reserved",
        "1 works without an ISCC Image-Code",
        "1 tombstones",
        "3 PDQ hashes",
    } <= set(dropped.sentences())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[{"all": "false"}]', "line 1: it has no `iscc`"),
        ('[{"iscc": "ISCC:XYZ", "all": "false"}]', "is no ISCC"),
        ('[{"iscc": 5}]', "it has no `iscc`"),
        ('[\n{"iscc": "CODE", "all": false}]', 'line 2: `all` is "true" or "false"'),
        ('{"iscc": "CODE", "intent": "revoke"}', "`intent` is one of"),
        ('{"iscc": "CODE", "tdm-reservation": true}', "`tdm-reservation` is 0 or 1"),
        ('{"iscc": "CODE", "tdm-reservation": "yes"}', "`tdm-reservation` is 0 or 1"),
        ('{"iscc": "CODE", "all": "false", "policy": 5}', "`policy` is no text"),
        ("[" * 100_000, "line 1: "),
    ],
)
def test_declarations_that_do_not_fit(text: str, message: str) -> None:
    with pytest.raises(ListError, match=message):
        read("tdmai", text.replace("CODE", code(1)))


def test_nothing_declared() -> None:
    text, _ = write("tdmai", content([person()], []))
    assert json.loads(text) == []
