"""Read one entry with what is indented below it into a session."""

from __future__ import annotations

from .drafts import Draft, Ledger, add_notes
from .inline import Inline, has_words, without_symbols
from .kinds import is_lightning, kind_of_title, pause_kind, take_kind_label, words_of
from .labels import fill_length, read_label, split_inline_labels
from .markers import take_bare_number
from .names import Likeness, name_likeness
from .outline import Node, time_at_end
from .people import read_people, split_closing_bracket
from .result import Person
from .splitting import Side, likeness_of, only_people, split_entry
from .told import find_told
from .words import BELONGING_WORDS, REGIONS

_LONGEST_TITLE = 300
_PEOPLE_WITHIN = 2
_SHORTEST_WORD_OF_SIGNS = 4


def read_entry(node: Node, ledger: Ledger, *, hint: Side | None = None, numbered: bool = False) -> Draft:
    """The session of one entry: its own line first, then the lines below it."""
    draft = Draft(node.line, span=node.span, number=node.number)
    draft.links.extend(node.inline.links)
    draft.topics.extend(node.inline.topics)
    ledger.claim(node)
    read_head(draft, node.text, hint=hint, numbered=numbered, has_details=bool(node.children))
    read_details(draft, node.children, ledger)
    return draft


def read_head(
    draft: Draft, text: str, *, hint: Side | None = None, numbered: bool = False, has_details: bool = False
) -> None:
    """Fill in number, length, kind, title and people from the text of the entry's own line."""
    text = without_symbols(text)
    if numbered and draft.number is None and (bare := take_bare_number(text)):
        draft.number, text = bare
    text = fill_length(draft, text)
    if draft.span is None and (closed := time_at_end(text)):
        draft.span, text = closed
        text = fill_length(draft, text)
    label = take_kind_label(text)
    if label and not is_lightning(text.partition(":")[0]):
        draft.kind, text, draft.is_named_kind = label.kind, label.rest, True
        draft.number = draft.number or label.number
    elif is_lightning(text) and not _has_speaker(text):
        draft.kind, draft.is_named_kind = "lightning", True
        _set_title(draft, text)
        return
    _split_head(draft, text, hint, has_details=has_details)
    draft.title = fill_length(draft, draft.title) if draft.minutes is None else draft.title
    if label and label.kind != "talk" and not draft.title:
        draft.title = label.written
    if not draft.is_named_kind:
        draft.kind = _kind(draft)


def _has_speaker(text: str) -> bool:
    return split_entry(text).side in (Side.FRONT, Side.BEHIND)


def _split_head(draft: Draft, text: str, hint: Side | None, *, has_details: bool) -> None:
    if not draft.is_named_kind and pause_kind(text):
        _set_title(draft, text)
        return
    if told := next(find_told(text, {}), None):
        draft.title, draft.people = told.title, ((told.person,) if told.person else ())
        return
    if labelled := split_inline_labels(text):
        draft.people = read_people(labelled[1], sure=True)
        _set_title(draft, labelled[0] if draft.people else text)
        return
    split = split_entry(text, hint)
    if hint is Side.ALONE and not (split.people and split.title):
        people = only_people(text) if name_likeness(text) or _may_be_somebody(text) else ()
        draft.people = people
        if not people:
            _set_title(draft, text)
    elif hint is Side.ALONE and split.side is Side.FRONT and has_details and _is_dashed(text, split.title):
        draft.people = (Person(split.people[0].name, split.title), *split.people[1:])
    elif split.side is Side.ALONE and hint is not Side.ALONE and not _is_surely_somebody(text, split.people):
        _set_title(draft, text)
    else:
        draft.people = split.people
        _set_title(draft, split.title)
    _read_kind_people(draft, text)


def _is_dashed(text: str, title: str) -> bool:
    """In a list of people `Name - Org` says where somebody works; `Name: Title` what they speak about."""
    before = text[: text.find(title)].rstrip()
    return before.endswith(("-", "–", "—", "|", "@"))


def _may_be_somebody(text: str) -> bool:
    """In a list of people: few words, the first written large or in quotes."""
    bracket = split_closing_bracket(text)
    words = (bracket[0] if bracket else text).split()
    return 0 < len(words) <= 6 and not words[0][0].islower() and not pause_kind(text) and not text.endswith(("?", "!"))


def names_people(text: str) -> bool:
    """Whether the line is about people and nothing else."""
    text = text.removeprefix("by ")
    people = read_people(text)
    return likeness_of(people) >= Likeness.NAME and _is_surely_somebody(text, people)


def _is_surely_somebody(text: str, people: tuple[Person, ...]) -> bool:
    """Outside a list of people a line that is only a name needs a well-known first name or an affiliation."""
    known = any(name_likeness(person.name.partition(" (")[0]) == Likeness.KNOWN for person in people)
    return known or (split_closing_bracket(text) is not None and likeness_of(people) >= Likeness.NAME)


def _read_kind_people(draft: Draft, text: str) -> None:
    """`Fireside chat with Ada Lovelace`, `Panel with A, B and C`, `Panel: A, B and C`."""
    if draft.kind == "panel" and draft.is_named_kind and not draft.people:
        people = read_people(text)
        if len(people) > 1:
            draft.people, draft.title = people, ""
    head, joint, rest = draft.title.partition(" with ")
    is_conversation = draft.kind == "panel" or kind_of_title(head) in ("panel", "keynote", "workshop") or "Q&A" in head
    if joint and not draft.people and is_conversation and not pause_kind(head):
        people = read_people(rest)
        if likeness_of(people) >= Likeness.NAME:
            draft.people, draft.title = people, _title(head)


def _kind(draft: Draft) -> str:
    kind = kind_of_title(draft.title)
    return "talk" if kind in (None, "lightning") or (kind in ("break", "social") and draft.people) else str(kind)


def _title(text: str) -> str:
    title = text.strip(" \t,;-–—|·:：")
    return title if has_words(title) else ""


def _set_title(draft: Draft, text: str) -> None:
    """What is too long for a title is a note."""
    title = _title(text)
    if len(title) <= _LONGEST_TITLE:
        draft.title = title
    else:
        draft.notes.append(title)


def read_details(draft: Draft, children: list[Node], ledger: Ledger) -> None:
    """Labels ("Speaker: …"), people, a title when there is none yet; everything else becomes notes."""
    names_only = bool(draft.people) and not draft.title
    for place, child in enumerate(children):
        if read_label(draft, child, ledger):
            continue
        if not draft.title and not draft.people and _read_late_head(draft, child, ledger):
            continue
        if not draft.people and place < _PEOPLE_WITHIN and _read_people_line(draft, child, ledger):
            continue
        if names_only and not draft.title and is_plausible_title(child.inline, alone=_is_only_line(children)):
            draft.title = child.inline.text
            _claim_with_links(draft, child, ledger)
            add_notes(draft, child.children, ledger)
        else:
            add_notes(draft, [child], ledger)


def _is_only_line(children: list[Node]) -> bool:
    return len(children) == 1 and not children[0].children


def _claim_with_links(draft: Draft, node: Node, ledger: Ledger) -> None:
    ledger.claim(node)
    draft.links.extend(node.inline.links)
    draft.topics.extend(node.inline.topics)


def _read_late_head(draft: Draft, node: Node, ledger: Ledger) -> bool:
    """The title of a time that stands alone on its line."""
    if node.rows or not _title(node.text):
        return False
    read_head(draft, node.text)
    _claim_with_links(draft, node, ledger)
    add_notes(draft, node.children, ledger)
    return True


def _read_people_line(draft: Draft, node: Node, ledger: Ledger) -> bool:
    """`by Ada`, `— Ada Lovelace, Org`, `Ada Lovelace (Org)` below a title."""
    text = node.text
    said = text.lower().startswith(("by ", "with ")) or (node.marker in ("–", "—") and not node.children)
    people = read_people(text[text.find(" ") + 1 :] if text.lower().startswith(("by ", "with ")) else text)
    if (said and likeness_of(people) >= Likeness.ONE_WORD) or names_people(text):
        draft.people = people
        _claim_with_links(draft, node, ledger)
        add_notes(draft, node.children, ledger)
        return True
    return False


def is_plausible_title(inline: Inline, *, alone: bool) -> bool:
    """At least two words (one, where it is the only line) that are no label, link, group, employer or role."""
    text = inline.text
    words = words_of(text)
    if not words or inline.opens_with_link or text.endswith((":", "：")) or len(text) > _LONGEST_TITLE:
        return False
    if len(words) < 2 and not alone and (text.isascii() or len(text) < _SHORTEST_WORD_OF_SIGNS):
        return False
    if any(word in BELONGING_WORDS for word in words) or words[:2] == ["women", "in"]:
        return False
    raw = text.split()
    return not (raw[-1] in REGIONS and raw[-2:-1] and raw[-2] not in ("the", "in", "of", "for", "to"))
