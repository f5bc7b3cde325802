"""What a service raises when a rule says no."""


class RuleViolation(Exception):
    """A refusal with a machine-readable code and a sentence for the person; nothing was changed.

    `field` names the input that is at fault, when one is.
    """

    def __init__(self, code: str, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
