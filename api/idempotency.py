"""Requests that may be repeated without a second effect: the header Idempotency-Key of the HTTP working group's draft.

A phone that lost the answer asks again with the same key and gets the answer it missed. Effect and answer are written
in one transaction: a crash between the two leaves neither. Refusals are not kept, so that a key is free again once
what was wrong has been put right.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import IntegrityError, transaction
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import NotAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.idempotency import answer_given, hold_key, keep_answer
from accounts.models import IdempotentRequest, User
from api.errors import Problem
from api.permissions import person_of

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
JSON = "application/json"
# The draft's form is a string in quotation marks (RFC 8941 section 3.3.3); most clients leave the marks out.
_KEY = re.compile(r'("?)([A-Za-z0-9._~:+/=-]{1,255})\1')
RETRY_SECONDS = 1
KEY_PARAMETER = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    description=(
        "A text that only this request of yours has, such as a UUID: 1 to 255 letters, digits or -._~:+/=. Repeated "
        "with the same key and body within a day, the request has no second effect: the first answer comes again, "
        f"with `{REPLAYED}: true`."
    ),
)


def answered_once(request: Request, act: Callable[[], Response], *, now: datetime) -> HttpResponse:
    """What `act` answers; under a key that was used before, what it answered then. The asker must be known.

    Raises Problem: 400 for a key that is none, 409 while the same key is being answered, 422 when it was used for
    another request. What `act` raises or answers from 400 on undoes everything and is not kept.
    """
    key = _key(request)
    if key is None:
        return act()
    user = person_of(request)
    with refused_ghosts(user), transaction.atomic():
        if not hold_key(user=user, key=key):
            raise _being_answered()
        known, fingerprint = answer_given(user=user, key=key), _fingerprint(request)
        if known is not None:
            return _replay(known, fingerprint)
        return _answer_and_keep(request, act, key, fingerprint, now)


@contextmanager
def refused_ghosts(user: User) -> Iterator[None]:
    """Who is deleted while they are answered is found out at the commit, and is a stranger."""
    try:
        yield
    except IntegrityError:
        if User.objects.filter(pk=user.pk).exists():
            raise
        raise NotAuthenticated from None


def _answer_and_keep(
    request: Request, act: Callable[[], Response], key: str, fingerprint: str, now: datetime
) -> HttpResponse:
    response = act()
    if response.status_code >= 400:
        transaction.set_rollback(True)
        return response
    body = "" if response.data is None else JSONRenderer().render(response.data).decode()
    headers = {name: response[name] for name in ("Location",) if name in response}
    keep_answer(
        user=person_of(request),
        key=key,
        fingerprint=fingerprint,
        status=response.status_code,
        headers=headers,
        body=body,
        now=now,
    )
    return HttpResponse(body, status=response.status_code, content_type=JSON, headers=headers)


def _replay(known: IdempotentRequest, fingerprint: str) -> HttpResponse:
    if known.fingerprint != fingerprint:
        detail = f"This {HEADER} was used for another request. Make a new key for each request."
        raise Problem(422, detail, code="idempotency_key_reused")
    headers = {**known.headers, REPLAYED: "true"}
    return HttpResponse(known.body, status=known.status, content_type=JSON, headers=headers)


def _key(request: Request) -> str | None:
    given = request.headers.get(HEADER)
    if given is None:
        return None
    found = _KEY.fullmatch(given)
    if found is None:
        detail = f"The {HEADER} is not one. Use 1 to 255 letters, digits or -._~:+/=, such as a UUID."
        raise Problem(400, detail, code="idempotency_key_invalid")
    return found[2]


def _fingerprint(request: Request) -> str:
    """The same for the same method, address and body; neither white space nor the order of names matters."""
    body = json.dumps(request.data, sort_keys=True)
    return hashlib.sha256(f"{request.method} {request.get_full_path()}\n{body}".encode()).hexdigest()


def _being_answered() -> Problem:
    return Problem(
        409,
        f"A request with this {HEADER} is being answered. Repeat it in a moment.",
        code="idempotency_key_in_use",
        headers={"Retry-After": str(RETRY_SECONDS)},
    )
