"""What is handed out: signed addresses, six digits, tickets."""

import pytest

from core.tokens import new_secret, sign
from registrations.links import confirmation_code, is_confirmation_code, manage_path, registration_of
from registrations.tickets import read_ticket, ticket_code
from tests.factories.registrations import RegistrationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine():
    return RegistrationFactory()


def test_a_ticket_is_read_however_it_is_typed(mine):
    code = ticket_code(mine)
    assert [len(group) for group in code.split("-")] == [4] * 6
    for typed in (code, code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')}\n"):
        assert read_ticket(typed) == mine.ticket


def test_a_ticket_that_was_made_up_is_none(mine):
    code = ticket_code(mine)
    other = "A" if code[0] != "A" else "B"
    made_up = [
        other + code[1:],
        code[:-1] + ("A" if code[-1] != "A" else "B"),
        code[:19],
        code + "A",
        "",
        "轻量化",
        "-" * 99,
    ]
    assert [read_ticket(typed) for typed in made_up] == [None] * len(made_up)


def test_tickets_hold_80_random_bits():
    secrets = {new_secret() for _ in range(1000)}
    assert (len(secrets), {len(secret) for secret in secrets}) == (1000, {16})


def test_an_address_opens_its_registration_and_no_other_use_of_the_signature_does(mine):
    token = manage_path(mine).rstrip("/").rpartition("/")[2]
    assert registration_of(token) == mine
    wrong = [
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token[:-5],
        sign("unsubscribe", mine.ticket),
        "",
        "x" * 5000,
    ]
    assert [registration_of(each) for each in wrong] == [None] * len(wrong)


def test_the_six_digits_are_good_until_the_registration_changes(mine):
    code = confirmation_code(mine)
    assert (len(code), code.isdigit(), is_confirmation_code(mine, f" {code[:3]} {code[3:]}")) == (6, True, True)
    mine.version += 1
    assert not is_confirmation_code(mine, code)
    assert not any(is_confirmation_code(mine, wrong) for wrong in ("", "abcdef", "１２３４５６", "0" * 7))
