"""The catalogue of refusals is complete: a program can know beforehand what it may be told."""

import ast
from pathlib import Path

import registrations.services
from api.v1.refusals import CHANGING, DECIDING, REFUSALS, REGISTERING, STARRING
from registrations.window import Closed

# What the API calls; the door has answers of its own.
CALLED = ("wishes", "answers", "registering", "leaving", "queue", "reconfirming", "seating")
OF_THE_API = {"no_rsvp", "idempotency_key_in_use"}


def raised(module: str) -> set[str]:
    """The codes of the refusals in one module that are about no field of a body."""
    source = Path(registrations.services.__file__).with_name(f"{module}.py").read_text()
    calls = [
        node for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "RuleViolation"
    ]  # fmt: skip
    whole = [call for call in calls if not any(word.arg == "field" for word in call.keywords)]
    return {code for call in whole for code in codes(call.args[0])}


def codes(argument: ast.expr) -> set[str]:
    """One word, or one for each reason why RSVP is closed."""
    if isinstance(argument, ast.Constant):
        return {str(argument.value)}
    assert ast.unparse(argument) == "f'registration_{closed}'"
    return {f"registration_{closed}" for closed in Closed}


def test_every_refusal_of_the_services_is_in_the_catalogue_and_nothing_else() -> None:
    found = set().union(*map(raised, CALLED))

    assert found | OF_THE_API | {"full"} | {*STARRING} == REFUSALS.keys()


def test_every_refusal_is_told_by_an_operation() -> None:
    assert {*REGISTERING, *CHANGING, *DECIDING, *STARRING} == REFUSALS.keys()
