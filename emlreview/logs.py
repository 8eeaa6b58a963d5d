"""A log that says what failed and where, and quotes nothing that somebody wrote."""

import logging
import traceback
from types import TracebackType


class DiscreetFormatter(logging.Formatter):
    """Tracebacks with the kinds of exceptions but without their messages.

    A message quotes what it stumbled over: the database names the key and the value of a row, a parser the text.
    """

    def formatException(  # noqa: N802, the name is logging's
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        lines = []
        error = ei[1]
        while error is not None:
            frames = "".join(traceback.format_tb(error.__traceback__)).rstrip()
            lines.append(f"{type(error).__module__}.{type(error).__qualname__}\n{frames}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\nafter ".join(lines)
