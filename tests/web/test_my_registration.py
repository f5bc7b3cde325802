"""The way back to a registration without session and link: one answer for everybody, the rest in the mail."""

import pytest
from django.core.cache import cache
from django.test import Client

from outbox.models import Message
from outbox.writers import Letter, words_of
from registrations.links import manage_path
from registrations.models import Registration
from tests.factories.registrations import RegistrationFactory
from tests.web.conftest import TUESDAY_EVENING
from tests.web.evenings import evening, main_of

PATH = "/events/evening/registration/"
BO = "bo@example.org"


@pytest.fixture(autouse=True)
def _counted_from_nought(db: None) -> None:
    cache.clear()


@pytest.fixture
def bos() -> Registration:
    row: Registration = RegistrationFactory(event=evening(room=1).event, user__email=BO, name="Bo")
    return row


def mailed() -> list[Letter]:
    letters = [words_of(message, now=TUESDAY_EVENING) for message in Message.objects.order_by("pk")]
    return [letter for letter in letters if isinstance(letter, Letter)]


def test_the_link_is_mailed_and_nothing_changes(dee: Client, bos: Registration) -> None:
    assert "give up your place" in main_of(dee.get(PATH).content.decode())
    answer = dee.post(PATH, {"email": "Bo@Example.org"})
    assert "If Bo@Example.org is registered, its owner gets an email" in main_of(answer.content.decode())
    (letter,) = mailed()
    assert manage_path(bos) in letter.text
    bos.refresh_from_db()
    assert bos.state == "going"


def test_nobody_learns_who_is_registered_and_a_day_has_one_mail(dee: Client, bos: Registration) -> None:
    stranger, first, again = (
        main_of(dee.post(PATH, {"email": one}).content.decode()) for one in ("x@example.org", BO, BO)
    )
    assert stranger.replace("x@example.org", BO) == first == again
    assert [message.address for message in Message.objects.all()] == [BO]


@pytest.mark.parametrize("state", ["going", "waiting", "requested"])
def test_who_is_signed_in_goes_straight_there(client: Client, bos: Registration, state: str) -> None:
    Registration.objects.update(state=state)
    client.force_login(bos.user)
    assert client.get(PATH)["Location"] == manage_path(bos)


def test_who_is_signed_in_and_not_registered_is_told(client: Client, bos: Registration) -> None:
    client.force_login(RegistrationFactory().user)
    assert "You are not registered for this meetup." in main_of(client.get(PATH).content.decode())


@pytest.mark.parametrize("email", ["", "bo", "bö@example.org", "bo@example.org\nBcc: x@example.org"])
def test_what_is_no_address_is_said_on_its_field(dee: Client, bos: Registration, email: str) -> None:
    answer = dee.post(PATH, {"email": email})
    assert (answer.status_code, 'id="rsvp-email_error"' in answer.content.decode()) == (422, True)
    assert not Message.objects.exists()


def test_asking_again_and_again_is_stopped_with_a_time(dee: Client, bos: Registration) -> None:
    answers = [dee.post(PATH, {"email": BO}) for _turn in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert answers[-1]["Retry-After"] == "3600"


def test_the_form_of_an_rsvp_leads_here(dee: Client, bos: Registration) -> None:
    assert f'href="{PATH}"' in dee.get("/events/evening/rsvp/").content.decode()
    assert dee.get("/events/none/registration/").status_code == 404
