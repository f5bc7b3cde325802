"""Addresses of version 1."""

from django.urls import path

from api.v1.description import Description, Docs
from api.v1.door import EventDoor, EventDoorWalkIns
from api.v1.events import Events, OneEvent
from api.v1.groups import Groups, OneGroup
from api.v1.me import MyAccount
from api.v1.my_mail import MyMail
from api.v1.my_registrations import MyRegistrations
from api.v1.my_stars import MyStars, OneStar
from api.v1.places import OneVenue
from api.v1.registrations import EventRegistrations, OneRegistration, RegistrationCommands
from api.v1.root import Root
from api.v1.schedule import EventLive, EventSchedule, OneSession, OneTalk
from api.v1.series import OneSeries
from api.v1.speakers import OneSpeaker, Speakers
from api.v1.stage import EventStage, StageCommands
from api.v1.topics import Topics

urlpatterns = [
    path("", Root.as_view(), name="api-root"),
    path("groups/", Groups.as_view(), name="api-groups"),
    path("groups/<str:slug>/", OneGroup.as_view(), name="api-group"),
    path("events/", Events.as_view(), name="api-events"),
    path("events/<str:slug>/", OneEvent.as_view(), name="api-event"),
    path("events/<str:slug>/schedule/", EventSchedule.as_view(), name="api-schedule"),
    path("events/<str:slug>/live/", EventLive.as_view(), name="api-live"),
    path("events/<str:slug>/door/", EventDoor.as_view(), name="api-door"),
    path("events/<str:slug>/door/walk-ins/", EventDoorWalkIns.as_view(), name="api-door-walk-ins"),
    path("events/<str:slug>/stages/<int:pk>/", EventStage.as_view(), name="api-stage"),
    path("events/<str:slug>/stages/<int:pk>/commands/", StageCommands.as_view(), name="api-stage-commands"),
    path("events/<str:slug>/registrations/", EventRegistrations.as_view(), name="api-registrations"),
    path("registrations/<uuid:public_id>/", OneRegistration.as_view(), name="api-registration"),
    path("registrations/<uuid:public_id>/commands/", RegistrationCommands.as_view(), name="api-registration-commands"),
    path("sessions/<int:pk>/", OneSession.as_view(), name="api-session"),
    path("talks/<int:pk>/", OneTalk.as_view(), name="api-talk"),
    path("speakers/", Speakers.as_view(), name="api-speakers"),
    path("speakers/<str:slug>/", OneSpeaker.as_view(), name="api-speaker"),
    path("topics/", Topics.as_view(), name="api-topics"),
    path("venues/<str:slug>/", OneVenue.as_view(), name="api-venue"),
    path("series/<str:slug>/", OneSeries.as_view(), name="api-series"),
    path("me/", MyAccount.as_view(), name="api-me"),
    path("me/registrations/", MyRegistrations.as_view(), name="api-my-registrations"),
    path("me/stars/", MyStars.as_view(), name="api-my-stars"),
    path("me/stars/<uuid:uid>/", OneStar.as_view(), name="api-my-star"),
    path("me/mail/", MyMail.as_view(), name="api-my-mail"),
    path("schema/", Description.as_view(), name="api-schema"),
    path("docs/", Docs.as_view(), name="api-docs"),
]
