"""A group's own words, looked at before they are saved: the letter appears in its frame, without script or origin."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from events.models import MailText
from tests.admin_forms import ada_of
from tests.browser.test_admin_journey import sign_in
from tests.factories import EventFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_organiser_sees_the_letter_before_it_is_saved(screen: Page, live_server: LiveServer) -> None:
    event = EventFactory(title="NeurIPS and the Cutting Edge")
    sign_in(screen, live_server, ada_of(event.group))
    screen.goto("/admin/events/mailtext/")
    screen.get_by_role("row", name="On the waitlist").get_by_role("link", name="Built-in").first.click()
    screen.get_by_label("Subject").fill("Patience: {event}")
    screen.get_by_role("textbox", name="Opening words").fill("Hi {name},\n\nread https://a.example/ meanwhile.")
    letter = screen.frame_locator("iframe.mail-preview")
    screen.get_by_role("button", name="Show as HTML").click()
    expect(letter.get_by_role("heading", level=1)).to_have_text("Patience: NeurIPS and the Cutting Edge")
    expect(letter.get_by_role("link", name="https://a.example/")).to_be_visible()
    screen.get_by_role("button", name="Show as text").click()
    expect(letter.locator("body")).to_contain_text("Hi Bo,")
    assert MailText.objects.count() == 0
    screen.get_by_role("button", name="Save and continue editing").click()
    expect(letter.get_by_role("heading", level=1)).to_have_text("Patience: NeurIPS and the Cutting Edge")
    assert MailText.objects.values_list("kind", "language").get() == ("registration_waiting", "en")
