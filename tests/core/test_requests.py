"""Requests nobody could answer are turned away as the caller's mistake."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/?q=%00", "/?%00=1", "/groups/%00/", "/api/v1/events/?search=a%00b"])
def test_a_nul_character_is_a_bad_request(client, address):
    assert client.get(address).status_code in {400, 404}
