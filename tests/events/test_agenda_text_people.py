"""Pasted agendas: who speaks, what is a title, and where somebody works."""

from events.agenda_text import parse_agenda
from events.agenda_text.assembling import BELONGS_TO_NOTHING
from tests.events.agenda_samples import ADA, BO, item, lost, sessions_of


def test_names_may_stand_behind_the_title_in_many_ways() -> None:
    text = """Talks
- "Scaling Postgres" - Ada Lovelace
- “Five chords” — Bo Diddley (Chess Records)
- Pitching (Cy Young, Giants)
- Punk for everyone by Dee Dee, Ramones
- Compilers | Grace Hopper | US Navy
- Kernels in anger, Linus Torvalds
"""
    assert sessions_of(text) == [
        item("Scaling Postgres", ("Ada Lovelace", "")),
        item("Five chords", ("Bo Diddley", "Chess Records")),
        item("Pitching", ("Cy Young", "Giants")),
        item("Punk for everyone", ("Dee Dee", "Ramones")),
        item("Compilers", ("Grace Hopper", "US Navy")),
        item("Kernels in anger", ("Linus Torvalds", "")),
    ]


def test_lightning_talks_without_bullets_and_with_first_names() -> None:
    text = "Lightning Talks:\n\nAda - Engines\nBo - Chords\nCy - Pitching\n"
    assert sessions_of(text) == [
        item(
            "Lightning Talks",
            kind="lightning",
            talks=[item("Engines", ("Ada", "")), item("Chords", ("Bo", "")), item("Pitching", ("Cy", ""))],
        )
    ]


def test_biographies_of_a_speakers_section_are_notes_of_their_sessions() -> None:
    text = """# Schedule
18:30 Scaling Postgres (Ada Lovelace)
19:15 Five chords (Bo Diddley)

# Speakers
- Ada Lovelace: wrote the first programme.
- Bo Diddley
  Played the guitar.
"""
    assert sessions_of(text) == [
        item(
            "Scaling Postgres",
            ("Ada Lovelace", ""),
            starts="18:30",
            notes="- Ada Lovelace: wrote the first programme.",
        ),
        item("Five chords", BO, starts="19:15", notes="- Bo Diddley\n  Played the guitar."),
    ]


def test_a_list_of_people_has_affiliations_on_the_line_and_titles_below() -> None:
    text = """Lightening Talks
- Ada Lovelace (Acme)
    - Notes on the engine
    - GDG
- "Dee" punk singer
    - Three chords and the truth
- Bo Diddley - Chess Records
    - PyData
- Zed
    - [zed.example](https://zed.example/) startup
- Cy Young
"""
    assert sessions_of(text) == [
        item(
            "Lightening Talks",
            kind="lightning",
            talks=[
                item("Notes on the engine", ADA, notes="- GDG"),
                item("Three chords and the truth", ("Dee", "punk singer")),
                item("", ("Bo Diddley", "Chess Records"), notes="- PyData"),
                item(
                    "",
                    ("Zed", ""),
                    notes="- zed.example startup",
                    links=[{"title": "zed.example", "url": "https://zed.example/"}],
                ),
                item("", ("Cy Young", "")),
            ],
        )
    ]


def test_a_mail_that_announces_two_talks() -> None:
    text = """Hi all,

We have two talks:
* Ada Lovelace will talk about "The analytical engine and me"
* Bo Diddley: Five chords are enough

Best, Dee
"""
    assert parse_agenda(text).as_json() == {
        "sessions": [
            item("The analytical engine and me", ("Ada Lovelace", "")),
            item("Five chords are enough", BO),
        ],
        "not_understood": [lost(1, "Hi all,", BELONGS_TO_NOTHING), lost(7, "Best, Dee", BELONGS_TO_NOTHING)],
    }


def test_titles_that_look_like_names_stay_titles() -> None:
    text = """Sessions
- Project Magenta: Music and art with machine learning
- Android & TensorFlow: Artistic Style Transfer
- Networking in Kubernetes
- Face generation by DCGAN
- Reinforcement Learning
- NetEase.cn (AR translation, inc. offline, in TF.lite)
"""
    assert sessions_of(text) == [
        item("Project Magenta: Music and art with machine learning"),
        item("Android & TensorFlow: Artistic Style Transfer"),
        item("Networking in Kubernetes"),
        item("Face generation by DCGAN"),
        item("Reinforcement Learning"),
        item("NetEase.cn (AR translation, inc. offline, in TF.lite)"),
    ]


def test_titles_behind_commas_are_told_from_employers() -> None:
    titles = "Lightning talks:\n1. Ada Lovelace, Notes on the Engine\n2. Bo Diddley, Five chords\n"
    employers = "Lightning talks:\n1. Ada Lovelace, Acme\n2. Bo Diddley, Chess Records\n"
    assert sessions_of(titles)[0]["talks"] == [
        item("Notes on the Engine", ("Ada Lovelace", ""), number="1"),
        item("Five chords", BO, number="2"),
    ]
    assert sessions_of(employers)[0]["talks"] == [
        item("", ADA, number="1"),
        item("", ("Bo Diddley", "Chess Records"), number="2"),
    ]


def test_chinese_and_japanese_people_behind_quoted_titles() -> None:
    text = """【活动流程】
14:00-14:45 《TensorFlow 2.0 新特性》 张伟 Google
14:45-15:30 主题：模型压缩 讲师：王芳（腾讯）
15:30 LT大会
  - 佐藤花子「Rustで遊ぶ」
"""
    assert sessions_of(text) == [
        item("TensorFlow 2.0 新特性", ("张伟", "Google"), starts="14:00", minutes=45),
        item("模型压缩", ("王芳", "腾讯"), starts="14:45", minutes=45),
        item("LT大会", kind="lightning", starts="15:30", talks=[item("Rustで遊ぶ", ("佐藤花子", ""))]),
    ]


def test_talks_told_in_sentences() -> None:
    text = """Last night was great. Ada Lovelace presented "Engines for everyone" and then Bo Diddley from Chess Records
spoke about "Five chords are enough". I gave a talk titled "My own secret". We love "open source".
"""
    assert sessions_of(text) == [
        item("Engines for everyone", ("Ada Lovelace", "")),
        item("Five chords are enough", ("Bo Diddley", "Chess Records")),
        item("My own secret"),
    ]


def test_paragraphs_with_a_title_over_a_name() -> None:
    text = """Sessions

Building Engines
Ada Lovelace, Acme
In this talk we build.

Playing Chords
Bo Diddley
"""
    assert sessions_of(text) == [
        item("Building Engines", ADA, notes="In this talk we build."),
        item("Playing Chords", BO),
    ]


def test_numbered_headings_over_names() -> None:
    text = """#### 1. Scaling Postgres (45 minutes)

*Ada Lovelace, Acme*

We moved.

#### 2. Five chords (30 minutes)

_Bo Diddley_
"""
    assert sessions_of(text) == [
        item("Scaling Postgres", ADA, number="1", minutes=45, notes="We moved."),
        item("Five chords", BO, number="2", minutes=30),
    ]


def test_panels_name_their_moderator_and_their_guests() -> None:
    text = """19:00 Panel discussion
  Moderator: John Doe (Acme)
  Panelists: Alice Wong (Grab), Bob Tan (Gojek)
20:00 Fireside chat with Ada Lovelace
"""
    assert sessions_of(text) == [
        item(
            "Panel discussion",
            ("John Doe", "Acme"),
            ("Alice Wong", "Grab"),
            ("Bob Tan", "Gojek"),
            kind="panel",
            starts="19:00",
        ),
        item("Fireside chat", ("Ada Lovelace", ""), kind="panel", starts="20:00"),
    ]
