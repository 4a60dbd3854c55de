"""What a listed preference means on a given day: whether an entry is searched at all, and what a finding must say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from auditor.index.format.schema import Preferences
from auditor.model import Artist


def is_expired(expires: str | None, today: date | None) -> bool:
    """Whether the last day of an entry has passed. Unknown days and unreadable dates never expire."""
    if expires is None or today is None:
        return False
    try:
        return date.fromisoformat(expires) < today
    except ValueError:
        return False


def for_training(said: Preferences, artist_preference: str) -> str:
    """The preference that holds for training a generative model: the most specific one that was stated."""
    return said.generative_training or said.training or artist_preference


def holds(preference: str, expires: str | None, today: date | None) -> tuple[str, tuple[str, ...]]:
    """The preference as it counts today, and sentences that a finding must carry.

    A permission that has ended no longer silences: it counts as `constrained`. A reservation that has ended is
    still reported, and says so.
    """
    if not is_expired(expires, today):
        return preference, ()
    if preference == "allowed":
        return "constrained", (f"The permission for this entry ended on {expires}.",)
    return preference, (f"The listed statement ended on {expires}: ask for its renewal before relying on it.",)


def constraint(preference: str, policy: str | None) -> tuple[str, ...]:
    """What to say of a `constrained` entry."""
    if preference != "constrained":
        return ()
    where = f"at {policy}" if policy else "by asking the artist"
    return (f"Training is listed as subject to conditions: find them {where}.",)


def artist_today(artist: Artist, today: date | None) -> Artist:
    """The artist with the preference that counts today, and remarks."""
    preference, remarks = holds(artist.preference, artist.expires, today)
    return replace(artist, preference=preference, remarks=(*constraint(preference, None), *remarks))


def is_listed(artist: Artist) -> bool:
    """Whether an artist's names are searched for: active, and not one who allows training."""
    return artist.status == "active" and artist.preference != "allowed"
