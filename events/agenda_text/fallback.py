"""Find sessions that nothing announces: records with a speaker label, and lists when there is no other programme."""

from __future__ import annotations

import itertools

from .drafts import Draft, Ledger
from .entries import names_people, read_entry
from .kinds import is_about, is_closing, is_weak_programme, take_kind_label
from .labels import label_of
from .lengths import take_length
from .lists import entries_below, read_list, titled_paragraphs
from .outline import Node
from .splitting import Side, split_entry

_BESIDE = (Side.FRONT, Side.BEHIND)


def find_unannounced(nodes: list[Node], ledger: Ledger, found: list[Draft]) -> list[Draft]:
    """Records always; lists, headings and lines only when nothing else was found."""
    drafts = _records(nodes, ledger)
    if found or drafts:
        return drafts
    return _lists(nodes, ledger) or _headings(nodes, ledger) or _lines(nodes, ledger)


def _records(nodes: list[Node], ledger: Ledger) -> list[Draft]:
    """Paragraphs such as "Talk 2: Chords" over "Speaker: Bo"."""
    drafts = []
    for group in _groups(nodes, ledger):
        head = next((node for node in group if label_of(node.text) == "title"), None)
        labels = {label_of(node.text) for node in group}
        if "people" not in labels and not _opens_record(group[0]):
            continue
        head = head or next((node for node in group if not label_of(node.text)), None)
        if head is None:
            continue
        details = [node for node in group if node is not head]
        entry = Node("entry", head.line, head.inline, head.rank, number=head.number, span=head.span, text=_titled(head))
        entry.children = head.children + details
        drafts.append(read_entry(entry, ledger))
    return drafts


def _titled(head: Node) -> str:
    """`Title: Chords` as "Chords"; `Talk 2: Chords` stays, for its number."""
    if label_of(head.text) == "title" and not take_kind_label(head.text):
        return head.text.replace("：", ":").partition(":")[2].strip()
    return head.text


def _opens_record(node: Node) -> bool:
    """`Talk 2: Chords`, `Keynote: The engine`."""
    label = take_kind_label(node.text)
    return label is not None and (label.number is not None or label.kind != "talk")


def _groups(nodes: list[Node], ledger: Ledger) -> list[list[Node]]:
    """Plain lines and headings-to-be that follow each other without a gap."""
    groups: list[list[Node]] = []
    for before, node in itertools.pairwise([None, *nodes]):
        if node is None or node.role not in ("plain", "heading") or ledger.is_claimed(node) or not node.text:
            continue
        follows = bool(groups) and not node.gap and groups[-1][-1] is before
        if follows and node.role == "plain" and not _opens_record(node):
            groups[-1].append(node)
        else:
            groups.append([node])
    return groups


def _lists(nodes: list[Node], ledger: Ledger) -> list[Draft]:
    """Lists whose entries name people, numbers or lengths; failing that the only list there is."""
    lists = _runs(nodes, ledger)
    telling = [entries for entries in lists if sum(map(_tells, entries)) * 2 >= len(entries)]
    chosen = telling or (lists if len(lists) == 1 and len(lists[0]) > 1 else [])
    drafts: list[Draft] = []
    for origin, entries in enumerate(chosen, start=1):
        for draft in read_list(entries, ledger):
            draft.origin = -origin
            drafts.append(draft)
    return drafts


def _runs(nodes: list[Node], ledger: Ledger) -> list[list[Node]]:
    """The lists of the text outside headings such as "Venue"."""
    runs: list[list[Node]] = []
    skipped = fresh = False
    for node in nodes:
        if node.is_heading:
            skipped, fresh = is_about(node.text) or is_closing(node.text), True
        elif skipped or ledger.is_claimed(node):
            fresh = True
        elif node.role == "entry":
            if fresh or not runs or runs[-1][0].marker != node.marker:
                runs.append([])
            runs[-1].append(node)
            fresh = False
        else:
            below = entries_below(node)
            runs.extend([below] if below else [])
            fresh = bool(below) or fresh
    return runs


def _tells(node: Node) -> bool:
    if node.rows:
        return False
    length = take_length(node.text)
    return bool(node.number or length or split_entry(node.text).side is not Side.NOWHERE)


def _headings(nodes: list[Node], ledger: Ledger) -> list[Draft]:
    """Headings with a speaker, a number or a length, or with a name right below; and what stands below each."""
    drafts = []
    for at, node in enumerate(nodes):
        body = _body(nodes, at) if node.is_heading else []
        if node.is_heading and not is_weak_programme(node.text) and (_tells(node) or _opens_with_people(body)):
            entry = Node("entry", node.line, node.inline, node.rank, number=node.number, text=node.text, children=body)
            drafts.append(read_entry(entry, ledger))
    return drafts


def _opens_with_people(body: list[Node]) -> bool:
    return bool(body) and names_people(body[0].text)


def _body(nodes: list[Node], at: int) -> list[Node]:
    stop = at + 1
    while stop < len(nodes) and not nodes[stop].is_heading:
        stop += 1
    return nodes[at + 1 : stop]


def _lines(nodes: list[Node], ledger: Ledger) -> list[Draft]:
    """Paragraphs with a title over a name; single lines that name title and speaker."""
    if titled := titled_paragraphs(nodes):
        return read_list(titled, ledger)
    plain = [node for node in nodes if node.role == "plain" and not is_about(node.text)]
    return read_list(
        [node for node in plain if len(node.text) < 200 and split_entry(node.text).side in _BESIDE], ledger
    )
