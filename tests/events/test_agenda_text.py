"""Agendas in the styles in which people write them, with exactly what they should turn into."""

from events.agenda_text import parse_agenda
from events.agenda_text.assembling import ABOUT_EVENT, BELONGS_TO_NOTHING, NO_SESSION_BELOW, NO_TIME
from events.agenda_text.drafts import NOTHING_BESIDE
from tests.events.agenda_samples import ADA, BO, item, lost, sessions_of


def test_a_time_table_with_pm_gives_times_lengths_and_a_lightning_block() -> None:
    text = """# March meetup

When: Thursday, 6:30 PM
Venue: Google Singapore

6:30 PM – 7:00 PM: Doors open & pizza
7:00 PM – 7:45 PM: Scaling Postgres - Ada Lovelace (Acme)
7:45 – 8:00 Break
8:00 PM Lightning talks (5 min each)
 - Bo Diddley: Five chords
 - Cy Young and Dee Dee (Chess Records) - Pitching
9pm Networking

See you there!
"""
    assert parse_agenda(text).as_json() == {
        "sessions": [
            item("Doors open & pizza", kind="social", starts="18:30", minutes=30),
            item("Scaling Postgres", ADA, starts="19:00", minutes=45),
            item("Break", kind="break", starts="19:45", minutes=15),
            item(
                "Lightning talks",
                kind="lightning",
                starts="20:00",
                talks=[
                    item("Five chords", BO, minutes=5),
                    item("Pitching", ("Cy Young", "Chess Records"), ("Dee Dee", "Chess Records"), minutes=5),
                ],
            ),
            item("Networking", kind="social", starts="21:00"),
        ],
        "not_understood": [
            lost(1, "# March meetup", NO_SESSION_BELOW),
            lost(3, "When: Thursday, 6:30 PM", ABOUT_EVENT),
            lost(4, "Venue: Google Singapore", ABOUT_EVENT),
            lost(14, "See you there!", BELONGS_TO_NOTHING),
        ],
    }


def test_a_quarter_past_one_after_lunch_is_13_15() -> None:
    text = """9:00 Keynote: The engine — Ada Lovelace
10:30 Coffee break
12:00 Lunch
1:15 Five chords - Bo Diddley
2:00 Panel discussion: Futures with Cy Young, Dee Dee and Bo Diddley
5:30 Drinks
"""
    assert sessions_of(text) == [
        item("The engine", ("Ada Lovelace", ""), kind="keynote", starts="09:00"),
        item("Coffee break", kind="break", starts="10:30"),
        item("Lunch", kind="break", starts="12:00"),
        item("Five chords", BO, starts="13:15"),
        item("Futures", ("Cy Young", ""), ("Dee Dee", ""), BO, kind="panel", starts="14:00"),
        item("Drinks", kind="social", starts="17:30"),
    ]


def test_a_numbered_list_keeps_its_numbers_and_names_may_stand_in_front() -> None:
    text = """1. Ada Lovelace - Notes on the Engine (20 min)
2. Bo Diddley (Chess Records): Five chords
3. Cy Young and Dee Dee: Pitching
"""
    assert sessions_of(text) == [
        item("Notes on the Engine", ("Ada Lovelace", ""), number="1", minutes=20),
        item("Five chords", ("Bo Diddley", "Chess Records"), number="2"),
        item("Pitching", ("Cy Young", ""), ("Dee Dee", ""), number="3"),
    ]


def test_under_headings_each_heading_beside_a_break_is_a_session() -> None:
    text = """# Rust meetup

## Welcome

## Async from scratch — Ada Lovelace (Acme)
Why futures are lazy.

[Slides](https://example.org/s)

## Break

## Panel: The future of systems
With Bo Diddley, Cy Young and Dee Dee

## Lightning talks
* Five chords by Bo Diddley
* Pitching by Cy Young, Chess Records #baseball
"""
    assert parse_agenda(text).as_json() == {
        "sessions": [
            item("Welcome"),
            item(
                "Async from scratch",
                ADA,
                links=[{"title": "Slides", "url": "https://example.org/s"}],
                notes="Why futures are lazy.",
            ),
            item("Break", kind="break"),
            item("The future of systems", BO, ("Cy Young", ""), ("Dee Dee", ""), kind="panel"),
            item(
                "Lightning talks",
                kind="lightning",
                talks=[
                    item("Five chords", BO),
                    item("Pitching", ("Cy Young", "Chess Records"), topics=["baseball"]),
                ],
            ),
        ],
        "not_understood": [lost(1, "# Rust meetup", NO_SESSION_BELOW)],
    }


def test_chinese_text_with_wide_colons_and_brackets() -> None:
    text = """议程：
13：30－14：00 签到
14：00－14：40 深度学习入门 - 李雷（谷歌）
14：40－15：20 韩梅梅（百度）：轻量化模型
15：20 茶歇
下午3点40分 闪电演讲
  - 王小明：如何学习
  - 赵丽：边缘计算（5分钟）
"""
    assert sessions_of(text) == [
        item("签到", kind="social", starts="13:30", minutes=30),
        item("深度学习入门", ("李雷", "谷歌"), starts="14:00", minutes=40),
        item("轻量化模型", ("韩梅梅", "百度"), starts="14:40", minutes=40),
        item("茶歇", kind="break", starts="15:20"),
        item(
            "闪电演讲",
            kind="lightning",
            starts="15:40",
            talks=[item("如何学习", ("王小明", "")), item("边缘计算", ("赵丽", ""), minutes=5)],
        ),
    ]


def test_labelled_paragraphs_are_sessions() -> None:
    text = """Talk 1: Scaling Postgres
Speaker: Ada Lovelace (Acme)
Abstract: How we did it.
Topics: databases, postgres

Talk 2: Five chords
Speakers: Bo Diddley and Cy Young
Slides: https://example.org/five
"""
    assert sessions_of(text) == [
        item("Scaling Postgres", ADA, number="1", topics=["databases", "postgres"], notes="How we did it."),
        item(
            "Five chords",
            BO,
            ("Cy Young", ""),
            number="2",
            links=[{"title": "Slides", "url": "https://example.org/five"}],
        ),
    ]


def test_french_hours() -> None:
    text = """19h Accueil
19h30 – Le moteur analytique par Ada Lovelace (Acme)
20h15 : Pause
20h30 : Cinq accords — Bo Diddley
"""
    assert sessions_of(text) == [
        item("Accueil", kind="social", starts="19:00"),
        item("Le moteur analytique", ADA, starts="19:30"),
        item("Pause", kind="break", starts="20:15"),
        item("Cinq accords", BO, starts="20:30"),
    ]


def test_bullets_nested_three_deep() -> None:
    text = """Agenda
• 18:00 Doors
• 18:30 Talks
    ◦ Scaling Postgres
        ▪ Ada Lovelace (Acme)
        ▪ <https://example.org/pg>
    ◦ Five chords
        ▪ Bo Diddley
• 20:00 Drinks
"""
    assert sessions_of(text) == [
        item("Doors", kind="social", starts="18:00"),
        item("Scaling Postgres", ADA, starts="18:30", links=[{"title": "", "url": "https://example.org/pg"}]),
        item("Five chords", BO),
        item("Drinks", kind="social", starts="20:00"),
    ]


def test_time_title_and_speaker_on_lines_of_their_own() -> None:
    text = "18:30\nScaling Postgres\nAda Lovelace (Acme)\n\n19:15\nFive chords\nby Bo Diddley\n\n20:00\nNetworking\n"
    assert sessions_of(text) == [
        item("Scaling Postgres", ADA, starts="18:30"),
        item("Five chords", BO, starts="19:15"),
        item("Networking", kind="social", starts="20:00"),
    ]


def test_html_lists_and_links() -> None:
    text = """<h2>Agenda</h2>
<li>18:00 - <a href="https://example.org/pg">Scaling Postgres</a> by Ada Lovelace</li>
<li>18:30 - Five chords &amp; more (Bo Diddley, Chess Records)</li>
"""
    assert sessions_of(text) == [
        item(
            "Scaling Postgres",
            ("Ada Lovelace", ""),
            starts="18:00",
            links=[{"title": "Scaling Postgres", "url": "https://example.org/pg"}],
        ),
        item("Five chords & more", ("Bo Diddley", "Chess Records"), starts="18:30"),
    ]


def test_workshops_and_codelabs_give_their_kind_to_what_they_head() -> None:
    text = """## Workshops
- Hands-on Rust (90 min) with Ada Lovelace
- Kubernetes from zero, 2 hours — Bo Diddley

## Codelabs
- TensorFlow for Poets (55 min)
"""
    assert sessions_of(text) == [
        item("Hands-on Rust", ("Ada Lovelace", ""), kind="workshop", minutes=90),
        item("Kubernetes from zero", BO, kind="workshop", minutes=120),
        item("TensorFlow for Poets", kind="codelab", minutes=55),
    ]


def test_a_second_day_and_a_second_track_start_the_clock_afresh() -> None:
    text = """## Day 1
9:00 Registration
1:00 Keynote - Ada Lovelace

## Day 2
9:00 Workshop: Rust - Bo Diddley

Track B
8:30 Chess openings - Cy Young
"""
    assert sessions_of(text) == [
        item("Registration", kind="social", starts="09:00"),
        item("Keynote", ("Ada Lovelace", ""), kind="keynote", starts="13:00"),
        item("Rust", BO, kind="workshop", starts="09:00"),
        item("Chess openings", ("Cy Young", ""), starts="08:30"),
    ]


def test_entries_beside_an_empty_block_are_its_talks() -> None:
    text = """- 18:30 Doors
- 19:00 Lightning talks
- Engines by Ada Lovelace
- Chords by Bo Diddley
- 20:00 Networking
"""
    assert sessions_of(text) == [
        item("Doors", kind="social", starts="18:30"),
        item(
            "Lightning talks",
            kind="lightning",
            starts="19:00",
            talks=[item("Engines", ("Ada Lovelace", "")), item("Chords", BO)],
        ),
        item("Networking", kind="social", starts="20:00"),
    ]


def test_a_session_that_two_lists_name_is_one_session() -> None:
    text = """## Talks
- Scaling Postgres — Ada Lovelace (Acme)
- Five chords

## Schedule
18:30 Scaling Postgres
19:15 Five chords
"""
    assert sessions_of(text) == [
        item("Scaling Postgres", ADA, starts="18:30"),
        item("Five chords", starts="19:15"),
    ]


def test_what_looks_like_a_time_and_is_none_is_said_to_be_none() -> None:
    text = "18:00 Doors\n25:61 Five chords\n\n20:00\n"
    assert parse_agenda(text).as_json() == {
        "sessions": [item("Doors", kind="social", starts="18:00")],
        "not_understood": [lost(2, "25:61 Five chords", NO_TIME), lost(4, "20:00", NOTHING_BESIDE)],
    }


def test_nothing_in_nothing_out() -> None:
    assert parse_agenda("").as_json() == {"sessions": [], "not_understood": []}
    assert parse_agenda("\n  \n---\n").as_json() == {"sessions": [], "not_understood": []}


def test_an_item_remembers_its_line() -> None:
    agenda = parse_agenda("Agenda\n\n18:00 Doors\n18:30 Lightning talks\n - Ada: Engines\n")
    assert [(session.line, [talk.line for talk in session.talks]) for session in agenda.sessions] == [(3, []), (4, [5])]


def test_a_page_full_of_pictures_and_bold_type() -> None:
    text = """🗓 AGENDA

⏰ 6:30pm - Doors, drinks, pizza 🍕
⏰ 7:00pm - "Serverless at scale" by Priya Nair, Staff Engineer at Grab
Abstract: We run 3,000 functions.
⏰ 7:45pm - **Lightning Talks**
   • Tom Lee (GovTech): "Open data in 5 minutes"
   • Mei & Jun (NUS) — Robots that fold [slides](https://e.org/s) #origami
"""
    assert sessions_of(text) == [
        item("Doors, drinks, pizza 🍕", kind="social", starts="18:30"),
        item(
            "Serverless at scale",
            ("Priya Nair", "Staff Engineer at Grab"),
            starts="19:00",
            notes="We run 3,000 functions.",
        ),
        item(
            "Lightning Talks",
            kind="lightning",
            starts="19:45",
            talks=[
                item("Open data in 5 minutes", ("Tom Lee", "GovTech")),
                item(
                    "Robots that fold",
                    ("Mei", "NUS"),
                    ("Jun", "NUS"),
                    links=[{"title": "slides", "url": "https://e.org/s"}],
                    topics=["origami"],
                ),
            ],
        ),
    ]


def test_german_hours_with_a_letter_behind_the_end() -> None:
    text = "18:30-18:45h Einlass\n18:45-19:30 Uhr Scaling Postgres (Ada Lovelace, Acme)\n19.30 Pause (15 min)\n"
    assert sessions_of(text) == [
        item("Einlass", kind="social", starts="18:30", minutes=15),
        item("Scaling Postgres", ADA, starts="18:45", minutes=45),
        item("Pause", kind="break", starts="19:30", minutes=15),
    ]
