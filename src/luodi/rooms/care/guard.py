"""Who sees what of a home: the unit's path, and a role held at that very home.

A superior's reach is not enough: health data, names and money of residents are nobody's business
above the home (PIPL 28 to 30). The program's own scope (tasks, figures that show only counts) passes.
"""

from __future__ import annotations

from dataclasses import dataclass

from luodi.ground.tables.api import ByUnit, has_power

CARE = ("home_manager", "nurse", "carer")
NAMES = (*CARE, "cashier")
STAFF = (*NAMES, "cook")
MONEY = ("home_manager", "cashier")


def held(*roles: str) -> str:
    """SQL of whether the reader holds one of the roles today at the row's own home, asked once a query."""
    words = ", ".join(f"'{one}'" for one in roles)
    return (  # of constants of the program
        f"({has_power('engine')} OR {{table}}.path IN ("  # noqa: S608
        "SELECT of_home.path FROM scope_roleholding AS held"
        " JOIN scope_unit AS of_home ON of_home.id = held.unit_id"
        " WHERE held.account_id = (SELECT luodi_account())"
        f" AND held.role IN ({words})"
        " AND held.valid @> (now() AT TIME ZONE 'Asia/Shanghai')::date))"
    )


@dataclass(frozen=True, kw_only=True)
class AtHome(ByUnit):
    """Rows of a home, for who holds one of `roles` there; `besides` lets others read some of them."""

    roles: tuple[str, ...] = CARE
    besides: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        writes = f"{self.read} AND {held(*self.roles)}"
        reads = (
            f"{self.read} AND ({held(*self.roles)} OR {self.besides})" if self.besides else writes
        )
        object.__setattr__(self, "read", reads)
        if self.besides:
            object.__setattr__(self, "write", writes)
