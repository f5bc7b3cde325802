"""Cleaning of typed text."""

import pytest

from core.text import clean_line, clean_text, search_words, unique_slug


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Third   Thursday \n", "Third Thursday"),
        ("a\x00b\x1fc\u2028d", "a b c d"),
        ("Cafe\u0301", "Café"),
        ("轻量化", "轻量化"),
        ("\t", ""),
    ],
)
def test_a_line_holds_no_breaks_and_no_control_characters(typed, kept):
    assert clean_line(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" a \r\nb\r\rc\n", "a\nb\n\nc"),
        ("Cafe\u0301\x00\u2028!", "Café  !"),
        (" \n\t\n ", ""),
        ("  a\n    b", "a\n    b"),
    ],
)
def test_several_lines_keep_their_breaks(typed, kept):
    assert clean_text(typed) == kept


@pytest.mark.parametrize(
    ("typed", "folded"), [("ÉCLAIR Straße", "eclair strasse"), ("ＴＦ　Lite", "tf lite"), ("天津", "天津")]
)
def test_search_words_forget_case_accents_and_width(typed, folded):
    assert search_words(typed) == folded


def test_a_slug_keeps_letters_of_every_script():
    assert unique_slug("轻量化 on Android!", set(), fallback="event") == "轻量化-on-android"


def test_a_taken_slug_gets_the_next_number():
    assert unique_slug("Third Thursday", {"third-thursday", "third-thursday-2"}, fallback="x") == "third-thursday-3"


def test_text_without_letters_falls_back():
    assert unique_slug("!!!", set(), fallback="speaker") == "speaker"


def test_a_slug_has_a_bounded_length():
    assert len(unique_slug("x" * 500, {"x" * 60}, fallback="x")) == 62
