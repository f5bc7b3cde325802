"""Reads JSON bodies, and refuses those that would hurt further inside."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.http import RawPostDataException
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 50


class TooLarge(APIException):
    """The body is larger than anything this API takes."""

    status_code = 413
    default_detail = f"The body is larger than {MAX_BYTES} bytes."
    default_code = "too_large"


class StrictJSONParser(BaseParser):
    """UTF-8 JSON of at most a megabyte and fifty levels, without NUL characters, lone surrogates, NaN and Infinity."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The value; raises ParseError with a sentence."""
        try:
            body = stream.read(MAX_BYTES + 1)
        except (OSError, RawPostDataException) as error:
            raise ParseError("The body could not be read.") from error
        if len(body) > MAX_BYTES:
            raise TooLarge
        value = _load(body)
        _check(value)
        return value


def _load(body: bytes) -> Any:
    try:
        return json.loads(body.decode(), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise ParseError(f"The body is not UTF-8: byte {error.start} does not belong there.") from None
    except json.JSONDecodeError as error:
        raise ParseError(f"The body is not JSON: {error.msg} in line {error.lineno}, column {error.colno}.") from None
    except RecursionError:
        raise ParseError(f"The body is nested deeper than {MAX_DEPTH} levels.") from None
    except ValueError:  # a number of more than 4300 digits
        raise ParseError("The body holds a number that is too long.") from None


def _refuse_constant(name: str) -> Any:
    raise ParseError(f"{name} is not a JSON number.")


def _check(value: Any) -> None:
    todo = [(value, 1)]
    while todo:
        item, depth = todo.pop()
        if depth > MAX_DEPTH:
            raise ParseError(f"The body is nested deeper than {MAX_DEPTH} levels.")
        if isinstance(item, str):
            _check_text(item)
        elif isinstance(item, dict):
            todo += [(inner, depth + 1) for pair in item.items() for inner in pair]
        elif isinstance(item, list):
            todo += [(inner, depth + 1) for inner in item]


def _check_text(text: str) -> None:
    if "\0" in text:
        raise ParseError("A text holds a NUL character. Leave \\u0000 out.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ParseError("A text holds half of a surrogate pair. Write the whole character.") from None
