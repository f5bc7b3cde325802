"""Schedule documents for the pure modules, by hand: only what a test is about differs from the ordinary."""

from typing import Any


def session(pk: int, starts: str | None, ends: str | None, *, room: int | None = None, **others: Any) -> dict[str, Any]:
    """A talk on 19 March 2026 in Singapore; times are HH:MM."""
    return {
        "id": pk,
        "uid": f"uid-{pk}",
        "kind": "talk",
        "title": f"Session {pk}",
        "number": "",
        "status": "planned",
        "starts_at": at(starts),
        "ends_at": at(ends),
        "minutes": None,
        "room": room,
        "track": None,
        "parallel": False,
        "level": "",
        "language": "",
        "abstract": "",
        "url": f"/events/evening/schedule/#session-{pk}",
        "topics": [],
        "speakers": [],
        "resources": [],
        "block": None,
    } | others


def block(talks: list[dict[str, Any]], *, slots: int | None, stage: dict[str, Any] | None = None) -> dict[str, Any]:
    """A round of five-minute talks without changeover."""
    return {
        "id": 7,
        "talk_minutes": 5,
        "changeover_minutes": 0,
        "question_minutes": 0,
        "slots": slots,
        "open_slots": None if slots is None else slots - len(talks),
        "stage": stage,
        "talks": talks,
    }


def on_stage(
    talk: int | None, starts: str | None, ends: str | None, late: int | None, state: str = "on"
) -> dict[str, Any]:
    """A round that has begun."""
    return {"state": state, "talk": talk, "started_at": at(starts), "ends_at": at(ends), "late_minutes": late}


def talk(
    slot: int, starts: str | None, ends: str | None, name: str = "Cy", title: str = "", **others: Any
) -> dict[str, Any]:
    """Somebody's five minutes."""
    speaker = {"name": name, "slug": name.lower(), "url": None, "role": "speaker", "affiliation": ""}
    return {
        "id": slot,
        "uid": f"talk-{slot}",
        "slot": slot,
        "title": title or f"Talk {slot}",
        "state": "confirmed",
        "starts_at": at(starts),
        "ends_at": at(ends),
        "expected_at": None,
        "notes": "",
        "language": "",
        "topics": [],
        "speakers": [speaker],
        "resources": [],
        "url": f"/events/evening/schedule/#talk-{slot}",
        "permalink": f"/t/code{slot}/",
    } | others


def document(sessions: list[dict[str, Any]], *rooms: str, **event: Any) -> Any:
    """A programme; rooms have the ids 1, 2, 3 in the order given."""
    group = {"slug": "ai", "name": "AI", "url": "/groups/ai/"}
    return {
        "event": {
            "slug": "evening",
            "title": "Evening",
            "summary": "",
            "status": "published",
            "format": "in_person",
            "starts_at": at("19:00"),
            "ends_at": at("21:00"),
            "time_zone": "Asia/Singapore",
            "language": "en",
            "url": "/events/evening/",
            "group": group,
            "venue": None,
        }
        | event,
        "rooms": [{"id": number, "name": name, "capacity": None} for number, name in enumerate(rooms, start=1)],
        "tracks": [],
        "sessions": sessions,
    }


def at(clock: str | None) -> str | None:
    """19:00 as an instant of the document; a + in front means the day after."""
    if clock is None:
        return None
    return f"2026-03-{'20' if clock.startswith('+') else '19'}T{clock.lstrip('+')}:00+08:00"
