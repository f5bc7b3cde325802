"""Standard Webhooks: the example of the specification, and every way to get it wrong."""

import datetime as dt

import pytest

from inbox.signatures import is_signed, key_of, signature_of

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE_ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
TIMESTAMP = "1614265330"
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
SENT = dt.datetime.fromtimestamp(int(TIMESTAMP), dt.UTC)


def check(**changes: object) -> bool:
    given: dict[str, object] = {
        "message_id": MESSAGE_ID,
        "timestamp": TIMESTAMP,
        "signatures": SIGNATURE,
        "body": BODY,
        "now": SENT,
    }
    return is_signed(key_of(SECRET), **(given | changes))  # type: ignore[arg-type]


def test_the_example_of_the_specification_is_right() -> None:
    assert check()
    assert signature_of(key_of(SECRET), message_id=MESSAGE_ID, timestamp=TIMESTAMP, body=BODY) == SIGNATURE


def test_one_of_several_signatures_is_enough_while_keys_change() -> None:
    assert check(signatures=f"v1,AAAA v2,{SIGNATURE} {SIGNATURE}")


@pytest.mark.parametrize("minutes", [-5, 5])
def test_five_minutes_are_tolerated_and_not_a_second_more(minutes: int) -> None:
    late = dt.timedelta(minutes=minutes)

    assert check(now=SENT + late)
    assert not check(now=SENT + late * 1.004)


@pytest.mark.parametrize(
    "changes",
    [
        {"body": BODY + b" "},
        {"message_id": "msg_other"},
        {"message_id": ""},
        {"timestamp": "1614265331"},
        {"timestamp": ""},
        {"timestamp": "-5"},
        {"timestamp": "²"},
        {"timestamp": "9" * 400},
        {"signatures": ""},
        {"signatures": "v1,é"},
        {"signatures": SIGNATURE.replace("v1,", "v1a,")},
        {"signatures": " ".join(["v1,AAAA"] * 10 + [SIGNATURE])},
    ],
)
def test_anything_else_is_refused(changes: dict[str, object]) -> None:
    assert not check(**changes)


@pytest.mark.parametrize("secret", ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "sixteen-letters!"])
def test_a_key_is_base64_or_any_long_text(secret: str) -> None:
    assert len(key_of(secret)) >= 16


@pytest.mark.parametrize(
    ("secret", "reason"),
    [
        ("whsec_no base64", "what follows whsec_ is not base64"),
        ("whsec_aGk=", "it has less than 16 bytes"),
        ("short", "it has less than 16 bytes"),
    ],
)
def test_a_broken_key_says_why(secret: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        key_of(secret)
