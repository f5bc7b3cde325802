"""What SMTP answers mean and how long to wait after them."""

from datetime import timedelta

import pytest

from outbox.delivery.rules import is_permanent, is_temporary, retry_delay


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        (421, (True, False)),
        (450, (True, False)),
        (499, (True, False)),
        (500, (False, True)),
        (550, (False, True)),
        (599, (False, True)),
        (250, (False, False)),
        (600, (False, False)),
        (-1, (False, False)),
    ],
)
def test_the_first_digit_decides(code: int, meaning: tuple[bool, bool]) -> None:
    assert (is_temporary(code), is_permanent(code)) == meaning


def test_the_wait_doubles_up_to_an_hour() -> None:
    waits = [retry_delay(attempts, share=1.0).total_seconds() for attempts in range(1, 10)]

    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_chance_takes_up_to_half_of_the_wait_away() -> None:
    assert retry_delay(2, share=0.0) == timedelta(seconds=30)
    assert retry_delay(30_000, share=0.0) == timedelta(minutes=30)
