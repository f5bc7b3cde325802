"""What becomes of a calendar's answer to an invitation: who it is from, whether it is news, whose business it is.

Registrations hear of it by the signal `invite_answered`, inside the transaction. An answer is never answered with an
invitation (two programs would never stop), and at most one letter of a kind a day is written about one entry.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import addresses_of
from core.errors import RuleViolation
from events import reply_letters
from events.answer_links import Answer, answer_of, answer_url
from events.invite_steps import SAID_NO
from events.itip import Reply, read_reply
from events.models import CalendarInvite, Membership, ReplyAddress
from events.services.invites import locked_invite, record_answer, send_again
from events.signals import invite_answered
from inbox.handlers import Incoming, Outcome
from inbox.mime import Head, Unreadable, head_of, opened
from inbox.models import State
from inbox.selectors import was_handled_so
from inbox.services import note_outcome

A_DAY = dt.timedelta(days=1)
SUPERSEDED = "answered_since"  # the code of a receiver that knows of a newer answer on the web


@dataclass(frozen=True)
class _Mail:
    """An answer on its way to the invite it is about."""

    incoming: Incoming
    head: Head
    address: ReplyAddress

    def is_from(self, people: set[str], *named: str) -> bool:
        """Whether the writer, or who the calendar names, is one of these."""
        return not people.isdisjoint({self.head.sender, *named} - {""})


def read_answer(incoming: Incoming, now: dt.datetime) -> Outcome:
    """The handler of mail to rsvp+…@: what the answer did, or why it did nothing."""
    message = opened(incoming.raw)
    if isinstance(message, Unreadable):
        return _ignored(message.reason)
    address = ReplyAddress.objects.filter(token=incoming.token).first()
    if address is None:
        return _ignored("nobody answers at this address")
    mail = _Mail(incoming, head_of(message), address)
    if len(mail.head.senders) > 1:
        return _ignored(f"it names {len(mail.head.senders)} senders")
    reply = read_reply(message)
    if isinstance(reply, Unreadable):
        return _not_an_answer(mail, reply, now=now)
    return _judge(mail, reply, now=now)


def confirmed_answer(token: str) -> tuple[CalendarInvite, Answer] | None:
    """Whose answer the link of a letter is about; None when it is not complete, or the invite is gone."""
    found = answer_of(token)
    if found is None:
        return None
    invite = CalendarInvite.objects.select_related("event__venue", "user").filter(pk=found[0]).first()
    return (invite, found[1]) if invite else None


@transaction.atomic
def confirm_answer(*, token: str, now: dt.datetime) -> Outcome:
    """The person says that an answer from an unknown address was theirs; saying so twice is saying so once."""
    found = confirmed_answer(token)
    invite = found and locked_invite(reply_address=found[0].reply_address, uid=found[0].uid)
    if not found or not invite:
        return _ignored("the invite is gone")
    if _is_for_an_older_date(invite, found[1]):
        return _ignored("it answers an older date")
    outcome = _answered(invite, found[1], now=now)
    if outcome.state == State.APPLIED:
        note_outcome(pk=found[1].mail, outcome=Outcome(State.APPLIED, f"confirmed: {outcome.reason}"), now=now)
    return outcome


def _ignored(reason: str) -> Outcome:
    return Outcome(State.IGNORED, reason)


def _not_an_answer(mail: _Mail, reply: Unreadable, *, now: dt.datetime) -> Outcome:
    """Who writes by hand to an address for calendars is told so, once a day."""
    invites = CalendarInvite.objects.filter(reply_address=mail.address).select_related("event", "user")
    latest = invites.order_by("-id").first()
    if latest and not mail.head.is_automatic and mail.is_from({mail.address.address}):
        reply_letters.queue_reply(reply_letters.TEXT, latest, now=now)
    return _ignored(reply.reason)


def _judge(mail: _Mail, reply: Reply, *, now: dt.datetime) -> Outcome:
    """By METHOD: only a REPLY can change anything."""
    if reply.has_recurrence:
        return _ignored("it answers one date of a series")
    uid = _uuid(reply.uid)
    invite = uid and locked_invite(reply_address=mail.address, uid=uid)
    if not invite:
        return _ignored("it names no entry of this address")
    people = {invite.address} | set(addresses_of(invite.user) if invite.user else ())
    is_theirs = mail.is_from(people, reply.attendee, reply.email)
    if reply.method == "REPLY":
        return _reply(mail, invite, reply, is_theirs=is_theirs, now=now)
    if reply.method not in ("COUNTER", "REFRESH") or not is_theirs:
        return _ignored(f"{reply.method} is no answer" if is_theirs else f"{reply.method} from somebody else")
    if reply.method == "REFRESH":
        return _ask_again(mail, invite, now=now)
    if not mail.head.is_automatic:
        reply_letters.queue_reply(reply_letters.COUNTER, invite, now=now)
    return _ignored("it proposes another time: they were told to ask the organisers")


def _uuid(written: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(written)
    except ValueError:
        return None


def _reply(mail: _Mail, invite: CalendarInvite, reply: Reply, *, is_theirs: bool, now: dt.datetime) -> Outcome:
    if reply.partstat == "NEEDS-ACTION":
        return _ignored("it does not answer yet")
    answer = Answer(
        partstat=reply.partstat,
        sequence=reply.sequence,
        stamped_at=min(reply.stamped_at, mail.incoming.received_at),  # whose clock is fast answers no later than now
        comment=reply.comment,
        mail=mail.incoming.id,
    )
    if _is_known(invite, answer):
        return _ignored("the same or a newer answer is known")
    if not is_theirs:
        return _ask_who(mail, invite, answer, now=now)
    if _is_for_an_older_date(invite, answer):
        return _ask_again(mail, invite, answer, now=now)
    return _answered(invite, answer, now=now, may_write=not mail.head.is_automatic)


def _is_known(invite: CalendarInvite, answer: Answer) -> bool:
    """RFC 5546 2.1.5: SEQUENCE decides, then DTSTAMP."""
    if invite.answer_sequence is None or invite.answer_stamped_at is None:
        return False
    return (answer.sequence, answer.stamped_at) <= (invite.answer_sequence, invite.answer_stamped_at)


def _is_for_an_older_date(invite: CalendarInvite, answer: Answer) -> bool:
    return invite.method == CalendarInvite.Method.REQUEST and answer.sequence < invite.sequence


def _ask_who(mail: _Mail, invite: CalendarInvite, answer: Answer, *, now: dt.datetime) -> Outcome:
    """An alias, a forwarded invitation, or a forgery: only the person knows."""
    if mail.head.is_automatic:
        return _ignored("it is from somebody else, and a program wrote it")
    if invite.event.ends_at <= now:
        return _ignored("it is from somebody else, and the event is over")
    url = answer_url(invite.pk, answer)
    reply_letters.queue_reply(
        reply_letters.CONFIRM, invite, now=now, step=answer.partstat, partstat=answer.partstat, url=url
    )
    return Outcome(State.ASKED, f"{answer.partstat} from somebody else: {invite.address} was asked")


def _ask_again(mail: _Mail, invite: CalendarInvite, answer: Answer | None = None, *, now: dt.datetime) -> Outcome:
    """Who answered an older date, or lost the entry, gets the present one; once a day, lest two programs never stop."""
    outcome = f"the invitation was sent again: {invite.uid}"
    if answer is not None:
        _record(invite, answer, now=now)
    if was_handled_so(recipient=mail.incoming.recipient, outcome=outcome, since=now - A_DAY):
        return _ignored("the invitation was sent again within a day")
    if not send_again(invite=invite, now=now):
        return _ignored("the entry was called off, or is over")
    return Outcome(State.APPLIED, outcome)


def _answered(invite: CalendarInvite, answer: Answer, *, now: dt.datetime, may_write: bool = True) -> Outcome:
    """Let those whose business it is act on it; what they refuse changes nothing, and the person is told why."""
    if _is_known(invite, answer):
        return _ignored("the same or a newer answer is known")
    try:
        with transaction.atomic(), translation.override(reply_letters.language_of(invite) or settings.LANGUAGE_CODE):
            _refuse_what_is_called_off(invite)
            said = _tell(invite, answer, now=now)
    except RuleViolation as refusal:
        if may_write and refusal.code != SUPERSEDED:
            reply_letters.queue_reply(reply_letters.CLOSED, invite, now=now, refusal=refusal.message)
        return _ignored(f"{answer.partstat} is refused: {refusal.code}")
    _record(invite, answer, now=now)
    comment = f" (“{answer.comment}”)" if answer.comment else ""
    return Outcome(State.APPLIED, ": ".join([answer.partstat, *said]) + comment)


def _refuse_what_is_called_off(invite: CalendarInvite) -> None:
    """An entry that we took out of the calendar; what they declined by the calendar itself is still in it.

    Who said maybe, and so lost the seat, may still say yes.
    """
    by_themselves = (*SAID_NO, CalendarInvite.PartStat.TENTATIVE)
    if invite.method == CalendarInvite.Method.CANCEL and invite.partstat not in by_themselves:
        raise RuleViolation("called_off", _("This entry was taken out of your calendar before."))


def _tell(invite: CalendarInvite, answer: Answer, *, now: dt.datetime) -> list[str]:
    """Receivers say in a few words what they did. The invite still holds the answer before this one."""
    told = invite_answered.send(
        CalendarInvite,
        event=invite.event,
        invite=invite,
        partstat=answer.partstat,
        comment=answer.comment,
        stamped_at=answer.stamped_at,
        now=now,
    )
    if invite.role == CalendarInvite.Role.SPEAKER and answer.partstat in SAID_NO:
        reply_letters.speaker_declined(invite, organisers=_organisers(invite), comment=answer.comment, now=now)
        return ["the organisers are told"]
    return [words for _receiver, words in told if words]


def _organisers(invite: CalendarInvite) -> list[User]:
    role = Membership.Role.ORGANISER
    rows = Membership.objects.filter(group=invite.event.group_id, role=role, user__is_active=True)
    return [row.user for row in rows.select_related("user").order_by("id")]


def _record(invite: CalendarInvite, answer: Answer, *, now: dt.datetime) -> None:
    """Who said no by their calendar has the entry in it still: a yes takes that up again, a maybe does not."""
    partstat = answer.partstat
    if invite.method == CalendarInvite.Method.CANCEL:
        if partstat == CalendarInvite.PartStat.ACCEPTED:
            invite.method = CalendarInvite.Method.REQUEST
            invite.save(update_fields=["method"])
        else:
            partstat = invite.partstat
    record_answer(invite=invite, partstat=partstat, sequence=answer.sequence, stamped_at=answer.stamped_at, now=now)
