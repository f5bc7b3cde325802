"""The six digits that prove a stranger's address: right, wrong, used, guessed, and out of the mail itself."""

import datetime as dt
import html
import re

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from outbox.models import Message
from outbox.writers import Letter, words_of
from registrations.links import confirmation_code
from registrations.models import Registration, RegistrationPlan
from tests.web.conftest import TUESDAY_EVENING
from tests.web.evenings import CODE, FORM, evening, main_of, taken

DEE = {"name": "Dee", "email": "dee@example.org"}


@pytest.fixture(autouse=True)
def _counted_from_nought(db: None) -> None:
    cache.clear()


@pytest.fixture
def asked(dee: Client) -> Registration:
    """Dee has filled in the form and not opened her mail yet."""
    evening(room=5)
    dee.post(FORM, DEE)
    return Registration.objects.get()


def latest_letter() -> Letter:
    """The words of the mail that was queued last."""
    letter = words_of(Message.objects.latest("pk"), now=TUESDAY_EVENING)
    assert isinstance(letter, Letter)
    return letter


def said(response: object) -> str:
    """What a page says, without its frame."""
    return html.unescape(main_of(response.content.decode()))  # type: ignore[attr-defined]


def test_the_code_out_of_the_mail_takes_the_seat(dee: Client, asked: Registration) -> None:
    assert "We sent a code to dee@example.org." in said(dee.get(CODE))
    code = re.search(r"^ {4}(\d{6})$", latest_letter().text, re.MULTILINE)
    assert code
    response = dee.post(CODE, {"code": f" {code[1][:3]} {code[1][3:]} "})
    assert response.status_code == 303
    assert "You’re going" in said(dee.get(response["Location"]))
    assert (Registration.objects.get().state, taken()) == ("going", 1)


def test_the_mail_holds_the_code_and_the_link_in_both_parts(dee: Client, asked: Registration) -> None:
    letter = latest_letter()
    for part in (letter.text, letter.html):
        assert confirmation_code(asked) in part
        assert "/r/" in part
    assert letter.subject == f"Confirm your place: {asked.event}"


def test_the_code_given_twice_by_a_double_click_is_given_once(dee: Client, asked: Registration) -> None:
    code, browser = confirmation_code(asked), dee.cookies["rsvp"].value
    first = dee.post(CODE, {"code": code})
    dee.cookies["rsvp"] = browser
    second = dee.post(CODE, {"code": code})
    assert (second.status_code, second["Location"]) == (303, first["Location"])
    assert (taken(), Message.objects.count()) == (1, 2)


def test_the_cookie_is_for_these_pages_and_no_script(dee: Client, asked: Registration) -> None:
    cookie = dee.cookies["rsvp"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (FORM, True, "Lax")
    dee.post(CODE, {"code": confirmation_code(asked)})
    assert dee.cookies["rsvp"].value == ""


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "１２３４５６", "0" * 21, "\x00", "1 2 3 4 5 6 7"])
def test_what_is_no_code_is_refused_with_a_sentence(dee: Client, asked: Registration, code: str) -> None:
    response = dee.post(CODE, {"code": code})
    assert response.status_code == 422
    assert 'class="msg msg--bad"' in said(response)
    assert Registration.objects.get().state == "pending"


def test_after_ten_wrong_guesses_even_the_right_code_is_not_looked_at(dee: Client, asked: Registration) -> None:
    right = confirmation_code(asked)
    wrong = "000000" if right != "000000" else "000001"
    assert [dee.post(CODE, {"code": wrong}).status_code for _guess in range(11)] == [422] * 10 + [429]
    response = dee.post(CODE, {"code": right})
    assert (response.status_code, response["Retry-After"]) == (429, "86400")
    assert "Use the link in the email instead" in said(response)
    assert Registration.objects.get().state == "pending"


def test_another_browser_cannot_ask_for_the_page(dee: Client, asked: Registration) -> None:
    for value in ("", "forged", dee.cookies["rsvp"].value + "x"):
        stranger = Client()
        stranger.cookies["rsvp"] = value
        response = stranger.get(CODE)
        assert (response.status_code, response["Location"]) == (302, FORM)


def test_an_address_typed_for_one_meetup_counts_for_no_other(dee: Client, asked: Registration) -> None:
    Registration.objects.all().delete()
    RegistrationPlan.objects.get().event.delete()
    evening()
    assert dee.get(CODE)["Location"] == FORM


def test_the_window_may_close_while_the_mail_is_read(dee: Client, asked: Registration) -> None:
    RegistrationPlan.objects.update(closes_at=TUESDAY_EVENING)
    response = dee.post(CODE, {"code": confirmation_code(asked)})
    assert response.status_code == 422
    assert "RSVP is closed." in said(response)
    assert Registration.objects.get().state == "pending"


def test_who_comes_back_the_same_day_gets_a_new_code(
    dee: Client, asked: Registration, clock: time_machine.Traveller
) -> None:
    link = dee.post(CODE, {"code": confirmation_code(asked)})["Location"]
    dee.post(link, {"action": "leave"})
    clock.shift(dt.timedelta(minutes=5))
    dee.post(FORM, DEE)
    code = confirmation_code(Registration.objects.get())
    assert code in latest_letter().text
    assert dee.post(CODE, {"code": code}).status_code == 303
    assert (Registration.objects.get().state, taken()) == ("going", 1)


def test_asking_again_the_same_day_sends_no_second_mail(dee: Client, asked: Registration) -> None:
    dee.post(FORM, DEE)
    assert Message.objects.count() == 1


def test_who_comes_already_gets_a_mail_that_says_so_and_no_code(dee: Client, asked: Registration) -> None:
    dee.post(CODE, {"code": confirmation_code(asked)})
    assert dee.post(FORM, DEE)["Location"] == CODE
    letter = latest_letter()
    assert letter.subject == f"You’re going: {asked.event}"
    assert confirmation_code(Registration.objects.get()) not in letter.text
