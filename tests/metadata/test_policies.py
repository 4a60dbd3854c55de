"""Cached policies of sites, evaluated by the address of a picture."""

from __future__ import annotations

import json

import pytest

from auditor.metadata.policies import matches, parse_policies, read_robots

BUNDLE = {
    "schema": "auditor-policies/1",
    "headers": {
        "https://Example.org/a.jpg": {"X-Robots-Tag": ["NoAI, max-snippet:5", "otherbot: NOIMAGEAI"]},
        "https://example.org/t.jpg": {"TDM-Reservation": "1", "tdm-policy": "https://example.org/p.json"},
        "https://example.org/u.jpg": {"Content-Usage": "train-ai=n, search=y"},
        "https://example.org/plain.jpg": {"X-Robots-Tag": "noindex"},
    },
    "tdmrep": {
        "https://art.example": [
            {"location": "/free/*", "tdm-reservation": 0},
            {"location": "/*", "tdm-reservation": 1, "tdm-policy": "https://art.example/policy"},
        ]
    },
    "robots": {
        "bots.example": "User-Agent: *\nAllow: /\nContent-Usage: train-ai=n\nContent-Usage: /ok/ train-ai=y\n",
        "https://one.example:443": "User-agent: examplebot\nContent-Usage: train-ai=n\n",
    },
}


ROBOTS = [("X-Robots-Tag", "noai", "prohibited"), ("X-Robots-Tag", "noimageai", "prohibited")]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/a.jpg", ROBOTS),
        ("http://EXAMPLE.org/a.jpg#frag", ROBOTS),
        ("https://example.org/t.jpg", [("tdm-reservation", "1", "prohibited")]),
        ("https://example.org/u.jpg", [("Content-Usage", "train-ai=n, search=y", "prohibited")]),
        ("https://example.org/plain.jpg", [("X-Robots-Tag", "noindex", "review")]),
        ("https://example.org/other.jpg", []),
        ("https://art.example/free/a.png", [("tdm-reservation", "0", "allowed")]),
        ("https://art.example/x/a.png?w=2", [("tdm-reservation", "1", "prohibited")]),
        ("https://bots.example/a.png", [("Content-Usage", "train-ai=n", "prohibited")]),
        ("https://bots.example/ok/a.png", [("Content-Usage", "train-ai=y", "allowed")]),
        ("https://one.example/a.png", []),
        ("not an address", []),
        ("http://[broken", []),
        (None, []),
    ],
)  # fmt: skip
def test_what_a_bundle_says_of_an_address(url: str | None, expected: list[tuple[str, str, str]]) -> None:
    found = parse_policies(json.dumps(BUNDLE)).evaluate(url)
    assert [(item.field, item.value, item.meaning) for item in found] == expected


def test_the_policy_beside_a_reservation_is_kept() -> None:
    policies = parse_policies(json.dumps(BUNDLE))
    assert policies.evaluate("https://example.org/t.jpg")[0].constraint == "https://example.org/p.json"
    assert policies.evaluate("https://art.example/a.png")[0].constraint == "https://art.example/policy"


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("/", "/a", True), ("/a", "/ab", True), ("/a$", "/ab", False), ("/a$", "/a", True),
        ("/*.jpg$", "/x/y.jpg", True),
        ("/*.jpg$", "/x/y.jpg?z", False), ("/*/b", "/a/b", True), ("/*/b", "/b", False), ("*", "/any", True),
        ("/a*b*c", "/a1b2c3", True), ("/a*b*c", "/a1c2b", False),
    ],
)  # fmt: skip
def test_path_patterns(pattern: str, path: str, fits: bool) -> None:
    assert (matches(pattern, path) >= 0) == fits


def test_groups_of_robots_txt() -> None:
    text = (
        "Content-Usage: train-ai=n\nUser-Agent: a\nUser-Agent: *\nContent-Usage: /x train-ai=y # why\n\n"
        "User-agent: b\nContent-usage: train-ai=n"
    )
    rules = read_robots(text)
    assert [(rule.pattern, rule.value) for rule in rules] == [("/", "train-ai=n"), ("/x", "train-ai=y")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "Expecting"),
        ("[]", "an object"),
        ('{"schema": "x/9"}', "auditor-policies/1"),
        ('{"header": {}}', "unknown part 'header'"),
        ('{"headers": []}', '"headers"'),
        ('{"headers": {"https://a.example/": "noai"}}', "header names"),
        ('{"tdmrep": {"https://a.example": [1]}}', '"location"'),
        ("[" * 100_000, "nested too deep"),
    ],
)
def test_a_bundle_of_another_shape_is_refused_with_words(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_policies(text)


def test_an_empty_bundle_says_nothing() -> None:
    assert parse_policies("{}").evaluate("https://example.org/a.jpg") == ()
