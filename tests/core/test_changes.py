"""Writing just what changed."""

import pytest
from django.core.exceptions import ValidationError

from core.changes import changed_fields, write_fields
from tests.factories import VenueFactory

pytestmark = pytest.mark.django_db


def test_only_fields_that_differ_have_changed():
    venue = VenueFactory(name="Hall", town="Singapore")
    assert changed_fields(venue, {"name": "Hall", "town": "天津"}) == {"town"}


def test_fields_that_were_not_named_are_not_written():
    venue = VenueFactory(name="Hall")
    venue.street = "never meant to be saved"
    write_fields(venue, {"name": "Big Hall"})
    venue.refresh_from_db()
    assert (venue.name, venue.street) == ("Big Hall", "1 Example Street")


def test_a_wrong_value_is_refused_by_name_and_nothing_is_written():
    venue = VenueFactory(name="Hall")
    with pytest.raises(ValidationError) as refused:
        write_fields(venue, {"name": "Other", "time_zone": "Mars/Olympus"})
    venue.refresh_from_db()
    assert (list(refused.value.message_dict), venue.name) == (["time_zone"], "Hall")
