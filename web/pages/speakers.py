"""The directory of speakers with its facets, and one speaker's profile."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from speakers.models import Speaker, Topic
from speakers.selectors import public_speaker, with_profile
from speakers.selectors import topics as vocabulary
from web import linked_data, queries, vcard
from web.answers import page_answer
from web.calendar_menu import feed_path, subscribe_menu
from web.facets import Chosen, Person, counts, fitting
from web.head import FeedLink, Page, absolute, describe
from web.reads.resources import resources_of_appearances
from web.reads.speakers import appearances_of, directory, people_of

PEOPLE_A_PAGE = 30
VALUES_SHOWN = 12
FACETS = ("topic", "town", "language", "affiliation", "remote", "first")


def speakers(request: HttpRequest) -> HttpResponse:
    """`/speakers/`: q, and the facets topic, town, language, affiliation, remote, first; page."""
    text = queries.text(request.GET, "q")
    topics = {topic.pk: topic for topic in vocabulary()}
    people = people_of(directory(text), topics)
    chosen = _chosen(request, topics, people)
    found = fitting(people, chosen)
    page = queries.page(request.GET, found, size=PEOPLE_A_PAGE)
    context = {
        "page": _directory_head(),
        "text": text,
        "list": page,
        "rows": _rows(list(page)),
        "total": Speaker.objects.listed().count(),
        "found": len(found),
        "topic_facets": _topic_facets(topics, people, chosen),
        "facets": [_facet(name, people, chosen) for name in ("town", "language", "affiliation")],
        "switches": {name: _switch(name, people, chosen) for name in ("remote", "first")},
        "tags": _tags(topics, chosen),
        "query": queries.without_page(request.GET),
    }
    return page_answer(request, "speakers/speakers.html", context)


def speaker(request: HttpRequest, slug: str) -> HttpResponse:
    """`/speakers/<speaker>/`: of somebody who is in the directory."""
    found = _speaker(slug)
    rows = appearances_of([found.pk]).get(found.pk, [])
    left = resources_of_appearances(rows)
    affiliations = list(found.affiliations.all())
    context = {
        "page": _profile_head(found),
        "speaker": found,
        "appearances": [{"it": one, "resources": left.get((one.anchor), [])} for one in rows],
        "groups_count": len({one.event.group_id for one in rows}),
        "current": [one for one in affiliations if one.until_date is None],
        "earlier": [one for one in affiliations if one.until_date is not None],
        "menu": subscribe_menu(found, settings.SITE_URL),
    }
    return page_answer(request, "speakers/speaker.html", context)


def card(request: HttpRequest, slug: str) -> HttpResponse:
    """`/speakers/<speaker>/card.vcf` (RFC 6350); what the page shows, and never an e-mail."""
    found = _speaker(slug)
    response = HttpResponse(
        vcard.card(found, absolute(found.get_absolute_url())), content_type="text/vcard; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="card.vcf"'
    return response


def _speaker(slug: str) -> Speaker:
    try:
        return public_speaker(slug)
    except Speaker.DoesNotExist as error:
        raise Http404 from error


def _chosen(request: HttpRequest, topics: dict[int, Topic], people: list[Person]) -> Chosen:
    """The facet values of the address. A topic must exist; a value that nobody carries any more simply finds nobody."""
    chosen = {"topic": frozenset(queries.choices(request.GET, "topic", {topic.slug for topic in topics.values()}))}
    for name in ("town", "language", "affiliation"):
        chosen[name] = frozenset(queries.several_texts(request.GET, name))
    for name in ("remote", "first"):
        chosen[name] = frozenset(["1"] if queries.switch(request.GET, name) else [])
    return chosen


def _topic_facets(topics: dict[int, Topic], people: list[Person], chosen: Chosen) -> list[dict[str, Any]]:
    """A fieldset for each topic that has parts, and one for those that have none."""
    found = counts(people, chosen, "topic")
    by_parent: dict[int | None, list[Topic]] = {}
    for topic in topics.values():
        by_parent.setdefault(topic.parent_id, []).append(topic)
    roots = by_parent.get(None, [])
    alone = [topic for topic in roots if topic.pk not in by_parent]
    groups = [(root.name, [root, *by_parent[root.pk]]) for root in roots if root.pk in by_parent]
    if alone:
        groups.append((_("Topics") if not groups else _("Other topics"), alone))
    return [
        {
            "legend": legend,
            "values": [
                {"value": t.slug, "word": t.name, "count": found[t.slug], "on": t.slug in chosen["topic"]}
                for t in members
                if found[t.slug] or t.slug in chosen["topic"] or len(members) <= VALUES_SHOWN
            ],
        }
        for legend, members in groups
    ]


def _facet(name: str, people: list[Person], chosen: Chosen) -> dict[str, Any]:
    """The commonest values of a facet and, whatever their number, the chosen ones."""
    found = counts(people, chosen, name)
    shown = [value for value, _count in sorted(found.items(), key=lambda pair: (-pair[1], pair[0].casefold()))]
    values = list(dict.fromkeys([*shown[:VALUES_SHOWN], *sorted(chosen[name])]))
    return {
        "name": name,
        "values": [{"value": v, "word": v, "count": found[v], "on": v in chosen[name]} for v in values],
    }


def _switch(name: str, people: list[Person], chosen: Chosen) -> dict[str, Any]:
    return {"count": counts(people, chosen, name)["1"], "on": bool(chosen[name])}


def _tags(topics: dict[int, Topic], chosen: Chosen) -> list[str]:
    """What is chosen, in words."""
    names = {topic.slug: topic.name for topic in topics.values()}
    values = [names[slug] for slug in sorted(chosen["topic"])]
    return values + [value for name in ("town", "language", "affiliation") for value in sorted(chosen[name])]


def _rows(people: list[Person]) -> list[dict[str, Any]]:
    """The people of this page with their latest appearance."""
    ids = [person.pk for person in people]
    profiles = with_profile(Speaker.objects.filter(pk__in=ids)).in_bulk()
    spoke = appearances_of(ids)
    return [_row(profiles[pk], spoke.get(pk, [])) for pk in ids]


def _row(profile: Speaker, appearances: list[Any]) -> dict[str, Any]:
    current = [one for one in profile.affiliations.all() if one.until_date is None]
    more = len(appearances) - 1
    words = ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more} if more > 0 else ""
    return {
        "speaker": profile,
        "affiliation": current[0] if current else None,
        "latest": appearances[:1],
        "more": words,
    }


def _directory_head() -> Page:
    return Page(
        title=_("Speakers"),
        description=_("People who have spoken at a group on this site, and what they can talk about."),
        canonical=absolute(reverse("speakers")),
        section="speakers",
    )


def _profile_head(found: Speaker) -> Page:
    current = next((one.organisation for one in found.affiliations.all() if one.until_date is None), "")
    links = [link.url for link in found.links.all()]
    return Page(
        title=found.name,
        description=describe(found.tagline, found.biography) or _("Talks by %(name)s.") % {"name": found.name},
        canonical=absolute(found.get_absolute_url()),
        section="speakers",
        json_ld=[linked_data.person(found, links=links, affiliation=current)],
        calendars=[FeedLink(found.name, absolute(feed_path(found)))],
    )
