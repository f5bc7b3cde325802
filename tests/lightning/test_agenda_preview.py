"""The preview shows each session and talk on a line, its links below, and every line that was not understood."""

from events.agenda_text import Agenda, Item, Link, NotUnderstood, Person
from lightning.agenda_preview import columns, preview


def test_sessions_talks_links_and_what_was_not_understood():
    agenda = Agenda(
        sessions=(
            Item(
                line=1,
                title="轻量化",
                starts="19:20",
                minutes=35,
                number="9",
                speakers=(Person("Cy Ng", "NUS"), Person("Dee")),
                topics=("XLA", "Research"),
                links=(Link("Slides", "https://cy.example/1"), Link("", "https://cy.example/2")),
            ),
            Item(line=5, kind="lightning", title="Round", talks=(Item(line=6, title="First", minutes=5),)),
        ),
        not_understood=(NotUnderstood(9, "???", "belongs to no session"),),
    )
    assert preview(agenda).splitlines() == [
        "time   min  no.  kind       title    speakers (affiliation)  topics",
        "-" * 74,
        "19:20  35   9    talk       轻量化   Cy Ng (NUS), Dee        XLA, Research",
        "       Slides https://cy.example/1",
        "       https://cy.example/2",
        "                 lightning  Round",
        "       5                    · First",
        "",
        "Not understood (1):",
        "  line 9: belongs to no session: ???",
    ]


def test_a_text_without_sessions_says_so():
    assert preview(Agenda()) == "No sessions found."


def test_a_long_title_is_clipped_by_columns():
    line = preview(Agenda(sessions=(Item(line=1, title="轻" * 60),))).splitlines()[2]
    assert line.split()[-1] == "轻" * 27 + "…"


def test_nothing_in_a_text_steers_the_terminal():
    shown = preview(
        Agenda(
            sessions=(Item(line=1, title="a\x1b[2Jb\u202ec", links=(Link("\x07", "https://x.example/\x9b"),)),),
            not_understood=(NotUnderstood(1, "\x1b]0;x\x07", "why"),),
        )
    )
    assert [c for c in shown if not c.isprintable() and c != "\n"] == []


def test_ideographs_are_two_columns_wide_and_combining_marks_none():
    assert (columns("轻a"), columns("e\u0301"), columns("")) == (3, 1, 0)
