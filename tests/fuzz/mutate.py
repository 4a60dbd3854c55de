"""Changes of an input: of its bytes, as the hostile corpus makes them, and of the literals of a text.

Most changes of a JSON, TOML or YAML file's bytes end in the parser. Putting another value in a literal's place keeps
the file sound, and gets to the code that trusts its shape.
"""

from __future__ import annotations

import random
import re

from tests.hostile.mutations import MUTATIONS

LITERAL = re.compile(
    r'"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|\[[^\[\]]*\]|\{[^{}]*\}|\b(?:true|false|null|NaN)\b|-?\b\d[\w.:+-]*'
)
HOSTILE = (
    "null", "true", "false", "0", "-1", "1", "2.5", "-0.0", "1e999", "-1e999", "Infinity", "NaN", "inf", "nan", ".inf",
    ".nan", "9" * 25, "9" * 4_400, "1e400", "0x" + "F" * 4_000, "1" + ":59" * 3_000,
    "2026-01-31", "2026-13-45", "0000-00-00", "10:11:12", "2026-01-31T10:11:12Z",
    '""', '" "', '"0"', '"\\u0000"', '"\\ud800"', '"\\u202e\\u001b[2J"', '"/"', '"."', '".."',
    '"../.."', '"/etc/passwd"', '"a/b"', '"://"', '"http://[::1"', '"*"', '"[a"', '"{a|b"', '"(((("', '"%s%n"', '"=1"',
    '"9999-12-31"', '"ISCC:EEA"', '"' + "a" * 300 + '"', "[]", "{}", "[[]]", "[{}]", "[null]", '{"a": {}}', '{"": ""}',
    "[1, 2, 3]", '["a", "b"]', "[" * 40 + "]" * 40, "!!int ''", "!!timestamp x", "&a [*a]", "*a", "<<: 1", "- - -", "",
)  # fmt: skip


def swap_literal(text: str, chance: random.Random) -> str:
    """Put a hostile literal, or another one of the same text, in the place of one."""
    found = list(LITERAL.finditer(text))
    if not found:
        return text
    place = chance.choice(found)
    other = chance.choice(found).group() if chance.random() < 0.3 else chance.choice(HOSTILE)
    return text[: place.start()] + other + text[place.end() :]


def swap_lines(text: str, chance: random.Random) -> str:
    """Drop, double or move a line."""
    lines = text.split("\n")
    line = lines.pop(chance.randrange(len(lines)))
    for _ in range(chance.choice((0, 1, 2))):
        lines.insert(chance.randint(0, len(lines)), line)
    return "\n".join(lines)


def mutated(data: bytes, chance: random.Random, *, text: bool) -> bytes:
    """The input after one to four changes."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        if not data:
            return bytes([chance.randrange(256)])
        if text and chance.random() < 0.75:
            change = swap_literal if chance.random() < 0.8 else swap_lines
            data = change(data.decode("utf-8", "surrogateescape"), chance).encode("utf-8", "surrogateescape")
        else:
            data = chance.choice(MUTATIONS)(data, chance)
    return data
