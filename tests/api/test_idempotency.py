"""One request, one effect: whatever is lost, repeated, or done at the same time."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client

from accounts.idempotency import forget_answers, hold_key
from accounts.models import IdempotentRequest, User
from accounts.tasks import forget_old_answers
from api import idempotency
from api.v1 import registrations
from core.errors import RuleViolation
from outbox.models import Message
from registrations.models import Registration, RegistrationPlan
from tests.api.cast import NOW, Cast, bearer, comes
from tests.api.conftest import Send

pytestmark = pytest.mark.django_db

PATH = "events/neurips/registrations/"
KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}


def effects() -> tuple[int, int, int]:
    """Registrations, messages, answers that are kept."""
    return Registration.objects.count(), Message.objects.count(), IdempotentRequest.objects.count()


def test_a_lost_answer_comes_again_to_the_letter(cast: Cast, send: Send) -> None:
    token = bearer(cast.bo, "rsvp") | KEY
    first = send("post", PATH, {"guests": 1, "name": "Bo"}, status=201, **token)

    again = send("post", PATH, {"name": "Bo", "guests": 1}, status=201, **token)

    assert (again.content, again["Location"]) == (first.content, first["Location"])
    assert ("Idempotent-Replayed" in first, again["Idempotent-Replayed"]) == (False, "true")
    assert effects() == (1, 1, 1)


def test_the_answer_stays_what_it_was_whatever_became_of_it(cast: Cast, send: Send) -> None:
    token = bearer(cast.bo, "rsvp") | KEY
    told = send("post", PATH, {}, status=201, **token).json()
    send("delete", f"registrations/{told['id']}/", status=204, **token)

    assert send("post", PATH, {}, status=201, **token).json() == told
    assert Registration.objects.get().state == "cancelled"


def test_quotation_marks_around_the_key_make_no_other_key(cast: Cast, send: Send) -> None:
    token = bearer(cast.bo, "rsvp")
    send("post", PATH, {}, status=201, **token, **{"Idempotency-Key": '"a1"'})

    again = send("post", PATH, {}, status=201, **token, **{"Idempotency-Key": "a1"})

    assert again["Idempotent-Replayed"] == "true"


def test_the_same_key_for_another_request_is_refused(cast: Cast, send: Send) -> None:
    token = bearer(cast.ada, "rsvp", "organise") | KEY
    row = comes(cast, "bo")
    send("post", PATH, {}, status=201, **token)

    other_body = send("post", PATH, {"guests": 1}, status=422, **token)
    other_path = send("post", f"registrations/{row.public_id}/commands/", {"command": "approve"}, status=422, **token)

    assert {other_body.json()["code"], other_path.json()["code"]} == {"idempotency_key_reused"}


def test_everybody_has_keys_of_their_own(cast: Cast, send: Send) -> None:
    send("post", PATH, {}, status=201, **bearer(cast.bo, "rsvp"), **KEY)

    second = send("post", PATH, {}, status=201, **bearer(cast.cy, "rsvp"), **KEY)

    assert (second.json()["name"], "Idempotent-Replayed" in second) == ("Cy", False)


def test_a_second_token_of_the_same_person_gets_the_answer_and_one_without_the_scope_does_not(
    cast: Cast, send: Send
) -> None:
    send("post", PATH, {}, status=201, **bearer(cast.bo, "rsvp"), **KEY)

    again = send("post", PATH, {}, status=201, **bearer(cast.bo, "rsvp"), **KEY)
    send("post", PATH, {}, status=403, **bearer(cast.bo, "read"), **KEY)

    assert again["Idempotent-Replayed"] == "true"


def test_who_lost_the_right_to_decide_is_not_answered_from_the_key(cast: Cast, send: Send) -> None:
    row, token = comes(cast, "bo"), bearer(cast.ada, "organise") | KEY
    body = {"command": "refuse", "reason": "Full of Bos"}
    send("post", f"registrations/{row.public_id}/commands/", body, **token)
    cast.ada.memberships.all().delete()

    send("post", f"registrations/{row.public_id}/commands/", body, status=404, **token)


@pytest.mark.parametrize(
    ("plan", "body", "status"), [({"closes_at": NOW}, {}, 409), ({}, {"guests": 7}, 400), ({}, {"guests": "x"}, 400)]
)
def test_a_refusal_is_not_kept_so_the_key_is_free_once_it_is_put_right(
    cast: Cast, send: Send, plan: dict, body: dict, status: int
) -> None:
    RegistrationPlan.objects.update(**plan)
    token = bearer(cast.bo, "rsvp") | KEY
    send("post", PATH, body, status=status, **token)
    assert effects() == (0, 0, 0)
    RegistrationPlan.objects.update(closes_at=None)

    told = send("post", PATH, {}, status=201, **token)

    assert "Idempotent-Replayed" not in told


@pytest.mark.parametrize(
    "key", ["", " ", '"', '""', '"a', "a b", "a,b", "a;b", "é", "学", "x" * 256, "\x01", "a\\b", "'a'", "<a>"]
)
def test_a_key_that_is_none_is_refused_before_anything_happens(cast: Cast, client: Client, key: str) -> None:
    header = {"Idempotency-Key": key.encode().decode("latin-1")}

    response = client.post(
        f"/api/v1/{PATH}", {}, content_type="application/json", headers=bearer(cast.bo, "rsvp") | header
    )

    assert (response.status_code, response.json()["code"]) == (400, "idempotency_key_invalid")
    assert effects() == (0, 0, 0)


def test_the_longest_key_is_kept(cast: Cast, send: Send) -> None:
    send("post", PATH, {}, status=201, **bearer(cast.bo, "rsvp"), **{"Idempotency-Key": "x" * 255})

    assert effects() == (1, 1, 1)


def test_a_key_on_a_read_is_nobodys_business(cast: Cast, client: Client) -> None:
    response = client.get("/api/v1/events/neurips/", headers={"Idempotency-Key": "é"})

    assert response.status_code == 200


def test_a_stranger_with_a_key_is_a_stranger(cast: Cast, send: Send) -> None:
    send("post", PATH, {}, status=401, **KEY)

    assert effects() == (0, 0, 0)


def test_answers_are_kept_for_two_days_and_then_forgotten(cast: Cast, send: Send) -> None:
    send("post", PATH, {}, status=201, **bearer(cast.bo, "rsvp"), **KEY)

    kept = forget_answers(now=NOW + dt.timedelta(hours=48))
    with time_machine.travel(NOW + dt.timedelta(hours=48, seconds=1), tick=False):
        forget_old_answers()

    assert (kept, effects()) == (0, (1, 1, 0))


def test_answers_go_with_their_person(cast: Cast, send: Send) -> None:
    send("post", PATH, {}, status=201, **bearer(cast.bo, "rsvp"), **KEY)

    cast.bo.delete()

    assert IdempotentRequest.objects.count() == 0


def test_a_crash_between_effect_and_answer_leaves_neither(cast: Cast, send: Send, client: Client, monkeypatch) -> None:
    token = bearer(cast.bo, "rsvp") | KEY
    with monkeypatch.context() as broken:
        broken.setattr("api.idempotency.keep_answer", lambda **_kwargs: 1 / 0)
        client.raise_request_exception = False
        response = client.post(f"/api/v1/{PATH}", {}, content_type="application/json", headers=token)
    assert (response.status_code, effects()) == (500, (0, 0, 0))

    send("post", PATH, {}, status=201, **token)

    assert effects() == (1, 1, 1)


def post(client: Client, headers: dict[str, str]) -> Any:
    return client.post(f"/api/v1/{PATH}", {}, content_type="application/json", headers=headers)


@pytest.mark.django_db(transaction=True)
def test_while_the_same_key_is_being_answered_nobody_waits(cast: Cast, client: Client) -> None:
    headers = bearer(cast.bo, "rsvp") | KEY

    def in_another_connection() -> Any:
        try:
            return post(Client(), headers)
        finally:
            connection.close()

    with transaction.atomic():
        assert hold_key(user=cast.bo, key=KEY["Idempotency-Key"])
        with ThreadPoolExecutor(1) as pool:
            response = pool.submit(in_another_connection).result()
    after = post(client, headers)

    assert (response.status_code, response.json()["code"]) == (409, "idempotency_key_in_use")
    assert (response["Retry-After"], after.status_code) == ("1", 201)


@pytest.mark.django_db(transaction=True)
def test_who_is_deleted_while_they_are_answered_is_a_stranger(cast: Cast, client: Client, monkeypatch) -> None:
    def delete_bo() -> None:
        User.objects.filter(pk=cast.bo.pk).delete()
        connection.close()

    def keep(**answer: Any) -> None:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(delete_bo).result()
        really(**answer)

    really = idempotency.keep_answer
    monkeypatch.setattr(idempotency, "keep_answer", keep)

    response = post(client, bearer(cast.bo, "rsvp") | KEY)

    assert (response.status_code, effects()) == (401, (0, 0, 0))


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_with_one_key_are_one_registration_and_one_message(cast: Cast) -> None:
    headers = bearer(cast.bo, "rsvp") | KEY
    gate = Barrier(8)

    def go(_number: int) -> Any:
        try:
            gate.wait(30)
            return post(Client(), headers)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(go, range(8)))

    made = [answer.content for answer in answers if answer.status_code == 201]
    refused = [answer for answer in answers if answer.status_code != 201]
    assert (len(made) >= 1, len(set(made))) == (True, 1)
    assert {(answer.status_code, answer["Retry-After"]) for answer in refused} <= {(409, "1")}
    assert effects() == (1, 1, 1)
    assert post(Client(), headers).content == made[0]


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_without_a_key_are_one_registration_and_one_message(cast: Cast) -> None:
    headers = bearer(cast.bo, "rsvp")
    gate = Barrier(8)

    def go(_number: int) -> int:
        try:
            gate.wait(30)
            return post(Client(), headers).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(go, range(8))) == [200] * 7 + [201]
    assert effects() == (1, 1, 0)


def test_a_rule_that_says_no_takes_back_what_was_done_before_it(cast: Cast, send: Send, monkeypatch) -> None:
    def register_and_refuse(**asked: Any) -> None:
        really(**asked)
        raise RuleViolation("busy", "Try again.")

    really = registrations.register
    monkeypatch.setattr(registrations, "register", register_and_refuse)

    send("post", PATH, {}, status=409, **bearer(cast.bo, "rsvp"), **KEY)

    assert effects() == (0, 0, 0)
