"""Ways to write a name that keep it readable for a person or a trainer."""

from __future__ import annotations

from collections.abc import Callable

Disguise = Callable[[str], str]
_CYRILLIC = str.maketrans("aeopcxyi", "аеорсхуі")
_SMALL_CAPITALS = str.maketrans("abcdefghijklmnopqrstuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡʏᴢ")
_LEET = str.maketrans("aeost", "43057")


def _bold(name: str) -> str:
    return "".join(
        chr(0x1D400 + ord(c) - 65) if c.isupper() else chr(0x1D41A + ord(c) - 97) if c.islower() else c for c in name
    )


def _full_width(name: str) -> str:
    return "".join("\u3000" if c == " " else chr(ord(c) + 0xFEE0) for c in name)


def _camel(name: str) -> str:
    return "".join(word.title() for word in name.split())


def _split_word(name: str) -> str:
    longest = max(name.lower().split(), key=len)
    half = len(longest) // 2
    return name.lower().replace(longest, f"{longest[:half]} {longest[half:]}", 1)


def _initials(name: str) -> str:
    words = name.split()
    return " ".join([*(f"{word[0]}." for word in words[:-1]), words[-1]])


ALWAYS: dict[str, Disguise] = {
    "as listed": str,
    "small letters": str.lower,
    "under_score": lambda name: name.lower().replace(" ", "_"),
    "hy-phen": lambda name: name.lower().replace(" ", "-"),
    "dots": lambda name: name.lower().replace(" ", "."),
    "CamelCase": _camel,
    "concatenated": lambda name: name.lower().replace(" ", ""),
    "s p a c e d": lambda name: " ".join(name.lower().replace(" ", "")),
    "(weight:1.3)": lambda name: f"({name.lower()}:1.3)",
    "1.5::artist:x::": lambda name: f"1.5::artist:{name.lower()}::",
    "LoRA tag": lambda name: f"<lora:{_camel(name)}Style_v2:.8>",
    "name \\(artist\\)": lambda name: name.lower().replace(" ", "_") + r" \(artist\)",
    "possessive": lambda name: f"{name}'s",
    "zero width": "\u200b".join,
    "soft hyphen": lambda name: f"{name[:3]}\u00ad{name[3:]}",
    "combining marks": "\u0301".join,
    "Cyrillic look-alikes": lambda name: name.lower().translate(_CYRILLIC),
    "full width": _full_width,
    "mathematical bold": _bold,
    "small capitals": lambda name: name.lower().translate(_SMALL_CAPITALS),
    "%20": lambda name: name.replace(" ", "%20"),
    "&nbsp;": lambda name: name.replace(" ", "&nbsp;"),
    "BREAK": lambda name: name.replace(" ", " BREAK "),
    "hash tag": lambda name: "#" + name.lower().replace(" ", ""),
    "@handle": lambda name: "@" + name.lower().replace(" ", "_"),
}
"""Target 1.00."""
MOSTLY: dict[str, Disguise] = {
    "leet": lambda name: name.lower().translate(_LEET),
    "split in a word": _split_word,
    "Last, First": lambda name: f"{name.split()[-1]}, {' '.join(name.split()[:-1])}",
    "initials": _initials,
}
"""Target 0.90."""
CAPTION = "a castle at dawn, {}, oil on canvas"
