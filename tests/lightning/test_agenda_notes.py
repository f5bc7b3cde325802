"""Notes of an agenda, made readable as Markdown."""

import pytest

from core.markdown import markdown_to_html
from lightning.agenda_notes import as_markdown


@pytest.mark.parametrize(
    ("notes", "markdown"),
    [
        ("", ""),
        ("one line", "one line"),
        ("难点\n  - 高温\n需求\n  - 五分钟", "难点\n  - 高温\n\n需求\n  - 五分钟"),
        ("1 Take a picture\n2 Process", "1 Take a picture\n\n2 Process"),
        ("- a\n  - b\n- c", "- a\n  - b\n- c"),
        ("a\0b", "ab"),
    ],
)
def test_a_plain_line_is_a_paragraph_of_its_own(notes, markdown):
    assert as_markdown(notes) == markdown


def test_what_stood_apart_in_the_notes_stands_apart_on_the_page():
    html = markdown_to_html(as_markdown("Why\n  - fast\nCaveats\n  - not all")).replace("\n", "")
    assert html == "<p>Why</p><ul><li>fast</li></ul><p>Caveats</p><ul><li>not all</li></ul>"
