"""Who may see and who may write the rows of a table: what a model says of it, and the policies that follow.

Every table with rows of a unit has a column `path`, a copy of the unit's path that a composite
foreign key keeps right (`ON UPDATE CASCADE`), and a policy that compares it, as a bare range, with
the signed settings of the transaction. See docs/adr/0003 for what was measured.
"""

from __future__ import annotations

from dataclasses import dataclass

# The two bounds are bare calls, so that the planner can look them up in an index and knows how many
# rows lie between. What does not concern an index stands in a sub-select, computed once a query, not
# once a row (115 ms against 6 on a list of 10,000 among a million cases), and is written as `<> 0`,
# which the planner takes to be nearly always true: a bare boolean counts as a third, an `=` as half
# a percent, and with such guesses lists were sorted by the hundred thousand rows (690 ms against 3).
IN_RANGE = """(
  {path} >= current_setting('luodi.scope_from', true)
  AND {path} < current_setting('luodi.scope_to', true)
  AND (CASE WHEN (SELECT coalesce(current_setting('luodi.scope_many', true), '') = '') THEN 1
            WHEN (SELECT nullif(current_setting('luodi.scope_many', true), '')::luodi_paths_many)
                 @> {path} THEN 1
            ELSE 0 END) <> 0
)"""
SIGNED = "(SELECT luodi_scope_ok())::integer <> 0"
# That a row's own path lies in the signed scope. In every rule `{table}` stands for the table.
IN_SCOPE = IN_RANGE.replace("{path}", "{table}.path")
# That a row is the reader's own, for tables with a column `account_id`.
OWN = "{table}.account_id = (SELECT luodi_account())"
# That a row is kept by a unit for all below it: who sees any row below the unit meets it.
KEPT_ABOVE = """EXISTS (
  SELECT 1 FROM unnest(
    CASE WHEN coalesce(current_setting('luodi.scope_many', true), '') = ''
         THEN ARRAY[current_setting('luodi.scope_from', true)]
         ELSE ARRAY(SELECT lower(one) FROM unnest(
                nullif(current_setting('luodi.scope_many', true), '')::luodi_paths_many) AS one)
    END) AS start
  WHERE starts_with(start, {table}.path))"""
# A rule that nobody meets.
NOBODY = ""


def has_power(name: str) -> str:
    """SQL of whether the signed scope holds a power, asked once a query."""
    return f"(SELECT luodi_has_power('{name}'))"


def in_range_or(path: str, also: str) -> str:
    """SQL of the same as `IN_RANGE` or `also`, for tables that are read by the ten thousand rows.

    The first part is word for word what a BitmapOr of two indexes finds, so that no row is compared
    again with what the index said of it: that took half of a count of 10,000 cases.
    """
    return f"""(
      ({path} >= current_setting('luodi.scope_from', true)
       AND {path} < current_setting('luodi.scope_to', true)) OR {also})
      AND (CASE WHEN (SELECT coalesce(current_setting('luodi.scope_many', true), '') = '') THEN 1
                WHEN (SELECT nullif(current_setting('luodi.scope_many', true), '')::luodi_paths_many)
                     @> {path} THEN 1
                WHEN {also} THEN 1
                ELSE 0 END) <> 0"""


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy of PostgreSQL's, as it is; `{table}` in its SQL stands for the table."""

    name: str
    command: str = "ALL"
    using: str = ""
    check: str = ""
    to: str = "PUBLIC"

    def sql(self, table: str) -> str:
        """The statement that makes it."""
        using = f" USING ({self.using})" if self.using else ""
        check = f" WITH CHECK ({self.check})" if self.check else ""
        made = f"CREATE POLICY {self.name} ON {{table}} FOR {self.command} TO {self.to}"
        return f"{made}{using}{check};".replace("{table}", table)


# For a SECURITY DEFINER function that reads past the scope and applies it itself: it runs as the
# schema's owner, whom policies hold too, unless one lets it read.
FOUND_BY_OWNER = Policy("found_by_owner", "SELECT", using="true", to="luodi_owner")


@dataclass(frozen=True)
class Guard:
    """Rules over a table's columns, as SQL: who reads a row, and who writes it.

    `write` holds for what is added, changed and removed, unless `insert`, `update` or `delete` says
    otherwise; without any it is `read`. No rule is met under an unsigned scope.
    """

    read: str
    write: str | None = None
    insert: str | None = None
    update: str | None = None
    delete: str | None = None

    def policies(self) -> list[Policy]:
        """One for all commands where the rules are the same, else one for each command."""
        rules = [self._rule(given) for given in (self.insert, self.update, self.delete)]
        if all(rule == self.read for rule in rules):
            return [Policy("scope", using=signed(self.read), check=signed(self.read))]
        return [self._reading(), *_writing(*rules)]

    def _rule(self, given: str | None) -> str:
        return next(rule for rule in (given, self.write, self.read) if rule is not None)

    def _reading(self) -> Policy:
        return Policy("scope", "SELECT", using=signed(self.read))


def signed(rule: str) -> str:
    """The rule, under a signed scope only."""
    return f"{SIGNED} AND ({rule})"


def _writing(insert: str, update: str, delete: str) -> list[Policy]:
    made = []
    if insert != NOBODY:
        made.append(Policy("added", "INSERT", check=signed(insert)))
    if update != NOBODY:
        made.append(Policy("changed", "UPDATE", using=signed(update), check=signed(update)))
    if delete != NOBODY:
        made.append(Policy("removed", "DELETE", using=signed(delete)))
    return made


@dataclass(frozen=True, kw_only=True)
class ByUnit(Guard):
    """Rows belong to a unit: who reaches the unit sees and writes them.

    via: the foreign key that leads to the unit or to a row that is guarded in the same way; the
    database copies `path` from there. also: SQL of another way in, or-ed with the range;
    `indexed`: an index serves it too (see `in_range_or`).
    """

    read: str = ""
    via: str = "unit"
    also: str = ""
    indexed: bool = False

    def __post_init__(self) -> None:
        either = f"{IN_SCOPE} OR {self.also}" if self.also else IN_SCOPE
        if self.indexed:
            either = in_range_or("{table}.path", self.also)
        object.__setattr__(self, "read", either)


@dataclass(frozen=True, kw_only=True)
class WrittenBy(Guard):
    """Everybody reads the table; who writes it is `write`'s to say, and `insert`'s of a new row.

    For what must be found before a scope exists and yet decides what one may see. Reading costs
    nothing: `true` is no condition.
    """

    read: str = "true"

    def _reading(self) -> Policy:
        return Policy("read", "SELECT", using=self.read)


@dataclass(frozen=True, slots=True)
class Public:
    """The table has no policy; the reason says why that gives nothing away."""

    reason: str

    def policies(self) -> list[Policy]:
        return []
