"""What SMTP answers mean and how long to wait after them."""

from datetime import timedelta

import pytest

from outbox.delivery.rules import Meaning, batch_size, lanes_for, meaning_of, pause_after, retry_delay


@pytest.mark.parametrize(
    ("code", "words", "meaning"),
    [
        (421, "4.7.0 Try again later, closing connection", Meaning.SOON),
        (432, "4.3.2 Concurrent connections limit exceeded", Meaning.SOON),
        (450, "4.7.1 Greylisted", Meaning.SOON),
        (452, "4.3.1 Insufficient system storage", Meaning.SOON),
        (499, "", Meaning.SOON),
        (452, "4.2.2 The email account that you tried to reach is over quota", Meaning.LATER),
        (552, "5.2.2 Mailbox full", Meaning.LATER),
        (550, "5.4.5 Daily sending limit exceeded", Meaning.LATER),
        (554, "5.7.1 Greylisted, please try again later", Meaning.LATER),
        (550, "Rate limit reached", Meaning.LATER),
        (500, "", Meaning.NEVER),
        (550, "5.1.1 No such mailbox", Meaning.NEVER),
        (552, "5.3.4 Message is too large, try again later", Meaning.NEVER),
        (599, "", Meaning.NEVER),
        (530, "5.7.0 Authentication required", Meaning.ACCOUNT),
        (535, "5.7.8 Bad credentials", Meaning.ACCOUNT),
        (250, "Ok", Meaning.NONSENSE),
        (600, "", Meaning.NONSENSE),
        (-1, "", Meaning.NONSENSE),
    ],
)
def test_code_and_enhanced_code_decide(code: int, words: str, meaning: Meaning) -> None:
    assert meaning_of(code, words) == meaning


@pytest.mark.parametrize(
    ("code", "words", "meaning"),
    [
        (451, "4.3.0 Not now", Meaning.SOON),
        (550, "5.7.1 Sender address is not yours", Meaning.LATER),
        (552, "Message size exceeds fixed limit", Meaning.NEVER),
        (530, "5.7.0 Must issue a STARTTLS command first", Meaning.ACCOUNT),
    ],
)
def test_no_reader_loses_a_mail_for_what_is_said_about_its_sender(code: int, words: str, meaning: Meaning) -> None:
    assert meaning_of(code, words, about_sender=True) == meaning


def test_the_wait_doubles_up_to_an_hour() -> None:
    waits = [retry_delay(attempts, share=1.0).total_seconds() for attempts in range(1, 10)]

    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_chance_takes_up_to_half_of_the_wait_away() -> None:
    assert retry_delay(2, share=0.0) == timedelta(seconds=30)
    assert retry_delay(30_000, share=0.0) == timedelta(minutes=30)


def test_a_mailbox_that_is_full_is_left_alone_for_longer() -> None:
    first = timedelta(minutes=10)

    assert [retry_delay(attempts, share=1.0, first=first) for attempts in (1, 2, 4)] == [
        timedelta(minutes=10),
        timedelta(minutes=20),
        timedelta(hours=1),
    ]


def test_a_server_that_is_away_is_asked_less_and_less_often_but_every_minute() -> None:
    assert [pause_after(failures) for failures in (1, 2, 5, 6, 1000)] == [2, 4, 32, 60, 60]


@pytest.mark.parametrize(
    ("sent", "seconds", "size"), [(20, 0.1, 20), (20, 0.0, 20), (10, 2.0, 10), (2, 2.0, 2), (1, 30.0, 1), (0, 1.0, 20)]
)
def test_a_slow_server_gets_small_batches(sent: int, seconds: float, size: int) -> None:
    assert batch_size(sent, seconds) == size


@pytest.mark.parametrize(
    ("batches", "most", "is_quick", "lanes"),
    [
        (0, 4, False, 1),
        (1, 4, False, 1),
        (3, 4, False, 3),
        (9, 4, False, 4),
        (9, 4, True, 2),
        (1, 4, True, 1),
        (9, 1, True, 1),
    ],
)
def test_more_lines_where_they_are_of_use(batches: int, most: int, is_quick: bool, lanes: int) -> None:
    assert lanes_for(batches, most=most, is_quick=is_quick) == lanes
