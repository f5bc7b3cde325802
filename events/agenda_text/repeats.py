"""Give later mentions of a session (a section, a summary, a biography) to the session itself."""

from __future__ import annotations

from collections import defaultdict

from .drafts import Draft, Ledger, add_notes
from .kinds import is_closing, words_of
from .markers import take_bare_number
from .outline import LABEL_LEVEL, Node
from .splitting import split_entry

LOOSE_SLIDES = "loose text of a slide, outside the lists of its section"
_MOST_LOOSE = 8
_MOST_STEPS = 20
_PAUSES = ("break", "social", "lightning")


class KnownSessions:
    """Finds a session by what a later line calls it."""

    def __init__(self, drafts: list[Draft]) -> None:
        self._by_key: dict[str, Draft] = {}
        self._by_number: dict[str, Draft] = {}
        self._by_person: defaultdict[str, list[Draft]] = defaultdict(list)
        for draft in drafts:
            self._enter(draft)
            for talk in draft.talks:
                self._enter(talk)

    def _enter(self, draft: Draft) -> None:
        if draft.title and draft.kind not in _PAUSES:
            self._by_key.setdefault(key_of(draft.title), draft)
            head = draft.title.partition(":")[0].partition("：")[0]
            self._by_key.setdefault(key_of(head), draft)
        if draft.number:
            self._by_number.setdefault(draft.number, draft)
        for person in draft.people:
            self._by_person[key_of(person.name)].append(draft)

    def named(self, node: Node) -> Draft | None:
        """By title; by number when they also share a word; a listed number is not enough."""
        split = split_entry(node.text)
        found = self._by_key.get(key_of(node.text)) or (self._by_key.get(key_of(split.title)) if split.title else None)
        if found or not node.number:
            return found if found and found.line < node.line else None
        numbered = self._by_number.get(node.number)
        if numbered and numbered.line < node.line and _share_a_word(numbered.title, node.text):
            return numbered
        return None

    def spoken_by(self, node: Node) -> Draft | None:
        """By the one session that the person in front of the line gives."""
        people = split_entry(node.text).people
        found = self._by_person.get(key_of(people[0].name), []) if len(people) == 1 else []
        return found[0] if len(found) == 1 and found[0].line < node.line else None


def key_of(title: str) -> str:
    return "".join(character for character in title.casefold() if character.isalnum())


def _share_a_word(one: str, other: str) -> bool:
    return any(len(word) > 3 for word in set(words_of(one)) & set(words_of(other)))


def gather_repeats(nodes: list[Node], drafts: list[Draft], ledger: Ledger) -> None:
    """Walk the unclaimed lines; a line that names a session opens its section."""
    known = KnownSessions(drafts)
    current: tuple[Draft, Node] | None = None
    body: list[Node] = []
    for node in nodes:
        if _gather_listed(node, known, ledger):
            continue
        opened = None if ledger.is_claimed(node) else _opened(node, known)
        if opened or _closes(node, current, ledger):
            _attach(current, body, ledger)
            current, body = ((opened, node) if opened else None), []
            if opened:
                ledger.claim(node)
                add_notes(opened, node.children, ledger)
        elif current and not ledger.is_claimed(node):
            body.append(node)
    _attach(current, body, ledger)


def _opened(node: Node, known: KnownSessions) -> Draft | None:
    if node.role not in ("heading", "plain", "entry") or not node.text:
        return None
    return known.named(node) or (known.spoken_by(node) if node.is_heading else None)


def _closes(node: Node, current: tuple[Draft, Node] | None, ledger: Ledger) -> bool:
    """A section ends where another session or a heading of its own rank begins."""
    if current is None:
        return False
    if ledger.is_claimed(node):
        return True
    opener = current[1]
    if not node.is_heading:
        return node.after_rule
    return node.level <= opener.level or (not opener.is_heading and node.level < LABEL_LEVEL) or is_closing(node.text)


def _gather_listed(node: Node, known: KnownSessions, ledger: Ledger) -> bool:
    """A list that names sessions again, perhaps with notes below each."""
    entries = [node] if node.role == "entry" and node.marker else [child for child in node.children if child.marker]
    gathered = False
    for entry in entries:
        found = None if ledger.is_claimed(entry) else known.named(entry) or known.spoken_by(entry)
        if found:
            _add_mention(found, entry, known, ledger)
            gathered = True
    return gathered and (node in entries or all(ledger.is_claimed(entry) for entry in entries))


def _add_mention(draft: Draft, entry: Node, known: KnownSessions, ledger: Ledger) -> None:
    if known.named(entry) is None:
        add_notes(draft, [entry], ledger)
        return
    ledger.claim(entry)
    draft.links.extend(entry.inline.links)
    add_notes(draft, entry.children, ledger)


def _attach(current: tuple[Draft, Node] | None, body: list[Node], ledger: Ledger) -> None:
    """All of a written section are notes; of a section of pasted slides only its lists and its numbered lines."""
    if current is None:
        return
    draft, opener = current
    loose = [node for node in body if node.role == "plain" and not node.children]
    if opener.is_heading or len(loose) <= _MOST_LOOSE:
        add_notes(draft, body, ledger)
        return
    for node in body:
        if (
            node.role == "entry"
            or _is_step(node)
            or (node.children and not node.rows)
            or (node is body[0] and not node.gap)
        ):
            add_notes(draft, [node], ledger)
        elif not node.rows:
            ledger.explain(node, LOOSE_SLIDES)


def _is_step(node: Node) -> bool:
    """`2 Process the image`."""
    numbered = take_bare_number(node.text) if node.role == "plain" else None
    return numbered is not None and int(numbered[0]) <= _MOST_STEPS


def merge_same(drafts: list[Draft]) -> list[Draft]:
    """One session that two lists name is one session; the first keeps its place and takes what it lacked."""
    kept: list[Draft] = []
    by_key: dict[str, Draft] = {}
    for draft in drafts:
        key = key_of(draft.title)
        first = by_key.get(key)
        if not key or draft.kind in _PAUSES or first is None or not _same(first, draft):
            kept.append(draft)
            by_key.setdefault(key, draft)
        else:
            _take_over(first, draft)
    return kept


def _same(first: Draft, other: Draft) -> bool:
    if first.origin == other.origin or (first.span and other.span):
        return False
    return not first.people or not other.people or first.people[0].name == other.people[0].name


def _take_over(first: Draft, other: Draft) -> None:
    first.span = first.span or other.span
    first.minutes = first.minutes or other.minutes
    first.number = first.number or other.number
    first.people = first.people or other.people
    first.kind = other.kind if first.kind == "talk" else first.kind
    first.links.extend(other.links)
    first.topics.extend(other.topics)
    first.notes.extend(other.notes)
    first.talks.extend(other.talks)
