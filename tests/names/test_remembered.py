"""What is remembered is what would be found, and it stays small."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from auditor.names import remembered
from auditor.names.interface import ListedName, NameMatch
from auditor.names.matcher import compile_matcher
from auditor.names.remembered import RememberingMatcher

PLAIN = compile_matcher([ListedName("a", "Greta Holmqvist"), ListedName("b", "Mika Sato")])
TEXTS = st.lists(
    st.tuples(
        st.sampled_from(["caption", "file-name", "tag"]),
        st.sampled_from(["", "by greta holmqvist", "mika_sato, 1girl", "Greta Holmquist", "x" * 3000, "a dog"]),
    ),
    max_size=12,
)


class Counting:
    """Passes on, and counts the texts."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def find(self, text: str, kind: str = "caption", floor: float = 0.5) -> tuple[NameMatch, ...]:
        return self.find_many([text], kind, floor)[0]

    def find_many(self, texts: Sequence[str], kind: str = "caption", floor: float = 0.5) -> list[tuple[NameMatch, ...]]:
        self.asked += texts
        return PLAIN.find_many(texts, kind, floor)


@given(ahead=TEXTS, asked=TEXTS)
def test_it_finds_what_the_matcher_finds(ahead: list[tuple[str, str]], asked: list[tuple[str, str]]) -> None:
    matcher = RememberingMatcher(PLAIN)
    matcher.look_ahead(ahead)
    for kind, text in asked:
        assert matcher.find(text, kind) == PLAIN.find(text, kind)
    texts = [text for _, text in asked]
    assert matcher.find_many(texts, "caption") == PLAIN.find_many(texts, "caption")


def test_a_short_text_is_searched_once_and_a_long_one_every_time() -> None:
    counting = Counting()
    matcher = RememberingMatcher(counting)
    long = "by greta holmqvist " * 200
    matcher.look_ahead([("caption", "a dog"), ("caption", "a dog"), ("tag", "a dog"), ("caption", long)])
    assert counting.asked == ["a dog", "a dog"]  # once for each kind
    assert matcher.find("a dog") == () and matcher.find("a dog", "tag") == ()
    assert matcher.find(long) and matcher.find(long)
    assert counting.asked[2:] == [long, long]


def test_it_forgets_before_it_grows() -> None:
    counting = Counting()
    matcher = RememberingMatcher(counting)
    for number in range(3 * remembered.MOST):
        matcher.find(f"picture {number}")
        assert len(matcher._known) <= remembered.MOST
    matcher.find_many([f"other {number}" for number in range(2 * remembered.MOST)])
    assert len(matcher._known) <= remembered.MOST


def test_what_is_searched_ahead_is_bounded_and_nothing_is_searched_twice() -> None:
    counting = Counting()
    matcher = RememberingMatcher(counting)
    texts = [f"tag {number}" for number in range(3 * remembered.AHEAD)]
    matcher.look_ahead(("tag", text) for text in texts)
    assert counting.asked == texts[: remembered.AHEAD]
    matcher.find_many(texts, "tag")
    assert counting.asked == texts
    long = [f"{number} " + "x" * 1990 for number in range(200)]
    matcher.look_ahead(("caption", text) for text in long)
    assert sum(map(len, counting.asked[len(texts) :])) <= remembered.AHEAD_CHARACTERS


def test_a_text_of_very_many_matches_is_not_remembered() -> None:
    counting = Counting()
    matcher = RememberingMatcher(counting)
    crowded = "by greta holmqvist, " * 40
    assert len(matcher.find(crowded)) > remembered.MOST_MATCHES
    assert matcher.find(crowded) == PLAIN.find(crowded)
    assert counting.asked == [crowded, crowded]
