"""Pasted agendas that are tables: Markdown, columns of a spreadsheet, with and without a head row."""

from tests.events.agenda_samples import ADA, item, sessions_of


def test_a_markdown_table_is_read_by_its_head_row() -> None:
    text = """## Agenda

| Time | Talk | Speaker |
|------|:----:|--------:|
| 18:30 | Doors | |
| 19:00 - 19:30 | [Scaling Postgres](https://example.org/pg) | Ada Lovelace (Acme) |
| 19:30 | Lunch | |
"""
    assert sessions_of(text) == [
        item("Doors", kind="social", starts="18:30"),
        item(
            "Scaling Postgres",
            ADA,
            starts="19:00",
            minutes=30,
            links=[{"title": "Scaling Postgres", "url": "https://example.org/pg"}],
        ),
        item("Lunch", kind="break", starts="19:30"),
    ]


def test_columns_pasted_from_a_spreadsheet_are_read_by_their_head_row() -> None:
    text = (
        "Time\tTitle\tSpeaker\tCompany\tMinutes\n"
        "18:00\tDoors\t\t\t\n"
        "18:30\tScaling Postgres\tAda Lovelace\tAcme\t25\n"
        "19:00\tFive chords\tBo Diddley & Cy Young\tChess Records\t25\n"
    )
    assert sessions_of(text) == [
        item("Doors", kind="social", starts="18:00"),
        item("Scaling Postgres", ADA, starts="18:30", minutes=25),
        item("Five chords", ("Bo Diddley", "Chess Records"), ("Cy Young", "Chess Records"), starts="19:00", minutes=25),
    ]


def test_a_table_without_head_row_is_read_by_its_times() -> None:
    text = "| 18:00 | Doors open |\n| 18:30 | Scaling Postgres - Ada Lovelace (Acme) |\n| 19:15 | Lightning talks |\n"
    assert sessions_of(text) == [
        item("Doors open", kind="social", starts="18:00"),
        item("Scaling Postgres", ADA, starts="18:30"),
        item("Lightning talks", kind="lightning", starts="19:15"),
    ]


def test_a_table_with_kinds_ends_and_people_still_to_be_found() -> None:
    text = """Start | End | Session | Speaker | Affiliation | Type | Tags | Link | No
--- | --- | --- | --- | --- | --- | --- | --- | ---
18:00 | 18:15 | Opening | Dana Scott | MIT | Talk | types, logic | https://e.org/d | 1
18:15 | 19:00 | Types everywhere | Barbara Liskov | MIT | Keynote | | | 2
19:00 | 19:30 | Lightning talks | various | | Lightning talks | | | 3
"""
    assert sessions_of(text) == [
        item(
            "Opening",
            ("Dana Scott", "MIT"),
            starts="18:00",
            minutes=15,
            number="1",
            topics=["types", "logic"],
            links=[{"title": "", "url": "https://e.org/d"}],
        ),
        item("Types everywhere", ("Barbara Liskov", "MIT"), kind="keynote", starts="18:15", minutes=45, number="2"),
        item("Lightning talks", kind="lightning", starts="19:00", minutes=30, number="3", notes="various"),
    ]
