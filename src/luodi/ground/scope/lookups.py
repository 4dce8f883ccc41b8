"""A condition that Django lacks."""

from __future__ import annotations

from typing import Any

from django.db import models


@models.BigAutoField.register_lookup
class AnyOf(models.Lookup):
    """`id__any=[…]`: one parameter, where `in` would write out a thousand; or of an array that the
    database finds itself, walked in the order of the keys, where `in` would be a join."""

    lookup_name = "any"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        lhs, params = self.process_lhs(compiler, connection)
        rhs, more = self.process_rhs(compiler, connection)
        return f"{lhs} = ANY({rhs})", (*params, *more)
