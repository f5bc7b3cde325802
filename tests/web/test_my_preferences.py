"""Name, language, time zone: chosen on my page."""

import pytest
from django.test import Client

from accounts.models import User


def test_preferences_are_saved_and_cleaned(as_bo: Client, bo: User) -> None:
    data = {"name": "  Bo\u0007 Peep ", "language": "zh-hans", "time_zone": "Asia/Singapore"}
    response = as_bo.post("/me/preferences/", data)
    bo.refresh_from_db()
    assert (response.status_code, response["Location"]) == (302, "/me/preferences/")
    assert (bo.name, bo.language, bo.time_zone) == ("Bo Peep", "zh-hans", "Asia/Singapore")
    assert response.cookies["django_language"].value == "zh-hans"


def test_preferences_may_all_be_empty(as_bo: Client, bo: User) -> None:
    as_bo.post("/me/preferences/", {"name": "", "language": "", "time_zone": ""})
    bo.refresh_from_db()
    assert (bo.name, bo.language, bo.time_zone) == ("", "", "")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": "x" * 121}, "The name is longer than 120 characters. Shorten it."),
        ({"name": "Bo", "language": "tlh"}, "This language is not offered. Choose another."),
        ({"name": "Bo", "time_zone": "Mars/Base"}, "This is not a time zone. Choose one from the list."),
        ({"name": "a\0b"}, "Null characters are not allowed."),
    ],
)
def test_wrong_values_are_said_on_the_field_and_change_nothing(
    as_bo: Client, bo: User, data: dict[str, str], words: str
) -> None:
    response = as_bo.post("/me/preferences/", data)
    bo.refresh_from_db()
    assert (response.status_code, bo.name, bo.time_zone) == (400, "Bo", "")
    assert words in response.content.decode()
    assert "field--bad" in response.content.decode()


def test_a_zone_under_an_old_name_stays(as_bo: Client, bo: User) -> None:
    User.objects.update(time_zone="Singapore")
    assert '<option value="Singapore" selected>' in as_bo.get("/me/preferences/").content.decode()
    as_bo.post("/me/preferences/", {"name": "Bo", "time_zone": "Singapore"})
    bo.refresh_from_db()
    assert bo.time_zone == "Singapore"


def test_a_name_that_is_markup_is_text(as_bo: Client) -> None:
    as_bo.post("/me/preferences/", {"name": "<b>Bo</b>"})
    assert "<b>Bo</b>" not in as_bo.get("/me/").content.decode()
