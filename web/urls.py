"""Addresses of the pages and feeds."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.generic import RedirectView
from django.views.i18n import set_language

import web.converters  # noqa: F401 - registers "short"
from web import atom
from web.answers import public, public_by_the_minute
from web.pages import (
    answers,
    decks,
    door,
    draw,
    events,
    groups,
    home,
    inbound,
    lineup,
    live,
    me,
    my_data,
    my_mail,
    my_registration,
    proposal,
    propose,
    recaps,
    registration,
    rsvp,
    rsvp_code,
    schedule,
    speakers,
    stage_remote,
    stage_screens,
    status,
    talk_feedback,
    talks,
    tickets,
    topics,
    unsubscribe,
)
from web.private import for_oneself
from web.same_origin import posted_from_here

urlpatterns: list[URLPattern | URLResolver] = [
    path("", public_by_the_minute(home.home), name="home"),
    path("groups/", public_by_the_minute(groups.groups), name="groups"),
    path("groups/<short:slug>/", public_by_the_minute(groups.group), name="group"),
    path("events/<short:slug>/", public_by_the_minute(events.event), name="event"),
    path("events/<short:slug>/schedule/", require_safe(schedule.schedule), name="schedule"),
    path("events/<short:slug>/schedule.txt", require_safe(schedule.schedule_as_text), name="schedule_text"),
    path("events/<short:slug>/live/", public_by_the_minute(live.live), name="live"),
    path("events/<short:slug>/recap/", public(recaps.recap), name="recap"),
    path("events/<short:slug>/places/", public_by_the_minute(rsvp.places), name="places"),
    path("events/<short:slug>/rsvp/", require_http_methods(["GET", "HEAD", "POST"])(rsvp.rsvp), name="rsvp"),
    path(
        "events/<short:slug>/rsvp/code/",
        require_http_methods(["GET", "HEAD", "POST"])(rsvp_code.code),
        name="rsvp_code",
    ),
    path(
        "events/<short:slug>/registration/",
        require_http_methods(["GET", "HEAD", "POST"])(my_registration.my_registration),
        name="my_registration",
    ),
    path("events/<short:slug>/join/", require_safe(for_oneself(rsvp.join_online)), name="join_online"),
    path("answers/<str:token>/", answers.answer, name="confirm_answer"),
    path("hooks/mail/", inbound.mail_hook, name="mail_hook"),
    path("r/<str:token>/", registration.registration, name="registration"),
    path("u/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe"),
    path("events/<short:slug>/door/", door.door, name="door"),
    path("events/<short:slug>/lineup/<int:block>/", lineup.lineup, name="lineup"),
    path("events/<short:slug>/decks/<int:block>.zip", decks.decks, name="decks"),
    path("events/<short:slug>/stage/", require_safe(stage_screens.screen_of_event), name="stage_screen_of_event"),
    path(
        "events/<short:slug>/stage/remote/",
        require_safe(stage_screens.remote_of_event),
        name="stage_remote_of_event",
    ),
    path("events/<short:slug>/stage/<int:block>/", stage_remote.remote, name="stage_remote"),
    path("stage/<str:key>/", stage_remote.remote_by_link, name="stage_link"),
    path("events/<short:slug>/stage/<int:block>/screen/", require_safe(stage_screens.screen), name="stage_screen"),
    path("events/<short:slug>/stage/<int:block>/clock/", require_safe(stage_screens.clock), name="stage_clock"),
    path(
        "events/<short:slug>/stage/<int:block>/qr/<str:what>.svg", require_safe(stage_screens.code), name="stage_code"
    ),
    path("t/<short:code>/", public_by_the_minute(talks.talk), name="talk"),
    path("t/<short:code>/slides/", decks.deck, name="deck"),
    path("t/<short:code>/slides.webp", decks.deck_thumbnail, name="deck_thumbnail"),
    path("t/<short:code>/applause/", posted_from_here(talks.clap), name="applaud"),
    path("t/<short:code>/feedback/", posted_from_here(talks.write), name="give_feedback"),
    path(
        "events/<short:slug>/propose/",
        require_http_methods(["GET", "HEAD", "POST"])(propose.propose_talk),
        name="propose",
    ),
    path(
        "events/<short:slug>/lightning/",
        require_safe(RedirectView.as_view(pattern_name="propose", query_string=True)),
        name="lightning",
    ),
    path("events/<short:slug>/draw/<int:block>/", public(draw.draw), name="draw"),
    path("p/<str:token>/", proposal.proposal, name="proposal"),
    path("p/<str:token>/slides/", decks.own_deck, name="upload_deck"),
    path("p/<str:token>/slides.webp", decks.own_thumbnail, name="own_thumbnail"),
    path("p/<str:token>/feedback/", talk_feedback.answer_feedback, name="answer_feedback"),
    path("speakers/", public(speakers.speakers), name="speakers"),
    path("speakers/<short:slug>/", public(speakers.speaker), name="speaker"),
    path("speakers/<short:slug>/card.vcf", require_safe(speakers.card), name="speaker_card"),
    path("topics/", public(topics.topics), name="topics"),
    path("topics/<short:slug>/", public_by_the_minute(topics.topic), name="topic"),
    path("feeds/events.atom", public(atom.all_events), name="atom_all"),
    path("groups/<short:slug>/events.atom", public(atom.group_feed), name="atom_group"),
    path("me/", require_safe(me.me), name="me"),
    path("me/calendar/", require_http_methods(["GET", "HEAD", "POST"])(me.make_feed), name="make_feed"),
    path("me/calendar/revoke/", require_POST(me.revoke_feed), name="revoke_feed"),
    path("me/series/<int:pk>/leave/", require_POST(me.leave), name="leave_series"),
    path("me/preferences/", require_http_methods(["GET", "HEAD", "POST"])(my_data.preferences), name="preferences"),
    path("me/mail/", require_http_methods(["GET", "HEAD", "POST"])(my_mail.mail_preferences), name="mail_preferences"),
    path("me/data.json", require_safe(my_data.download), name="my_data"),
    path("me/delete/", require_http_methods(["GET", "HEAD", "POST"])(my_data.delete), name="delete_me"),
    path("tickets/<str:code>/", require_safe(tickets.ticket), name="ticket"),
    path("join/<str:token>/", require_safe(tickets.join), name="join"),
    path("calendars/", include("web.calendar_urls")),
    path("service-worker.js", require_safe(schedule.service_worker), name="service_worker"),
    path("healthz", require_safe(status.healthz), name="healthz"),
    path("readyz", require_safe(status.readyz), name="readyz"),
    # Only a language is chosen, and nothing is saved: a token would put a cookie, and so a private copy, on each page
    path("language/", csrf_exempt(require_POST(set_language)), name="set_language"),
]

if settings.DEMO:
    urlpatterns.append(path("demo/mail/", include("web.demo_urls")))
