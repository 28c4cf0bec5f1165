"""Errors that a person is meant to read: one Danish sentence that says what to do."""

from typing import ClassVar


class ShownError(Exception):
    """Fejl, som vises: the message is a whole Danish sentence; `exit_code` is what the command line ends with."""

    exit_code: ClassVar[int]

    def __init__(self, message: str) -> None:
        """Carry `message`, which is shown as it is."""
        super().__init__(message)
        self.message = message


class UserError(ShownError):
    """Forkert input: something that the person can correct and try again."""

    exit_code = 2


class OperationError(ShownError):
    """Mislykket handling: the input was right, but the work could not be done."""

    exit_code = 1
