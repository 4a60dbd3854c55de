"""Reservations in words, and sentences that only look like one."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.metadata.natural import find_reservation

RESERVED = [
    "No AI training",
    "noai, noimageai",
    "#NoAI",
    "no ai",
    "No generative AI training.",
    "(c) 2024 Jane Doe. Not for AI training.",
    "Do not use for AI",
    "Don't feed my art to AI generators",
    "This image may not be used to train artificial intelligence.",
    "May not be used to train generative models",
    "You may not use this work for generative AI",
    "This work shall not be used for AI",
    "I do not consent to AI training",
    "AI training prohibited",
    "AI/ML training, scraping, and dataset inclusion are expressly prohibited.",
    "Use for machine learning is not permitted",
    "No use in AI datasets",
    "Opted out of AI training",
    "All rights reserved, including text and data mining and AI training.",
    "Text and data mining rights are reserved",
    "Keine Nutzung für KI-Training",
    "KI-Training untersagt",
    "Utilisation pour l'entraînement d'une IA interdite",
    "Prohibido el entrenamiento de IA",
    "Vietato l'uso per addestramento IA",
    "無断転載・AI学習禁止",
    "禁止用于AI训练",
    "AI 학습 금지",
    "Запрещено использовать для обучения нейросетей",
]
ORDINARY = [
    "",
    "(c) 2020 Jane Doe. All rights reserved.",
    "No AI was used to make this",
    "Made without AI tools",
    "This picture was not made by AI",
    "Not AI generated",
    "Photo by Ai Weiwei",
    "Ai Weiwei exhibit, flash photography prohibited",
    "Training day at the club. No dogs allowed.",
    "Not for commercial use",
    "Attribution required; CC BY 4.0",
    "Do not use without permission",
    "Trained eye, no aim",
]


@pytest.mark.parametrize("text", RESERVED)
def test_a_reservation_is_found_with_its_span(text: str) -> None:
    for value in (text, f"© Jane Doe 2024. {text}", text.upper() if text.isascii() else text):
        span = find_reservation(value)
        assert span is not None
        assert 0 <= span[0] < span[1] <= len(value)


@pytest.mark.parametrize("text", ORDINARY)
def test_other_sentences_are_none(text: str) -> None:
    assert find_reservation(text) is None


@given(st.text(max_size=200))
def test_no_text_makes_it_raise(text: str) -> None:
    span = find_reservation(text)
    assert span is None or 0 <= span[0] < span[1] <= len(text)


@pytest.mark.parametrize(
    "part", ["do not ", "AI ", "no a a a ", "a", "ai.", "is not ai is ", "prohibited ", "not for ", "reserved ", "IA "]
)
def test_repetition_costs_bounded_time(part: str) -> None:
    start = time.process_time()
    find_reservation(part * (1_000_000 // len(part)))
    assert time.process_time() - start < 1.0
