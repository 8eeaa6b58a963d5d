"""Answers about the whole record, kept by the process as long as the record stays in the state they were read in."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from medicines.models import RecordState

_P = ParamSpec("_P")
_T = TypeVar("_T")


def kept(most: int = 32) -> Callable[[Callable[_P, _T]], Callable[_P, _T]]:
    """Keep what a question about the record answers, for ``most`` different arguments of it.

    Each asking takes one short query, for the state of the record. The state is read before the record is, so an
    answer can be newer than the state that it is kept under, never older. An answer must not depend on the language,
    and whoever gets it must not change it.
    """

    def keep(question: Callable[_P, _T]) -> Callable[_P, _T]:
        answers: dict[Hashable, tuple[Any, _T]] = {}

        @wraps(question)
        def ask(*args: _P.args, **kwargs: _P.kwargs) -> _T:
            # The hour too: a state that was rolled back has had the same number.
            state = RecordState.objects.values_list("number", "changed_at").first()
            asked = (args, tuple(sorted(kwargs.items())))
            found = answers.get(asked)
            if found is None or found[0] != state:
                found = (state, question(*args, **kwargs))
                answers.pop(asked, None)
                while len(answers) >= most:
                    answers.pop(next(iter(answers)), None)
                answers[asked] = found
            return found[1]

        return ask

    return keep
