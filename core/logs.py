"""How a log line looks: coloured words at a terminal, JSON in production; addresses that are keys are cut short."""

import logging
import re
from collections.abc import Iterable

import structlog


class SecretAddresses:
    """Cuts what follows these beginnings of an address: feed keys, tickets and links are as good as a password."""

    def __init__(self, beginnings: Iterable[str]) -> None:
        self.pattern = re.compile(f"({'|'.join(map(re.escape, sorted(beginnings)))})[^/?#\\s\"']+")

    def masked(self, line: str) -> str:
        """The line as it may be kept."""
        return self.pattern.sub(r"\1…", line)


class LineFormatter(structlog.stdlib.ProcessorFormatter):
    """structlog's formatter, whose whole line is looked through: a key may stand in a message or in a traceback."""

    def __init__(self, *, secrets: SecretAddresses, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]
        self.secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """One line, or a traceback."""
        return self.secrets.masked(super().format(record))


class AccessFormatter(logging.Formatter):
    """The web server's own lines, as it words them."""

    def __init__(self, *, secret_addresses: Iterable[str]) -> None:
        super().__init__("%(message)s")
        self.secrets = SecretAddresses(secret_addresses)

    def format(self, record: logging.LogRecord) -> str:
        """One line a request."""
        return self.secrets.masked(super().format(record))


def formatter(*, colours: bool, as_json: bool, secret_addresses: Iterable[str]) -> logging.Formatter:
    """A formatter for the standard library's handlers; line breaks in values cannot forge a line in JSON."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=structlog.dev.plain_traceback)
    )
    return LineFormatter(
        secrets=SecretAddresses(secret_addresses),
        foreign_pre_chain=[
            structlog.stdlib.add_logger_name,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso" if as_json else "%H:%M:%S", utc=as_json),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            renderer,
        ]
        if as_json
        else [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )
