"""Everything Lectern knows about one person, as plain data for their download; composed out of each app's selectors.

What opens something (tokens, the feed's key, tickets' signatures, the words of secret mails) is not in it: the file
travels. The same rows give the same document.
"""

import datetime as dt
from typing import Any

from accounts.models import MailPreferences, User
from accounts.selectors import addresses_of, feed_key_of, second_factors_of, sessions_of, sign_in_addresses
from accounts.stars import stars_of
from events.selectors.groups import memberships_of
from events.selectors.personal import invites_of
from inbox.selectors import mails_from
from lightning.selectors.audience import given_by
from lightning.selectors.personal import talks_of
from outbox.selectors import messages_to
from registrations.models import Registration
from registrations.selectors.mail_choices import unsubscriptions_of
from registrations.selectors.personal import invitations_to, registrations_in_full, series_of
from speakers.selectors import profile_of

Document = dict[str, Any]
FORMAT = "lectern-personal-data-1"


def personal_data(user: User) -> Document:
    """The document; instants are ISO 8601 in UTC, absent ones None. A constant number of queries."""
    addresses = addresses_of(user)
    applause, feedback = given_by(user)
    return {
        "format": FORMAT,
        "account": _account(user),
        "registrations": [_registration(row) for row in registrations_in_full(user)],
        "series": [_series(row) for row in series_of(user)],
        "invitations": [_invitation(row) for row in invitations_to(addresses)],
        "memberships": [_membership(row) for row in memberships_of(user)],
        "speaker": _speaker(user),
        "talks": [_talk(row) for row in talks_of(user)],
        "applause": [{"talk": _named(row.talk), "given_at": _at(row.given_at)} for row in applause],
        "feedback": [_feedback(row) for row in feedback],
        "access_tokens": [_token(row) for row in user.api_tokens.order_by("created_at", "id")],
        "calendar_feed": _feed(user),
        "mail_preferences": _mail_preferences(user),
        "unsubscriptions": [_unsubscription(address, row) for address, row in unsubscriptions_of(user)],
        "stars": [{"uid": str(row.uid), "starred_at": _at(row.created_at)} for row in stars_of(user)],
        "calendar_invites": [_invite(row) for row in invites_of(user, addresses)],
        "mails_received": [_received(row) for row in mails_from(addresses)],
        "messages": [_message(row) for row in messages_to(user.pk, addresses)],
    }


def _account(user: User) -> Document:
    return {
        "email": user.email,
        "name": user.name,
        "language": user.language,
        "time_zone": user.time_zone,
        "joined_at": _at(user.joined_at),
        "last_signed_in_at": _at(user.last_login),
        "may_open_the_admin": user.is_staff,
        "addresses": [
            {"email": row.email, "confirmed": row.verified, "primary": row.primary} for row in sign_in_addresses(user)
        ],
        "sessions": [
            {"since": _at(row.created_at), "last_seen_at": _at(row.last_seen_at), "ip": row.ip, "agent": row.user_agent}
            for row in sessions_of(user)
        ],
        "second_factors": [
            {"type": row.type, "since": _at(row.created_at), "last_used_at": _at(row.last_used_at)}
            for row in second_factors_of(user)
        ],
    }


def _registration(row: Any) -> Document:
    registration: Registration = row
    return {
        "event": {"title": row.event.title, "slug": row.event.slug, "group": row.event.group.name},
        "starts_at": _at(row.event.starts_at),
        "name": registration.name,
        "state": registration.state,
        "place": registration.place,
        "guests": registration.guests,
        "priority": registration.priority,
        "came_by": registration.source,
        "created_at": _at(registration.created_at),
        "changed_at": _at(registration.changed_at),
        "in_line_since": _at(registration.joined_at),
        "offer_until": _at(registration.offer_until),
        "asked_to_reconfirm_at": _at(registration.reconfirm_asked_at),
        "reconfirmed_at": _at(registration.reconfirmed_at),
        "answers": [{"question": one.question.text, "answer": one.value} for one in registration.answers.all()],
        "history": [
            {"at": _at(one.at), "what": one.command, "from": one.before, "to": one.after, "reason": one.reason}
            for one in row.history
        ],
        "check_ins": [{"at": _at(one.at), "what": one.action, "door": one.door} for one in row.check_ins.all()],
    }


def _series(row: Any) -> Document:
    return {
        "series": row.series.title,
        "group": row.series.group.name,
        "name": row.name,
        "place": row.place,
        "since": _at(row.since),
        "left_at": _at(row.left_at),
    }


def _invitation(row: Any) -> Document:
    event = row.plan.event
    named = {"title": event.title, "slug": event.slug, "group": event.group.name}
    return {"event": named, "email": row.email, "invited_at": _at(row.invited_at)}


def _membership(row: Any) -> Document:
    return {"group": row.group.name, "slug": row.group.slug, "role": row.role, "joined_at": _at(row.joined_at)}


def _speaker(user: User) -> Document | None:
    speaker = profile_of(user)
    if speaker is None:
        return None
    plain = ("name", "slug", "email", "tagline", "biography", "town", "languages", "takes_remote", "is_listed")
    return {name: getattr(speaker, name) for name in plain} | {
        "created_at": _at(speaker.created_at),
        "photo": speaker.photo.name or None,
        "topics": [topic.name for topic in speaker.topics.all()],
        "links": [{"title": link.title, "url": link.url} for link in speaker.links.all()],
        "affiliations": [_affiliation(one) for one in speaker.affiliations.all()],
    }


def _talk(row: Any) -> Document:
    """With the slides as facts: the file itself is behind the link in the mails about the talk."""
    deck = getattr(row, "deck", None)
    told = {"title": row.title, "notes": row.notes, "state": row.state, "is_first_talk": row.is_first_talk}
    times = {name: _at(getattr(row, name)) for name in ("created_at", "started_at", "ended_at")}
    return {
        "event": _named(row)["event"],
        **told,
        **times,
        "topics": [topic.name for topic in row.topics.all()],
        "links": [one.url or one.file.name for one in row.resources.all()],
        "slides_are_public": row.is_deck_public,
        "slides": deck
        and {"kind": deck.kind, "bytes": deck.size, "pages": deck.pages, "uploaded_at": _at(deck.uploaded_at)},
    }


def _named(talk: Any) -> Document:
    event = talk.block.session.event
    return {"event": {"title": event.title, "slug": event.slug}, "title": talk.title}


def _feedback(row: Any) -> Document:
    times = {"given_at": _at(row.given_at), "shared_at": _at(row.shared_at)}
    return {"talk": _named(row.talk), "name": row.name, "text": row.text} | times


def _affiliation(row: Any) -> Document:
    since, until = row.since_date, row.until_date
    dates = {"since": since and since.isoformat(), "until": until and until.isoformat()}
    return {"organisation": row.organisation, "role": row.role} | dates


def _token(row: Any) -> Document:
    times = {name: _at(getattr(row, name)) for name in ("created_at", "expires_at", "last_used_at")}
    return {"name": row.name, "begins_with": row.prefix, "scopes": row.scopes} | times


def _feed(user: User) -> Document | None:
    key = feed_key_of(user)
    if key is None:
        return None
    return {"made_at": _at(key.created_at), "last_fetched_at": _at(key.last_fetched_at), "by": key.client}


def _mail_preferences(user: User) -> Document | None:
    """None for who never chose."""
    row = MailPreferences.objects.filter(user=user).first()
    if row is None:
        return None
    flags = {name: getattr(row, name) for name in ("week_before", "day_before", "hour_before", "digest", "calendar")}
    times = {name: getattr(row, name) for name in ("digest_time", "quiet_from", "quiet_until")}
    clock = {name: value and value.isoformat(timespec="minutes") for name, value in times.items()}
    return flags | clock | {"changed_at": _at(row.changed_at)}


def _unsubscription(address: str, row: Any) -> Document:
    return {"address": address, "from": row.scope, "why": row.reason, "since": _at(row.since)}


def _invite(row: Any) -> Document:
    """One entry in their calendar; the address at which it answers opens something, so it is not here."""
    named = {"title": row.event.title, "slug": row.event.slug, "group": row.event.group.name}
    said = {"as": row.role, "to": row.address, "said": row.method, "sequence": row.sequence}
    answer = {"answer": row.partstat, "answered_at": _at(row.answered_at)}
    return {"event": named, "uid": str(row.uid)} | said | {"said_at": _at(row.stamped_at)} | answer


def _received(row: Any) -> Document:
    """A mail of theirs to us, and what became of it; without the key in the address it went to."""
    named = {"from": row.sender, "to": row.recipient.partition("+")[0], "subject": row.subject}
    return named | {"received_at": _at(row.received_at), "state": row.state, "outcome": row.outcome}


def _message(row: Any) -> Document:
    named = {"kind": row.kind, "to": row.address, "subject": row.subject, "state": row.state}
    return named | {"written_at": _at(row.created_at), "finished_at": _at(row.finished_at)}


def _at(instant: dt.datetime | None) -> str | None:
    return instant.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if instant else None
