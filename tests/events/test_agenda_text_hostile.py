"""Texts that nobody means well: refused with a reason, or read in a time that grows with their length."""

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from events.agenda_text import (
    MAX_CHARACTERS,
    MAX_LINE_CHARACTERS,
    MAX_LINES,
    AgendaError,
    AgendaTooLarge,
    parse_agenda,
)
from events.agenda_text.names import name_likeness
from events.agenda_text.people import read_people
from events.agenda_text.result import AgendaJSON, ItemJSON
from events.agenda_text.splitting import split_entry

PIECES = [
    *(
        "Agenda",
        "Talks:",
        "# Lightning talks",
        "## Break",
        "**Keynote**",
        "Speakers",
        "Day 2",
        "总结",
        "Talk 1: ",
        "Speaker: ",
    ),
    *("18:00", "9:50 : ", "7pm - ", "7-8:30 pm", "19h30", "25:61", "下午2点", "(20 min)", "5 min each", "1h30", "noon"),
    *(
        "- ",
        "* ",
        "• ",
        "1. ",
        "(2) ",
        "#3 ",
        "\t",
        "    ",
        "\n",
        "\n\n",
        "---",
        "|",
        "| a | b |",
        "|---|---|",
        "> ",
        "☐ ",
    ),
    *(
        "Ada Lovelace",
        "Bo",
        "Cy Young (Giants)",
        "李雷（谷歌）",
        "Acme",
        "Project Magenta",
        "TensorFlow",
        "DCGAN",
        "O'Neil",
    ),
    *(
        " by ",
        " - ",
        " — ",
        ": ",
        "：",
        " & ",
        " and ",
        ", ",
        " @ ",
        '"',
        "“",
        "”",
        "(",
        ")",
        "[",
        "]",
        "<",
        ">",
        "*",
        "`",
    ),
    *(
        "[a](https://e.org/b)",
        "<https://e.org>",
        "https://e.org/x_(y))",
        '<a href="https://e.org">',
        "</a>",
        "#rust",
        "C#",
    ),
    *(
        'Sam talked about "A b c". ',
        "```",
        "$$",
        "<!--",
        "-->",
        "<script>",
        "{% x %}",
        "![p](q)",
        "&amp;",
        "\\",
        "é",
        "\u200b",
    ),
]
texts = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.lists(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), max_size=20).map("\n".join),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=200),
)


def words_of(found: ItemJSON) -> list[str]:
    people = [part for person in found["speakers"] for part in (person["name"], person["affiliation"])]
    links = [part for link in found["links"] for part in (link["title"], link["url"])]
    return [found["title"], *people, *links, *found["topics"], *found["notes"].splitlines()]


def is_in(part: str, text: str) -> bool:
    """Letters and digits of the part occur in this order in the text, nothing between them but marks."""
    rest = iter(character for character in text if character.isalnum())
    return all(character in rest for character in part if character.isalnum())


def all_items(made: AgendaJSON) -> list[ItemJSON]:
    return [found for session in made["sessions"] for found in (session, *session["talks"])]


@given(texts)
@example("18:00")
@example("BREAK\n0\n0\t&amp;")
@example("Agenda\n\n- [](https://e.org)")
@settings(max_examples=400, deadline=None)
def test_any_text_gives_an_agenda_that_invents_nothing(text: str) -> None:
    made = parse_agenda(text).as_json()
    source = text.replace("&amp;", "&")
    assert json.loads(json.dumps(made)) == made
    assert [part for found in all_items(made) for part in words_of(found) if not is_in(part, source)] == []


@given(texts)
@settings(max_examples=200, deadline=None)
def test_lines_are_counted_as_an_editor_counts_them(text: str) -> None:
    agenda = parse_agenda(text)
    count = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    items = [found for session in agenda.sessions for found in (session, *session.talks)]
    lost = [found.line for found in agenda.not_understood]
    assert all(1 <= found.line <= count for found in items)
    assert lost == sorted(set(lost))
    assert all(1 <= line <= count for line in lost)


@given(texts)
@settings(max_examples=100, deadline=None)
def test_the_same_text_gives_the_same_agenda(text: str) -> None:
    assert parse_agenda(text) == parse_agenda(text)


@given(texts)
@settings(max_examples=200, deadline=None)
def test_times_lengths_and_kinds_are_of_the_promised_shape(text: str) -> None:
    for session in parse_agenda(text).sessions:
        for found in (session, *session.talks):
            assert found.starts is None or ("00:00" <= found.starts <= "23:59" and len(found.starts) == 5)
            assert found.minutes is None or found.minutes > 0
            assert found.title or found.speakers or found.talks or found.notes


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_bytes_give_an_agenda_or_an_agenda_error_and_no_other(data: bytes) -> None:
    with suppress(AgendaError):
        assert parse_agenda(data) == parse_agenda(data)


@pytest.mark.parametrize(
    ("hostile", "message"),
    [
        (
            "a" * 10_000_000,
            "The text has 10,000,000 characters; at most 200,000 characters are read. Paste one event at a time.",
        ),
        (
            b"a" * 10_000_000,
            "The text has 10,000,000 bytes; at most 200,000 characters are read. Paste one event at a time.",
        ),
        ("\n" * 5_000, "The text has 5,001 lines; at most 5,000 are read. Paste one event at a time."),
        (
            "Agenda\n" + "[" * 150_000,
            "Line 2 has 150,000 characters; at most 10,000 are read. Break it into lines, one session or talk on each.",
        ),
    ],
)
def test_what_is_too_large_is_refused_with_the_limit(hostile: str | bytes, message: str) -> None:
    with pytest.raises(AgendaTooLarge) as refused:
        parse_agenda(hostile)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("hostile", "message"),
    [
        (
            "Agenda\n18:00 \0Doors",
            "Line 2 holds a NUL character: this is not plain text. Save it as UTF-8 and try again.",
        ),
        (
            "Agenda".encode("utf-16-le"),
            "Line 1 holds a NUL character: this is not plain text. Save it as UTF-8 and try again.",
        ),
        (b"Agenda\n\xff", "Line 2 is not UTF-8 text (byte 8 of the file). Save it as UTF-8 and try again."),
        (b"\xff\xfea", "Line 1 is not UTF-16 text (byte 3 of the file). Save it as UTF-8 and try again."),
        ("\ud800", "Line 1 holds half a character (a lone surrogate). Paste the text again."),
    ],
)
def test_what_is_not_text_is_refused_with_the_cure(hostile: str | bytes, message: str) -> None:
    with pytest.raises(AgendaError) as refused:
        parse_agenda(hostile)
    assert str(refused.value) == message


def test_marks_of_the_encoding_are_understood() -> None:
    text = "18:00 签到"
    made = parse_agenda(text)
    assert parse_agenda(text.encode("utf-8-sig")) == made
    assert parse_agenda(text.encode("utf-16")) == made
    assert parse_agenda("\ufeff" + text) == made


def test_the_largest_text_is_read() -> None:
    line = "x" * (MAX_CHARACTERS // 25 - 1)
    assert len(line) <= MAX_LINE_CHARACTERS
    assert len(parse_agenda("\n".join([line] * 25)).not_understood) == 25
    assert len(parse_agenda("\n".join(["x"] * MAX_LINES)).not_understood) == MAX_LINES


def calls_for(text: str) -> int:
    """How many functions, written in Python or in C, are called to read the text."""
    for cached in (name_likeness, read_people, split_entry):
        cached.cache_clear()
    count = 0

    def tick(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(tick)
    try:
        parse_agenda(text)
    finally:
        sys.setprofile(before)
    return count


def lines(unit: str) -> Callable[[int], str]:
    return lambda size: "\n".join(unit.replace("0", str(place)) for place in range(size // 10))


def one_line(unit: str) -> Callable[[int], str]:
    return lambda size: (unit * size)[: size * 3]


def nested(unit: str) -> Callable[[int], str]:
    return lambda size: "\n".join(" " * place + unit for place in range(size // 20))


GROWING = {
    **{
        f"lines of {unit!r}": lines(unit)
        for unit in ("- a0", "18:00 a0", "- 18:00 Lightning talks", "## Break", "# a0")
    },
    **{
        f"lines of {unit!r} too": lines(unit)
        for unit in ("Agenda:", "Talk 0: a", "Speaker: Ada 0", "a0\tb", "| a0 | b |")
    },
    **{
        f"lines of {unit!r} also": lines(unit)
        for unit in ("## Day 0", "When: 6pm", "x0:", "Ada Lovelace: x0", "```", "")
    },
    **{
        f"lines of {unit!r} and": lines(unit)
        for unit in ('Sam talked about "a b 0".', "1. a", "a0\n", "**a0**", "18:00")
    },
    **{
        f"one line of {unit!r}": one_line(unit)
        for unit in ("[", "(", "<", "[a](", "[[x](http://a)", "<a href=", "*", "* a")
    },
    **{
        f"one line of {unit!r} too": one_line(unit)
        for unit in ("#a ", "- ", "18:00-", "5 min ", "(5 min", "| a", "a\t", " - ")
    },
    **{
        f"one line of {unit!r} also": one_line(unit)
        for unit in ("Ada Lovelace, ", "Ada and ", "“a ", '"', "http://a(", "a by A ")
    },
    **{
        f"nested {unit!r}": nested(unit)
        for unit in ("- a", "- Talks", "18:00 a", "- 18:00 Lightning talks", "Speaker:", "a")
    },
    "a block and its siblings": lambda size: "- 18:00 Lightning talks\n" + lines("- Ada: a0")(size) + "\n- 19:00 End",
    "an agenda and a list": lambda size: "Agenda:\n" + lines("- Ada 0 - b0")(size),
    "sections of slides": lambda size: "# Talks\n- 1. Alpha beta\n\n1. Alpha beta\n\n" + lines("a0\n")(size),
}


@pytest.mark.parametrize("name", GROWING)
def test_twice_the_text_takes_at_most_about_twice_the_work(name: str) -> None:
    once, twice = calls_for(GROWING[name](1_500)), calls_for(GROWING[name](3_000))
    assert twice <= 2.3 * once


def test_deep_nesting_is_read_without_recursion() -> None:
    deep = "\n".join(" " * place + "- Talks" for place in range(600))
    wide = "- " * 4_000 + "x"
    for text in (deep, deep.replace("Talks", "18:00 Lightning talks"), wide, ">" * 9_000 + " x", "[" * 9_000):
        assert isinstance(parse_agenda(text).as_json(), dict)
