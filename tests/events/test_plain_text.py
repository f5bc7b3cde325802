"""Markdown as calendars and mails show it."""

import pytest

from events.plain_text import plain_text


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("", ""),
        ("One\nline & <b>tag</b>", "One line & <b>tag</b>"),
        ("First\n\nSecond", "First\n\nSecond"),
        ("Hard  \nbreak", "Hard\nbreak"),
        ("# Title\n**bold** *it* `code`", "Title\n\nbold it code"),
        ("Doors:\n\n- one\n- two\n  - three\n\nEnd", "Doors:\n\n- one\n- two\n  - three\n\nEnd"),
        ("3. three\n4. four", "3. three\n4. four"),
        ("[text](https://a.example) and <https://b.example>", "text (https://a.example) and https://b.example"),
        ("[bad](javascript:alert(1))", "[bad](javascript:alert(1))"),
        ("![alt](https://a.example/x.png)", "alt"),
        ("```\ncode  here\n```", "code  here"),
        ("天津 **很好**", "天津 很好"),
    ],
)
def test_markdown_reads_well_without_its_marks(markdown: str, expected: str) -> None:
    assert plain_text(markdown) == expected


@pytest.mark.parametrize(
    "hostile", ["> " * 5000, "- " * 5000, "[" * 5000, "*" * 5000, "`" * 5001, "\x00\ud7ff\u202e" * 9]
)
def test_hostile_markdown_is_still_text(hostile: str) -> None:
    assert isinstance(plain_text(hostile), str)
