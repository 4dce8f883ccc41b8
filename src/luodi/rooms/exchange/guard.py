"""Who sees a row of the exchange: its parties and its broker, whatever the tree of units says.

The tree shows a unit's rows to everybody above it, among them people of rivals (a part-time member of
the working committee is another enterprise's secretary). So no table here has a `path`: the policies ask
`sql/exchange.sql` for which parties the signed account speaks, and at which brokers' desks it sits.
"""

from __future__ import annotations

from dataclasses import dataclass

from luodi.ground.tables.api import Guard, has_power

# Asked once a query each, so that an index of the column serves it.
OWN = "{table}.%s = ANY ((SELECT luodi_exchange_own())::bigint[])"
DESK = "{table}.broker_id = ANY ((SELECT luodi_exchange_desks())::bigint[])"
# The program itself: migrations of a unit's belongings, the planner's worker, the published sums.
ENGINE = has_power("engine")


@dataclass(frozen=True, kw_only=True)
class ByParty(Guard):
    """Rows belong to parties and a broker.

    sides: the columns that name the parties. told: SQL without which a row is the broker's alone.
    also: SQL of another way in.
    """

    read: str = ""
    sides: tuple[str, ...] = ("party_id",)
    told: str = ""
    also: str = ""

    def __post_init__(self) -> None:
        own = " OR ".join(OWN % side for side in self.sides)
        if self.told:
            own = f"{self.told} AND ({own})"
        ways = [f"({own})" if own else "", DESK, ENGINE, self.also]
        object.__setattr__(self, "read", " OR ".join(filter(None, ways)))


# What brokers alone may write.
BROKERS = f"{DESK} OR {ENGINE}"
