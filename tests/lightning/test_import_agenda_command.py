"""`import_agenda` shows what it reads without a database, and fills an event whole or not at all."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from config.env import BASE_DIR
from events.agenda_text import Agenda, parse_agenda
from lightning.management.commands import import_agenda as command
from speakers.models import Speaker
from tests.factories import EventFactory, SessionFactory, SpeakerFactory

NOTES = "# Agenda\n\n- 19:00 Doors\n- 19:20 Spikes in silicon - Cy Ng (NUS)\n- 20:00 Questions\n"
TEXTS = sorted((BASE_DIR / "events" / "demo").glob("*.txt"))
NOWHERE = {"DATABASE_URL": "postgresql://nobody@192.0.2.1:1/none", "SECRET_KEY": "x" * 50}


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    file = tmp_path / "notes.md"
    file.write_text(NOTES, encoding="utf-8")
    return file


@pytest.fixture
def event() -> Any:
    """A draft from 19:00 to 21:00 in Singapore."""
    return EventFactory(status="draft", slug="evening")


def run(*arguments: object) -> tuple[str, str]:
    """Standard output and standard error of a run that succeeds."""
    out, err = io.StringIO(), io.StringIO()
    call_command("import_agenda", *map(str, arguments), stdout=out, stderr=err, no_color=True)
    return out.getvalue(), err.getvalue()


def refusal(*arguments: object) -> str:
    with pytest.raises(CommandError) as refused:
        run(*arguments)
    assert refused.value.returncode == 1
    return str(refused.value)


def manage(*arguments: object, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command as people start it, in an environment that holds nothing else."""
    return subprocess.run(
        [sys.executable, "manage.py", "import_agenda", *map(str, arguments)],
        cwd=BASE_DIR,
        env={"PATH": os.environ["PATH"], **environment},
        input=stdin,
        capture_output=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("environment", [NOWHERE, {}], ids=["unreachable database", "nothing set up"])
def test_a_dry_run_needs_no_database(notes, environment):
    done = manage(notes, "--dry-run", "--json", **environment)
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout) == parse_agenda(NOTES).as_json()


def test_a_dry_run_reads_standard_input_and_ignores_the_event():
    done = manage(
        "-", "--dry-run", "--event", "none", "--json", stdin="19:00 轻量化 - 李茵\n19:30 Close\n".encode(), **NOWHERE
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert [item["title"] for item in json.loads(done.stdout)["sessions"]] == ["轻量化", "Close"]


def test_a_failure_is_one_sentence_and_status_1(tmp_path):
    done = manage(tmp_path / "none.txt", "--dry-run", **NOWHERE)
    said = done.stderr.decode().strip()
    assert (done.returncode, done.stdout, said) == (1, b"", f"CommandError: There is no file {tmp_path / 'none.txt'}.")


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.stem)
def test_json_of_each_seed_is_the_parsers_and_nothing_else(text):
    out, err = run(text, "--dry-run", "--json")
    assert (json.loads(out), err) == (parse_agenda(text.read_bytes()).as_json(), "")


def test_a_person_sees_a_table(notes):
    out, _ = run(notes, "--dry-run")
    assert [line.split()[:3] for line in out.splitlines()[2:5]] == [
        ["19:00", "social", "Doors"],
        ["19:20", "talk", "Spikes"],
        ["20:00", "talk", "Questions"],
    ]


def test_without_an_event_it_asks_for_one(notes):
    assert refusal(notes) == "Name the event with --event SLUG, or add --dry-run to look at the text first."


def test_a_folder_is_not_a_text(tmp_path):
    assert refusal(tmp_path, "--dry-run") == f"{tmp_path} is a folder. Name the text file inside it."


def test_a_name_that_cannot_be_a_file_is_refused():
    assert refusal("a\x00b", "--dry-run") == "a\x00b cannot be read: embedded null byte."


def test_a_huge_file_is_refused_unread(tmp_path):
    huge = tmp_path / "huge.txt"
    huge.write_bytes(b"x" * (command.MAX_BYTES + 1))
    assert (
        refusal(huge, "--dry-run") == f"{huge} is larger than 2,000,000 bytes. Give the agenda of one event at a time."
    )


def test_what_the_parser_refuses_is_said_in_its_words(tmp_path):
    binary = tmp_path / "binary.txt"
    binary.write_bytes(b"\xff\xfe\x00\xd8")
    assert "Traceback" not in refusal(binary, "--dry-run")


@pytest.mark.django_db
def test_it_fills_the_event_and_says_what_came_of_it(notes, event):
    out, _ = run(notes, "--event", "EVENING")
    assert list(event.sessions.in_order().values_list("title", "minutes")) == [
        ("Doors", 20),
        ("Spikes in silicon", 40),
        ("Questions", 60),
    ]
    assert out.splitlines()[-1] == (
        "Imported into evening: 3 sessions, 0 lightning talks, 1 speakers (1 new), 0 links, 0 topics; "
        "0 lines not understood."
    )


@pytest.mark.django_db
def test_json_stands_alone_on_standard_output(notes, event):
    out, err = run(notes, "--event", "evening", "--json")
    assert json.loads(out) == parse_agenda(NOTES).as_json()
    assert err.strip().startswith("Imported into evening: 3 sessions")


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["none", "a\x00b", ""])
def test_an_unknown_event_is_refused(notes, slug):
    said = refusal(notes, "--event", slug)
    assert said.startswith("There is no event" if slug else "Name the event")


@pytest.mark.django_db
def test_a_second_run_is_refused_and_duplicates_nothing(notes, event):
    run(notes, "--event", "evening")
    assert refusal(notes, "--event", "evening") == (
        "Nothing was imported. This event has a programme already. Delete its sessions first, or choose another event."
    )
    assert (event.sessions.count(), Speaker.objects.count()) == (3, 1)


@pytest.mark.django_db
def test_a_refusal_half_way_leaves_nothing_behind(tmp_path, event):
    file = tmp_path / "notes.txt"
    file.write_text(NOTES + "- 20:30 " + "long " * 60 + "\n", encoding="utf-8")
    assert refusal(file, "--event", "evening").startswith("Nothing was imported. Line 6: title: ")
    assert (event.sessions.count(), Speaker.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_somebody_known_is_proposed_and_not_merged(notes, event):
    cy = SpeakerFactory(name="Cy Ng", slug="cy-ng")
    out, _ = run(notes, "--event", "evening")
    assert out.splitlines()[-1] == "“Cy Ng” may be Cy Ng (cy-ng), by name: made a new speaker, nothing was merged."
    assert (cy.sessions.count(), Speaker.objects.count()) == (0, 2)


@pytest.mark.django_db
def test_accepted_matches_use_the_known_speaker(notes, event):
    cy = SpeakerFactory(name="Cy Ng", slug="cy-ng")
    out, _ = run(notes, "--event", "evening", "--accept-matches")
    assert out.splitlines()[-1] == "“Cy Ng” may be Cy Ng (cy-ng), by name: taken to be the same."
    assert (cy.sessions.count(), Speaker.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_two_who_may_be_meant_are_never_chosen_between(notes, event):
    SpeakerFactory.create_batch(2, name="Cy Ng")
    run(notes, "--event", "evening", "--accept-matches")
    assert Speaker.objects.count() == 3


@pytest.mark.django_db
def test_an_event_with_a_programme_of_its_own_keeps_it(notes, event):
    SessionFactory(event=event, title="Mine")
    refusal(notes, "--event", "evening")
    assert [session.title for session in event.sessions.all()] == ["Mine"]


def test_an_empty_text_gives_an_empty_agenda(tmp_path):
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    assert run(empty, "--dry-run", "--json")[0].strip() == json.dumps(Agenda().as_json(), indent=2)
