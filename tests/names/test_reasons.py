# ruff: noqa: E501 - a table of whole sentences
"""Every kind of reason, word for word: true, plain, one sentence."""

from __future__ import annotations

import pytest

from tests.names.listing import matcher

LISTED = (
    "Greg Rutkowski",
    "Alphonse Mucha",
    "Daniel F. Gerhartz",
    "M. C. Escher",
    "Gregory Manchess",
    "Artgerm",
    "Wlop",
    "Caspar David Friedrich",
    "Caravaggio",
    "Ruan Jia",
    "Claude Monet",
    "Frank Frazetta",
    "Simon Stålenhag",
    "草間彌生",
    "Rose",
    "Ross",
    "Pixar",
    "Matt Fox",
    "Soleil",
    "Hime",
    "Tim Wu",
    "Dishwasher1910",
    "Sakimichan",
    "Грег Рутковский",
    "Yu",
    "Nikon",
    "H. R. Giger",
)
REASONS = (
    (
        "greg rutkowski",
        "'greg rutkowski' is the listed name 'Greg Rutkowski', and 'rutkowski' in it is no dictionary word.",
    ),
    (
        "GREG RUTKOWSKI",
        "'GREG RUTKOWSKI' is the listed name 'Greg Rutkowski', and 'rutkowski' in it is no dictionary word.",
    ),
    ("by greg rutkowski", "'greg rutkowski' is the listed name 'Greg Rutkowski' and follows 'by'."),
    ("art by Greg Rutkowski", "'Greg Rutkowski' is the listed name 'Greg Rutkowski' and follows 'art by'."),
    (
        "greg_rutkowski",
        "'greg_rutkowski' is the listed name 'Greg Rutkowski' with other marks between its parts, and 'rutkowski' in it is no dictionary word.",
    ),
    (
        "greg-rutkowski",
        "'greg-rutkowski' is the listed name 'Greg Rutkowski' with other marks between its parts, and 'rutkowski' in it is no dictionary word.",
    ),
    (
        "GregRutkowski",
        "'GregRutkowski' is the listed name 'Greg Rutkowski' written in one word, and 'rutkowski' in it is no dictionary word.",
    ),
    (
        "g r e g r u t k o w s k i",
        "'g r e g r u t k o w s k i' is the listed name 'Greg Rutkowski' written letter by letter, and 'rutkowski' in it is no dictionary word.",
    ),
    (
        "gre grutkowski",
        "'gre grutkowski' is the listed name 'Greg Rutkowski' with a space in another place, and 'rutkowski' in it is no dictionary word.",
    ),
    (
        "greg rutkowski's castle",
        "'greg rutkowski' is the listed name 'Greg Rutkowski', and 'rutkowski' in it is no dictionary word.",
    ),
    (
        "greg%20rutkowski",
        "'greg%20rutkowski' is the listed name 'Greg Rutkowski' once its web encoding is undone, and 'rutkowski' in it is no dictionary word.",
    ),
    (
        "grég rutkówski",
        "'grég rutkówski' is the listed name 'Greg Rutkowski' with other accents, and 'rutkowski' in it is no dictionary word.",
    ),
    (
        "grеg rutkоwski",
        "'grеg rutkоwski' is the listed name 'Greg Rutkowski' in letters that look like its own, and 'rutkowski' in it is no dictionary word.",
    ),
    (
        "gr3g rutk0wski",
        "'gr3g rutk0wski' is the listed name 'Greg Rutkowski' with digits for letters, and 'rutkowski' in it is no dictionary word.",
    ),
    (
        "greg rutkowsky",
        "'greg rutkowsky' is the listed name 'Greg Rutkowski' with one letter wrong ('rutkowsky' for 'rutkowski').",
    ),
    (
        "art by greg rutkowsky",
        "'greg rutkowsky' is the listed name 'Greg Rutkowski' with one letter wrong ('rutkowsky' for 'rutkowski') and follows 'art by'.",
    ),
    (
        "gregrutkowsky",
        "'gregrutkowsky' is the listed name 'Greg Rutkowski' with one letter wrong ('rutkowsky' for 'rutkowski').",
    ),
    (
        "rutkowskigreg",
        "'rutkowskigreg' is the listed name 'Greg Rutkowski' with the surname first and without a space.",
    ),
    ("Rutkowski, Greg", "'Rutkowski, Greg' is the listed name 'Greg Rutkowski' with the surname first."),
    ("art by rutkowski", "'rutkowski' is the surname of the listed 'Greg Rutkowski' and follows 'art by'."),
    ("g. rutkowski", "'g. rutkowski' is initials and surname of the listed 'Greg Rutkowski'."),
    ("rutkowskiesque", "'rutkowski' is the surname of the listed 'Greg Rutkowski' and has the ending '-esque'."),
    (
        "by daniel gerhartz",
        "'daniel gerhartz' is the listed name 'Daniel F. Gerhartz' without its middle initial and follows 'by'.",
    ),
    (
        "daniel f. gerhartz",
        "'daniel f. gerhartz' is the listed name 'Daniel F. Gerhartz', and 'gerhartz' in it is no dictionary word.",
    ),
    ("by escher", "'escher' is the surname of the listed 'M. C. Escher' and follows 'by'."),
    ("m c escher", "'m c escher' is the listed name 'M. C. Escher', and 'escher' in it is no dictionary word."),
    (
        "mc escher",
        "'mc escher' is the listed name 'M. C. Escher' with other marks between its parts, and 'escher' in it is no dictionary word.",
    ),
    ("escher, m. c.", "'escher, m. c' is initials and surname of the listed 'M. C. Escher'."),
    (
        "by greg manchess",
        "'greg manchess' is the listed name 'Gregory Manchess' with a short first name and follows 'by'.",
    ),
    ("wlop", "'wlop' is the listed name 'Wlop', and 'wlop' is no other known word or name."),
    ("by wlop", "'wlop' is the listed name 'Wlop' and follows 'by'."),
    ("@wlop", "'wlop' is the listed name 'Wlop' and stands behind '@'."),
    ("<lora:wlop_v2:0.8>", "'wlop' is the listed name 'Wlop' and stands in a LoRA or embedding tag."),
    ("<lora:sdxl_wlop:1>", "'wlop' is the listed name 'Wlop' and stands in a LoRA or embedding tag."),
    ("ohwx_wlop", "'wlop' is the listed name 'Wlop', and 'wlop' is no other known word or name."),
    ("artist:wlop", "'wlop' is the listed name 'Wlop' and follows 'artist'."),
    ("wlop style", "'wlop' is the listed name 'Wlop' and is followed by 'style'."),
    ("wlop_(3)", "'wlop' is the listed name 'Wlop', and 'wlop' is no other known word or name."),
    ("im stil von wlop", "'wlop' is the listed name 'Wlop' and follows 'im stil von'."),
    ("nello stile di wlop", "'wlop' is the listed name 'Wlop' and follows 'nello stile di'."),
    ("wlop tarzında", "'wlop' is the listed name 'Wlop' and is followed by 'tarzında'."),
    (
        "by art germ",
        "'art germ' is the listed name 'Artgerm' with a space in another place and follows 'by'; without that it would not count, because its pieces may be words of their own.",
    ),
    (
        "by caspar friedrich",
        "'caspar friedrich' is the listed name 'Caspar David Friedrich' without its middle name and follows 'by'.",
    ),
    (
        "made by carvaggio",
        "'carvaggio' is the listed name 'Caravaggio' with one letter wrong ('carvaggio' for 'caravaggio') and follows 'made by'.",
    ),
    (
        "art by 阮佳",
        "'阮佳' is the listed name 'Ruan Jia' as these characters are read and follows 'by'; without that it would not count, because other names are read the same way.",
    ),
    (
        "阮佳风格",
        "'阮佳' is the listed name 'Ruan Jia' as these characters are read and is followed by '风格'; without that it would not count, because other names are read the same way.",
    ),
    ("Greg Rutkowski风格", "'Greg Rutkowski' is the listed name 'Greg Rutkowski' and is followed by '风格'."),
    ("草間彌生風", "'草間彌生' is the listed name '草間彌生' and is followed by '風'."),
    ("草間彌生", "'草間彌生' is the listed name '草間彌生', and it is a full name in its own script."),
    ("in the style of Monet", "'Monet' is the surname of the listed 'Claude Monet' and follows 'in the style of'."),
    ("a frazettaesque hero", "'frazetta' is the surname of the listed 'Frank Frazetta' and has the ending '-esque'."),
    (
        "simon stalenhag",
        "'simon stalenhag' is the listed name 'Simon Stålenhag' without its accents, and 'stalenhag' in it is no dictionary word.",
    ),
    (
        "art by rose",
        "'rose' is the listed name 'Rose' and follows 'art by'; without that it would not count, because 'rose' is a dictionary word.",
    ),
    (
        "artist:ross",
        "'ross' is the listed name 'Ross' and follows 'artist'; without that it would not count, because 'ross' is a given name.",
    ),
    (
        "greg rutkowski and ross",
        "'ross' is the listed name 'Ross' and stands in a list with 'greg rutkowski'; without that it would not count, because 'ross' is a given name.",
    ),
    (
        "pixar style",
        "'pixar' is the listed name 'Pixar' and is followed by 'style'; without that it would not count, because 'pixar' is an everyday word in Catalan.",
    ),
    ("art by matt fox", "'matt fox' is the listed name 'Matt Fox' and follows 'art by'."),
    ("a car, matt fox, sunset", "'matt fox' is the listed name 'Matt Fox' and stands alone in a list."),
    (
        "art by soleil",
        "'soleil' is the listed name 'Soleil' and follows 'art by'; without that it would not count, because 'soleil' is an everyday word in French.",
    ),
    (
        "art by hime",
        "'hime' is the listed name 'Hime' and follows 'art by'; without that it would not count, because 'hime' is a word of picture tags.",
    ),
    ("by tim wu", "'tim wu' is the listed name 'Tim Wu' and follows 'by'."),
    (
        "dishwasher1910",
        "'dishwasher1910' is the listed name 'Dishwasher1910', and letters and digits together make a handle.",
    ),
    (
        "sakimi chan, greg rutkowski",
        "'greg rutkowski' is the listed name 'Greg Rutkowski', and 'rutkowski' in it is no dictionary word.",
    ),
    (
        "в стиле Грега Рутковского",
        "'Грега Рутковского' is the listed name 'Greg Rutkowski' with a case ending and follows 'в стиле'; without that it would not count, because that spelling alone says too little.",
    ),
    (
        "photo by nikon",
        "'nikon' is the listed name 'Nikon' and follows 'photo by'; without that it would not count, because 'nikon' is a word of photography.",
    ),
    (
        "greg rutkowski, frazetta, oil",
        "'frazetta' is the surname of the listed 'Frank Frazetta' and stands alone in a list.",
    ),
    (
        "h. r. gigger",
        "'h. r. gigger' is the listed 'H. R. Giger' with initials with one letter wrong ('gigger' for 'giger').",
    ),
    ("by giger", "'giger' is the surname of the listed 'H. R. Giger' and follows 'by'."),
    (
        "<lora:gregrutkowsky:1>",
        "'gregrutkowsky' is the listed name 'Greg Rutkowski' with one letter wrong ('rutkowsky' for 'rutkowski') and stands in a LoRA or embedding tag.",
    ),
)
ENGINE = matcher(LISTED)


@pytest.mark.parametrize(("text", "reason"), REASONS, ids=[text for text, _ in REASONS])
def test_the_last_mention_says_why_it_counts(text: str, reason: str) -> None:
    match = ENGINE.find(text)[-1]
    assert match.reason == reason
    assert match.reason.startswith(f"'{text[match.start : match.end]}' is ")
    assert match.reason.count(".") - match.surface.count(".") - text[match.start : match.end].count(".") == 1


def test_the_table_is_long_enough() -> None:
    assert len(REASONS) >= 60


def test_a_reason_never_claims_a_difference_that_is_not_there() -> None:
    for name in LISTED:
        for match in ENGINE.find(f"art by {name}"):
            if match.surface == name:
                assert " with " not in match.reason.split(" and ")[0].replace(name, "")
