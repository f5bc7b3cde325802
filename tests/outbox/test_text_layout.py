"""Plain text in 72 columns, where Chinese characters take two."""

import pytest

from outbox.text_layout import COLUMNS, aligned, fold, width, wrapped


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("abc", 3), ("新加坡", 6), ("é", 1), ("e\N{COMBINING ACUTE ACCENT}", 1), ("a\N{WORD JOINER}b", 2)],
)
def test_the_width_counts_columns_and_not_characters(text, columns):
    assert width(text) == columns


def test_long_lines_are_folded_but_for_addresses_and_what_is_laid_out():
    words, address = "word " * 30, f"https://lectern.example/{'a' * 100}/"
    code, row = "    " + "1 " * 50 + "1", "When    " + "now " * 20 + "now"
    folded = fold(f"{words.strip()}\n\n{address}\n{code}\n{row}").splitlines()
    assert [len(line) for line in folded] == [69, 69, 9, 0, len(address), len(code), len(row)]


def test_lines_end_without_blanks_but_for_the_mark_of_the_signature():
    assert fold("Come. \n\n-- \nLectern ") == "Come.\n\n-- \nLectern"


def test_an_address_at_the_end_of_a_line_goes_whole_onto_the_next():
    address = f"https://lectern.example/{'a' * 60}/"
    assert fold(f"Change which emails you get: {address}") == f"Change which emails you get:\n{address}"


def test_chinese_is_folded_between_characters_and_never_before_its_punctuation():
    lines = fold("你" * 35 + "们" + "，" + "好" * 4).splitlines()
    assert lines == ["你" * 35, "们，好好好好"]
    assert [width(line) <= COLUMNS for line in lines] == [True, True]


def test_no_line_ends_with_an_opening_bracket():
    assert wrapped("一二（三四）", 6) == ["一二", "（三", "四）"]


def test_latin_words_in_chinese_stay_whole():
    assert wrapped("我们在 Google Singapore 见面", 12) == ["我们在", "Google", "Singapore 见", "面"]


def test_labels_stand_in_a_column_and_long_lines_hang_behind_it():
    rows = [("When", ["Tuesday, 19:00", "Singapore time"]), ("Where", ["a long way down the road"])]
    assert aligned(rows, columns=24) == (
        "When   Tuesday, 19:00\n"
        "       Singapore time\n"
        "Where  a long way down\n"
        "       the road"
    )  # fmt: skip


def test_chinese_labels_take_two_columns_a_character():
    assert aligned([("时间", ["19:00"]), ("Map", ["here"])]) == "时间  19:00\nMap   here"


def test_behind_a_label_that_is_too_wide_lines_go_below():
    assert aligned([("A label that would leave no room", ["one", "two"]), ("B", ["three"])]) == (
        "A label that would leave no room\n  one\n  two\nB\n  three"
    )


def test_no_rows_are_no_text():
    assert aligned([]) == ""
