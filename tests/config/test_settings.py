"""The settings keep what the documentation and the house promise."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from config.env import BASE_DIR, env

PAGE = (BASE_DIR / "docs" / "settings.md").read_text(encoding="utf-8")


def test_every_variable_is_documented_and_no_other():
    assert set(re.findall(r"^\| `([A-Z_]+)`", PAGE, flags=re.MULTILINE)) == set(env.scheme)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"SECRET_KEY": "", "DEBUG": "0"}, "SECRET_KEY is empty."),
        ({"DATABASE_URL": ""}, "DATABASE_URL is empty."),
        ({"DATABASE_URL": "sqlite:///x"}, "DATABASE_URL names another engine."),
    ],
)
def test_a_missing_or_foreign_setting_is_named(changed, sentence):
    environment = {"PATH": "/usr/bin", "SECRET_KEY": "x" * 50, "DATABASE_URL": "postgresql://x@/x"} | changed
    done = subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        env=environment,
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert sentence in done.stderr.strip().splitlines()[-1]


def test_django_finds_nothing_to_complain_of_in_production():
    environment = {
        "PATH": "/usr/bin",
        "SECRET_KEY": "".join(chr(33 + i % 90) for i in range(60)),
        "DATABASE_URL": "postgresql://x@/x",
        "SECURE_SSL": "1",
        "ALLOWED_HOSTS": "meet.example.org",
        "HOME": str(Path.home()),
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env=environment,
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
