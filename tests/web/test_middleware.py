"""Calendars are answered first; everything else goes its usual way."""

import pytest
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/calendars/", "/calendars/none.ics", "/calendars/groups/a/b.ics", "/calendars/%00.ics"]
)
def test_what_is_no_feed_gets_the_sites_own_page(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code in {400, 404}
    assert response["Content-Type"] == "text/html; charset=utf-8"
