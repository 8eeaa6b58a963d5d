"""Looking many rows up at once."""

from __future__ import annotations

from typing import Any

from django.db.models import Field, ForeignObject, Lookup
from django.db.models.sql.compiler import SQLCompiler


@ForeignObject.register_lookup
@Field.register_lookup
class AnyOf(Lookup):  # type: ignore[type-arg]
    """``key__any_of=keys``: what ``key__in=keys`` finds, with the keys as one array.

    Of the keys of ``__in`` each is a parameter of the statement, which Django and the driver look at one by one: of a
    list of 100,000 rows that is more work than the answers are. The keys must be plain values of the column's type.
    """

    lookup_name = "any_of"

    def get_prep_lookup(self) -> list[Any]:
        return list(self.rhs)

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (value,)

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, column_params = self.process_lhs(compiler, connection)
        keys, key_params = self.process_rhs(compiler, connection)
        return f"{column} = ANY({keys})", (*column_params, *key_params)
