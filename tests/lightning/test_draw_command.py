"""`manage.py draw`: shows a draw, holds it again from the database or the published file, tells differences."""

import io
import json
import os
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from config.env import BASE_DIR
from lightning.models import Draw
from lightning.selectors.draws import draw_document
from lightning.services.drawing import hold_draw
from tests.lightning.rounds import DAY, HOUR, a_call, proposed

NOWHERE = {"DATABASE_URL": "postgresql://nobody@192.0.2.1:1/none", "SECRET_KEY": "x" * 50}


@pytest.fixture
def call(db, now):
    """Drawn: three slots, five talks."""
    call = a_call(now - HOUR, ahead=2 * HOUR, policy="draw")
    for number in range(5):
        proposed(call, now - DAY, title=f"T{number}", email=f"t{number}@example.org")
    hold_draw(block=call.block, by=None, now=now)
    return call


def run(*arguments: object) -> str:
    out = io.StringIO()
    call_command("draw", *map(str, arguments), stdout=out, no_color=True)
    return out.getvalue()


def refusal(*arguments: object) -> str:
    with pytest.raises(CommandError) as refused:
        run(*arguments)
    assert refused.value.returncode == 1
    return str(refused.value)


def test_it_shows_what_is_published(call):
    assert json.loads(run("evening")) == draw_document(call)


def test_the_database_verifies_and_a_changed_result_does_not(call):
    assert run("evening", "--verify") == "The same result: 5 entries, 3 slots, 2 on stand-by.\n"
    held = Draw.objects.get()
    Draw.objects.update(result=held.result[::-1])
    assert refusal("evening", "--verify").startswith("The published winners are not those the seed leads to")


def test_a_seed_that_was_exchanged_is_found(call):
    Draw.objects.update(seed="f" * 32)
    assert refusal("evening", "--block", call.block_id, "--verify") == (
        "The seed is not the one whose SHA-256 was published before the draw."
    )


def test_a_published_file_is_checked_without_a_database(call, tmp_path):
    file = tmp_path / "draw.json"
    document = draw_document(call)
    outcomes = []
    for winners in (document["winners"], document["winners"][::-1]):
        file.write_text(json.dumps(document | {"winners": winners}))
        command = [sys.executable, "manage.py", "draw", "evening", "--verify", str(file)]
        done = subprocess.run(
            command,
            cwd=BASE_DIR,
            env={"PATH": os.environ["PATH"], **NOWHERE},
            capture_output=True,
            timeout=60,
            check=False,
        )
        outcomes.append((done.returncode, done.stdout.decode(), done.stderr.decode().partition(":")[0]))
    assert outcomes == [
        (0, "The same result: 5 entries, 3 slots, 2 on stand-by.\n", ""),
        (1, "", "CommandError"),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "not a published draw"),
        (b"\xff", "not a published draw"),
        (b"[]", "no JSON object"),
        (b'{"event": "other"}', "of 'other'"),
    ],
)
def test_a_file_that_is_none_is_refused_with_a_sentence(tmp_path, content, words):
    file = tmp_path / "draw.json"
    file.write_bytes(content)
    assert words in refusal("evening", "--verify", file)
    assert "No such file" in refusal("evening", "--verify", tmp_path / "nowhere.json")


def test_it_says_which_round_is_missing_or_meant(db, now):
    assert refusal("evening") == "evening: no such event, or none of its rounds is drawn by lot."
    call = a_call(now, policy="draw")
    assert refusal("evening", "--block", 0) == f"This event draws lots for --block {call.block_id}."
    assert refusal("evening", "--verify") == "The draw has not been held yet: its seed is still secret."
