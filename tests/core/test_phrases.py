"""The marks between words, in English and in Chinese."""

import pytest
from django.utils.translation import override

from core import phrases

ENGLISH = ["Map: 1.3, 103.8", "Singapore time (UTC+8)", "Doors, food", "starts, ends", "Ada, Acme; Bo"]
CHINESE = ["Map：1.3, 103.8", "Singapore time（UTC+8）", "Doors，food", "starts、ends", "Ada, Acme；Bo"]


@pytest.mark.parametrize(("language", "words"), [("en", ENGLISH), ("zh-hans", CHINESE)])
def test_marks_are_those_of_the_language(language: str, words: list[str]) -> None:
    with override(language):
        assert [
            phrases.labelled("Map", "1.3, 103.8"),
            phrases.with_aside("Singapore time", "UTC+8"),
            phrases.joined(["Doors", "", "food"]),
            phrases.listed(["starts", "ends"]),
            phrases.set_apart(["Ada, Acme", "Bo"]),
        ] == words
