"""Bodies: what is read, and what is refused before it can hurt."""

from io import BytesIO

import pytest
from rest_framework.exceptions import APIException
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from api.parsers import MAX_BYTES, StrictJSONParser


def read(body: bytes) -> object:
    return StrictJSONParser().parse(BytesIO(body))


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"{}", {}),
        ('{"名": ["✓", 1, null]}'.encode(), {"名": ["✓", 1, None]}),
        (b'"\\ud83d\\ude00"', "😀"),
        (b"[" * 49 + b"1" + b"]" * 49, None),
    ],
)
def test_json_is_read(body: bytes, value: object) -> None:
    assert read(body) == value if value is not None else read(body)


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"", "The body is not JSON: Expecting value in line 1, column 1."),
        (b'{"a": }', "The body is not JSON: Expecting value in line 1, column 7."),
        (b"\xff", "The body is not UTF-8: byte 0 does not belong there."),
        (b"[" * 51 + b"]" * 51, "The body is nested deeper than 50 levels."),
        (b"[" * 100_000, "The body is nested deeper than 50 levels."),
        (b'{"a":' * 100_000, "The body is nested deeper than 50 levels."),
        (b'["\\u0000"]', "A text holds a NUL character. Leave \\u0000 out."),
        (b'{"\\u0000": 1}', "A text holds a NUL character. Leave \\u0000 out."),
        (b'["\\ud800"]', "A text holds half of a surrogate pair. Write the whole character."),
        (b'{"a": {"\\udfff": 1}}', "A text holds half of a surrogate pair. Write the whole character."),
        (b"NaN", "NaN is not a JSON number."),
        (b"[-Infinity]", "-Infinity is not a JSON number."),
        (b"9" * 5000, "The body holds a number that is too long."),
    ],
)
def test_what_would_hurt_is_refused_with_a_sentence(body: bytes, detail: str) -> None:
    with pytest.raises(APIException) as refusal:
        read(body)

    assert (refusal.value.status_code, str(refusal.value.detail)) == (400, detail)


def test_a_body_beyond_a_megabyte_is_not_read_to_its_end() -> None:
    stream = BytesIO(b" " * (MAX_BYTES + 1000))

    with pytest.raises(APIException) as refusal:
        StrictJSONParser().parse(stream)

    assert (refusal.value.status_code, stream.tell()) == (413, MAX_BYTES + 1)


class Echo(APIView):
    """Takes what it gets."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()

    def post(self, request: object) -> None:
        """Look at the body."""
        return request.data  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [(b"[" * 100_000, "application/json", 400), (b"a=1", "application/x-www-form-urlencoded", 415)],
)
def test_refusals_reach_the_client_as_problems(body: bytes, kind: str, status: int) -> None:
    request = APIRequestFactory().generic("POST", "/", body, content_type=kind)

    response = Echo.as_view()(request)

    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
