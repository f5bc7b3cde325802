"""Addresses of the calendar feeds, below /calendars/."""

from django.urls import path

import web.converters  # noqa: F401 - registers "short"
from web import calendars, personal_calendar

urlpatterns = [
    path("all.ics", calendars.everything, name="calendar_all"),
    path("search.ics", calendars.search, name="calendar_search"),
    path("groups/<short:slug>.ics", calendars.group, name="calendar_group"),
    path("series/<short:slug>.ics", calendars.series, name="calendar_series"),
    path("events/<short:slug>.ics", calendars.event, name="calendar_event"),
    path("speakers/<short:slug>.ics", calendars.speaker, name="calendar_speaker"),
    path("talks/<short:code>.ics", calendars.talk, name="calendar_talk"),
    path("personal/<short:key>.ics", personal_calendar.personal, name="calendar_personal"),
    path("topics/<short:slug>.ics", calendars.topic, name="calendar_topic"),
]
