"""Who sees what a superior keeps, and the index on numbers, which has no model."""

from __future__ import annotations

from luodi.ground.tables.api import IN_SCOPE, Guard, Table, Trigger, Unwatched

# A register is kept by a unit for all below it: who sees any row below it sees what it asks for.
KEPT_ABOVE = """EXISTS (
  SELECT 1 FROM unnest(
    CASE WHEN coalesce(current_setting('luodi.scope_many', true), '') = ''
         THEN ARRAY[current_setting('luodi.scope_from', true)]
         ELSE ARRAY(SELECT lower(one) FROM unnest(
                nullif(current_setting('luodi.scope_many', true), '')::luodi_paths_many) AS one)
    END) AS start
  WHERE starts_with(start, {table}.path))"""

OWN_BALLOT = "{table}.account_id = luodi_account()"

KEEP_NUMBERS = Trigger(
    "numbers", 'AFTER INSERT OR UPDATE OF "values", register_id', "registers_keep_numbers()"
)
# For entries that were written past the trigger.
FILL = """
INSERT INTO registers_number (entry_id, path, register_id, key, number)
SELECT e.id, e.path, e.register_id, one.key, registers_number_of(one.value)
FROM registers_entry AS e, jsonb_each_text(e."values") AS one
WHERE registers_number_of(one.value) IS NOT NULL;
"""

TABLES = {
    "registers_number": Table(
        guard=Guard(read=IN_SCOPE),
        watch=Unwatched("an index on entries, which say since when they are known", timeless=True),
    )
}
