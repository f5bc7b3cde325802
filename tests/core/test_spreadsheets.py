"""CSV that a spreadsheet opens as text."""

import csv
import io

import pytest

from core.spreadsheets import BYTE_ORDER_MARK, csv_lines, safe_cell


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "  =1",
        "\u3000=1",
        "|x",
        "%x",
    ],
)
def test_what_a_spreadsheet_would_run_is_marked_as_text(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("Bo", "Bo"),
        ("李雷", "李雷"),
        ("1=1", "1=1"),
        ("", ""),
        (" ", " "),
        (None, ""),
        (0, "0"),
        (-3, "-3"),
        ("a\0b", "ab"),
        ("\0=1", "'=1"),
    ],
)
def test_everything_else_stays_what_it_is(value, cell):
    assert safe_cell(value) == cell


def test_the_lines_are_read_back_as_they_were_written():
    rows = [["Name", "Says"], ["李雷", 'a "word", and\nmore; it\'s'], ["Bo", None]]
    text = "".join(csv_lines(rows))
    assert text.startswith(BYTE_ORDER_MARK)
    assert list(csv.reader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK)))) == [*rows[:2], ["Bo", ""]]
    assert text.endswith('"Bo",""\r\n')


def test_lines_come_one_at_a_time():
    asked = []

    def rows():
        for number in range(3):
            asked.append(number)
            yield [number]

    lines = csv_lines(rows())
    assert [next(lines), next(lines), asked] == [BYTE_ORDER_MARK, '"0"\r\n', [0]]
