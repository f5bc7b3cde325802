"""One line at a time: times, lengths, people, links, kinds; and the rarer shapes of a programme."""

from typing import Any

import pytest

from events.agenda_text import Link, Person, parse_agenda
from events.agenda_text.assembling import ABOUT_EVENT
from events.agenda_text.inline import read_inline
from events.agenda_text.kinds import kind_of_title, take_kind_label
from events.agenda_text.lengths import take_length
from events.agenda_text.markers import take_markers
from events.agenda_text.people import read_people
from events.agenda_text.splitting import split_entry
from events.agenda_text.times import DayClock, hh_mm, time_at_start
from tests.events.agenda_samples import ADA, BO, item, lost


def time_of(text: str) -> tuple[str, int | None, str] | None:
    opened = time_at_start(text)
    if opened is None:
        return None
    start, minutes = DayClock().read(opened[0])
    return hh_mm(start), minutes, opened[1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9:50 : Talks", ("09:50", None, "Talks")),
        ("7pm Doors", ("19:00", None, "Doors")),
        ("7 p.m. Doors", ("19:00", None, "Doors")),
        ("12am Moon", ("00:00", None, "Moon")),
        ("19h30 – X", ("19:30", None, "X")),
        ("19h X", ("19:00", None, "X")),
        ("7:00 PM – 7:45 PM: X", ("19:00", 45, "X")),
        ("7-7:45pm X", ("19:00", 45, "X")),
        ("11:30-12:15pm X", ("11:30", 45, "X")),
        ("10–11am X", ("10:00", 60, "X")),
        ("12:30 - 1:15 X", ("12:30", 45, "X")),
        ("23:00-00:30 X", ("23:00", 90, "X")),
        ("10:00 - 09:00 X", ("10:00", None, "X")),
        ("18：30－19：00 X", ("18:30", 30, "X")),
        ("18:00 to 18:30 X", ("18:00", 30, "X")),
        ("18.30 X", ("18:30", None, "X")),
        ("18 Uhr X", ("18:00", None, "X")),
        ("6:30 PM SGT - X", ("18:30", None, "X")),
        ("noon: X", ("12:00", None, "X")),
        ("[18:00] X", ("18:00", None, "X")),
        ("@ 18:00 X", ("18:00", None, "X")),
        ("2026-03-14 18:30 X", ("18:30", None, "X")),
        ("14点30分 X", ("14:30", None, "X")),
        ("下午2点半 X", ("14:30", None, "X")),
        ("上午9:50-10:30 X", ("09:50", 40, "X")),
        ("18:00 - 5-minute talks", ("18:00", None, "5-minute talks")),
        ("1.14 X", None),
        ("10.25% X", None),
        ("1h30 X", None),
        ("24 hours X", None),
        ("25:00 X", None),
        ("24:30 X", None),
        ("13pm X", None),
        ("18:00x", None),
        ("9.Reconstructing", None),
        ("14点75 X", None),
    ],
)
def test_a_time_in_front_of_a_line(text: str, expected: tuple[str, int | None, str] | None) -> None:
    assert time_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("X (20 min)", (20, False, "X")),
        ("X - 20 min", (20, False, "X")),
        ("X 20min", (20, False, "X")),
        ("20 min: X", (20, False, "X")),
        ("20 min", (20, False, "")),
        ("X (Ada, 20 min)", (20, False, "X (Ada)")),
        ("X (20 minutes, Ada) by B", (20, False, "X (Ada) by B")),
        ("X (1h30)", (90, False, "X")),
        ("X (1.5 hours)", (90, False, "X")),
        ("X (ca. 20 min)", (20, False, "X")),
        ("分享（20分钟）", (20, False, "分享")),
        ("5-minute talks", (5, True, "5-minute talks")),
        ("Lightning (6 x 5 min)", (5, True, "Lightning")),
        ("Lightning - 5 x 5 min", (5, True, "Lightning")),
        ("Lightning, 5 min each", (5, True, "Lightning")),
        ("X (10-15 min)", None),
        ("X in 20 minutes", None),
        ("X in < 15 min", None),
        ("X (about the 20 min rule)", None),
        ("X (20 min rule)", None),
        ("the 20 min after", None),
        ("(a) 20 min of (b)", None),
    ],
)
def test_a_length_apart_from_the_title(text: str, expected: tuple[int, bool, str] | None) -> None:
    found = take_length(text)
    assert (found and (found.minutes, found.each, found.rest)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ada Lovelace", [("Ada Lovelace", "")]),
        ("Ada Lovelace (Acme)", [("Ada Lovelace", "Acme")]),
        ("Ada Lovelace(Acme)", [("Ada Lovelace", "Acme")]),
        ("Ada Lovelace, Acme", [("Ada Lovelace", "Acme")]),
        ("Ada Lovelace, CTO, Acme", [("Ada Lovelace", "CTO, Acme")]),
        ("Ada Lovelace @ Acme", [("Ada Lovelace", "Acme")]),
        ("Ada Lovelace from Acme", [("Ada Lovelace", "Acme")]),
        ("Ada & Bo (Acme)", [("Ada", "Acme"), ("Bo", "Acme")]),
        ("Ada Lovelace (Acme) and Bo Diddley", [("Ada Lovelace", "Acme"), ("Bo Diddley", "")]),
        ("Ada Lovelace, Bo Diddley, Cy Young", [("Ada Lovelace", ""), ("Bo Diddley", ""), ("Cy Young", "")]),
        ("Ada Lovelace (A), Bo Diddley (B)", [("Ada Lovelace", "A"), ("Bo Diddley", "B")]),
        ("Andrew Stevens (CTO : two companies)", [("Andrew Stevens", "CTO : two companies")]),
        ("Sprawit Saengkyongam (James)", [("Sprawit Saengkyongam (James)", "")]),
        ("Ada Lovelace (@ada)", [("Ada Lovelace (@ada)", "")]),
        ('"Ta" ex-facebook data scientist', [("Ta", "ex-facebook data scientist")]),
        ("Ludwig van Beethoven", [("Ludwig van Beethoven", "")]),
        ("Dr. Jane Q. Public", [("Dr. Jane Q. Public", "")]),
        ("Jean-Luc O'Neil", [("Jean-Luc O'Neil", "")]),
        ("李雷（谷歌）", [("李雷", "谷歌")]),
        ("李雷老师", [("李雷老师", "")]),
        ("김철수", [("김철수", "")]),
        ("リチャード・ストールマン", [("リチャード・ストールマン", "")]),
        ("佐藤花子", [("佐藤花子", "")]),
        ("解决方案", []),
        ("方案", []),
        ("Reinforcement Learning", []),
        ("DCGAN", []),
        ("something small", []),
        ("A B C D E F", []),
        ("Ada and the difference engine", []),
        ("", []),
    ],
)
def test_people_with_their_affiliations(text: str, expected: list[tuple[str, str]]) -> None:
    assert list(read_people(text)) == [Person(*names) for names in expected]


def test_where_people_are_promised_a_small_name_is_enough_but_nobody_is_nobody() -> None:
    assert read_people("sin c", sure=True) == (Person("sin c"),)
    assert read_people("TBA", sure=True) == ()
    assert read_people(" and ".join(["Ada"] * 41)) == ()
    assert read_people("Ada, " * 300) == ()


@pytest.mark.parametrize(
    ("text", "title", "names"),
    [
        ("Apache Kafka - Ada Lovelace", "Apache Kafka", ["Ada Lovelace"]),
        ("Grace Hopper | US Navy | Compilers", "Compilers", ["Grace Hopper"]),
        ("Ada Lovelace - Acme Labs - Engines", "Engines", ["Ada Lovelace"]),
        ('Bo Diddley: "Chords"', "Chords", ["Bo Diddley"]),
        ('"Only a title"', "Only a title", []),
        ("“Deep Learning” by Ada and Bo", "Deep Learning", ["Ada", "Bo"]),
        ("'Pitching' - Cy Young", "'Pitching'", ["Cy Young"]),
        ("What is new in 3.11? (Łukasz Langa)", "What is new in 3.11?", ["Łukasz Langa"]),
        ("Pizza sponsored by Acme", "Pizza sponsored by Acme", []),
        ("Keynote by Google", "Keynote by Google", []),
        ("Rust: why not", "Rust: why not", []),
        ("Zephyr Quux - Blorb Fizz", "Zephyr Quux - Blorb Fizz", []),
        ("One | Two three four | five", "One | Two three four | five", []),
        ("x" * 2_001, "x" * 2_001, []),
    ],
)
def test_title_and_people_of_one_line(text: str, title: str, names: list[str]) -> None:
    split = split_entry(text)
    assert (split.title, [person.name for person in split.people]) == (title, names)


@pytest.mark.parametrize(
    ("text", "expected", "links", "topics"),
    [
        ("[bbx.ai](http://bbx.ai/) company", "bbx.ai company", [("bbx.ai", "http://bbx.ai/")], []),
        ("An engine.[Sorna.io](http://sorna.io/)", "An engine.", [("Sorna.io", "http://sorna.io/")], []),
        ("See [https://e.org/](https://e.org/)", "See", [("", "https://e.org/")], []),
        ("See <https://e.org/a>", "See", [("", "https://e.org/a")], []),
        ("See https://e.org/a_(b)).", "See ).", [("", "https://e.org/a_(b)")], []),
        ("(https://e.org/a)", "", [("", "https://e.org/a")], []),
        ('<a class="x" href="https://e.org">E</a> rest', "E rest", [("E", "https://e.org")], []),
        ("[note](#below) and [mail](mailto:a@b.c)", "note and mail", [], []),
        ("[x](javascript:alert(1))", "x", [], []),
        ("Engines #math #old_days", "Engines", [], ["math", "old_days"]),
        ("The #math of C# in issue #1", "The #math of C# in issue #1", [], ["math"]),
        (
            "**Bold**, *thin*, _thin_, `code`, 2 * 3 * 4, __init__",
            "Bold, thin, thin, code, 2 * 3 * 4, __init__",
            [],
            [],
        ),
        ("*all of it*", "all of it", [], []),
        ("~~all of it~~", "all of it", [], []),
        (r"a\_b\*c \ d", "a_b*c \\ d", [], []),
        ("one<br>two &amp; three", "one two & three", [], []),
        ("![picture](https://e.org/p.png) text", "text", [], []),
        ("a < b > c", "a < b > c", [], []),
        ("a <b c", "a <b c", [], []),
    ],
)
def test_the_inside_of_a_line(text: str, expected: str, links: list[tuple[str, str]], topics: list[str]) -> None:
    found = read_inline(text)
    assert (found.text, list(found.links), list(found.topics)) == (expected, [Link(*link) for link in links], topics)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- x", ("-", None, "x")),
        ("•x", ("•", None, "x")),
        ("- [x] done", ("-", None, "done")),
        ("<li>x", ("•", None, "x")),
        ("1. x", ("", "1", "x")),
        ("(2) x", ("", "2", "x")),
        ("3） x", ("", "3", "x")),
        ("- 9.Reconstructing", ("-", "9", "Reconstructing")),
        ("1.5 GB", ("", None, "1.5 GB")),
        ("-x", ("", None, "-x")),
    ],
)
def test_bullets_and_numbers(text: str, expected: tuple[str, str | None, str]) -> None:
    assert take_markers(text) == expected


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Lunch with Community contributions panel", "break"),
        ("Pizza and networking", "social"),
        ("Coffee break", "break"),
        ("Pizza break", "break"),
        ("Opening keynote", "keynote"),
        ("Fireside chat", "panel"),
        ("Kubernetes workshop", "workshop"),
        ("Breaking bad APIs", None),
        ("Break the monolith", None),
        ("Networking in Kubernetes", None),
        ("How to run a workshop that people like very much", None),
        ("…", None),
    ],
)
def test_the_kind_said_in_a_title(title: str, kind: str | None) -> None:
    assert kind_of_title(title) == kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Keynote: The engine", ("keynote", "The engine", None)),
        ("Talk #2 - Chords", ("talk", "Chords", "2")),
        ("[Workshop] Rust", ("workshop", "Rust", None)),
        ("Rust (tutorial)", ("workshop", "Rust", None)),
        ("Lightning talk: Chords", ("lightning", "Chords", None)),
        ("Speaker 1: Ada", ("talk", "Ada", "1")),
        ("Talking heads", None),
        ("Session-based recommendation", None),
        ("(Panel)", None),
    ],
)
def test_the_kind_written_beside_a_title(text: str, expected: tuple[str, str, str | None] | None) -> None:
    found = take_kind_label(text)
    assert (found and (found.kind, found.rest, found.number)) == expected


@pytest.mark.parametrize(
    ("text", "sessions"),
    [
        ("Title: Chords\nSpeaker: Bo Diddley\nCompany: Chess\nTime: 19:00\nLength: 20 min\n",
         [item("Chords", ("Bo Diddley", "Chess"), starts="19:00", minutes=20)]),
        ("Chords\nSpeakers:\n- Bo Diddley\n- Ada Lovelace (Acme)\nTime: late\nLength: long\nCompany: X\n",
         [item("Chords", BO, ADA, notes="Time: late\nLength: long\nCompany: X")]),
        ("## Talks\n### Chords\nBo Diddley (Chess)\n### Engines\nWhy they turn.\n",
         [item("Chords", ("Bo Diddley", "Chess")), item("Engines", notes="Why they turn.")]),
        ("## Agenda\n\nFirst half\n- Chords\n\nSecond half\n- Engines\n", [item("Chords"), item("Engines")]),
        ("## 18:30 Chords - Bo Diddley\nLoud.\n## Opening keynotes\n- Ada Lovelace: Engines\n",
         [item("Chords", BO, starts="18:30", notes="Loud."), item("Engines", ("Ada Lovelace", ""), kind="keynote")]),
        ("## Panel discussion\n- Trust\n", [item("Panel discussion", kind="panel", notes="- Trust")]),
        ("19:00 Panel: Ada, Bo and Cy\n",
         [item("Panel", ("Ada", ""), ("Bo", ""), ("Cy", ""), kind="panel", starts="19:00")]),
        ("19:00 Q&A with nobody special\n", [item("Q&A with nobody special", starts="19:00")]),
        ("# Lightning talks\nFirst half:\n- Chords\n- Engines\n",
         [item("Lightning talks", kind="lightning", talks=[item("Chords"), item("Engines")])]),
        ("# Lightning talks\n\nSecond half\n- Chords\n",
         [item("Lightning talks", kind="lightning", talks=[item("Chords")])]),
        ("- 19:00 Lightning talks\n\n* Chords\n* Engines\n\n- 20:00 End\n",
         [item("Lightning talks", kind="lightning", starts="19:00", talks=[item("Chords"), item("Engines")]),
          item("End", kind="social", starts="20:00")]),
        ("Lunch (12:00 - 13:00)\n", [item("Lunch", kind="break", starts="12:00", minutes=60)]),
        ("## Afternoon\n1:15 Chords\n", [item("Chords", starts="13:15")]),
        ("Agenda\n18:00\tDoors\n", [item("Doors", kind="social", starts="18:00")]),
        ("| Who | What | Min | Room |\n|-|-|-|-|\n| Bo Diddley | \"Chords\" | 5 min | R1 |\n",
         [item("Chords", BO, minutes=5, notes="R1")]),
    ],
)  # fmt: skip
def test_rarer_shapes_of_a_programme(text: str, sessions: list[Any]) -> None:
    assert parse_agenda(text).as_json() == {"sessions": sessions, "not_understood": []}


@pytest.mark.parametrize(
    ("text", "sessions", "lines"),
    [
        ("Agenda\n- Chords by Bo Diddley - 19:00\n", [item("Chords", BO, starts="19:00")], []),
        ("Agenda\n- Zephyr Quux\n- Engines\n- Trains\n", [item("Zephyr Quux"), item("Engines"), item("Trains")], []),
        ("- 19:00\n  - https://e.org\n", [], [1]),
        ("| a | b |\n\nChords\nBo Diddley\n\nEngines\nby Ada Lovelace (Acme)\n",
         [item("Chords", BO), item("Engines", ADA)], [1]),
        ("| 18:00 | |\n| 18:30 | Chords |\n", [item("Chords", starts="18:30")], [1]),
        ("| Title | Speaker | Type |\n|-|-|-|\n| | | Talk |\n| Lunch: why | Bo Diddley | odd |\n",
         [item("Lunch: why", BO, notes="odd")], [3]),
        ("| Type | Title |\n|-|-|\n| Workshop | Panel painting |\n", [item("Panel painting", kind="workshop")], []),
        ("5 min\t10 min\nChords\tEngines\tTrains\n", [], [1, 2]),
        ("5 min\t10 min\nChords\tEngines\nLoud\tFast\tLate\n",
         [item("Chords", minutes=5), item("Engines", minutes=10)], [3]),
        ("19:00 Chords\n  Speaker: TBA\n  Speakers:\n  - Bo Diddley\n    - of Chess\n  - TBA\n",
         [item("Chords", BO, starts="19:00", notes="Speaker: TBA\n- of Chess\n- TBA")], []),
        ("19:00 Chords (Bo Diddley, Chess)\n  Title: Other\n  Time: 20:00\n  Company: X\n",
         [item("Chords", ("Bo Diddley", "Chess"), starts="19:00", notes="Title: Other\nTime: 20:00\nCompany: X")], []),
        ("Agenda\nTopics: all of it\nEngines - Ada Lovelace\n", [item("Engines", ("Ada Lovelace", ""))], [2]),
        ("# Venue\nGoogle\n# Break\n# Thanks\n", [item("Break", kind="break")], [1, 2, 4]),
        ("---\nnot front matter\n---\n19:00 Chords\n", [item("Chords", starts="19:00")], [2]),
        ("19:00 One two | Bo Diddley | far too many words for the name of an organisation\n",
         [item("One two | Bo Diddley | far too many words for the name of an organisation", starts="19:00")], []),
        ("19:00 Bo Diddley: “Chords” “Engines”\n", [item("“Chords” “Engines”", BO, starts="19:00")], []),
        ("19:00 'Chords' by Bo Diddley\n", [item("'Chords'", BO, starts="19:00")], []),
    ],
)  # fmt: skip
def test_what_is_read_and_what_is_given_back(text: str, sessions: list[Any], lines: list[int]) -> None:
    made = parse_agenda(text).as_json()
    assert (made["sessions"], [found["line"] for found in made["not_understood"]]) == (sessions, lines)


def test_facts_about_the_event_are_not_sessions_even_in_its_list() -> None:
    text = "Agenda\n- Venue: Google\n- 25:00 Chords\n- Engines by Ada Lovelace\n"
    assert parse_agenda(text).as_json() == {
        "sessions": [item("Engines", ("Ada Lovelace", ""))],
        "not_understood": [
            lost(2, "- Venue: Google", ABOUT_EVENT),
            lost(3, "- 25:00 Chords", "not a time of day"),
        ],
    }


def test_a_table_below_a_session_is_a_note_with_its_links() -> None:
    (session,) = parse_agenda("## Keynote\n| size | [x](https://e.org) |\n| 1 | a &amp; b |\n").sessions
    assert (session.notes, session.links) == ("size | x\n1 | a & b", (Link("x", "https://e.org"),))


def test_a_title_too_long_for_a_title_is_a_note() -> None:
    long = "very " * 70 + "long"
    (session,) = parse_agenda(f"19:00 {long}").sessions
    assert (session.title, session.notes) == ("", long)


def test_what_stands_behind_a_ruler_after_the_last_time_is_not_part_of_it() -> None:
    agenda = parse_agenda("- 19:00 Chords\n\n---\n\n- Bring an umbrella\n")
    assert [session.title for session in agenda.sessions] == ["Chords"]
    assert [found.line for found in agenda.not_understood] == [5]
