"""Whose a ballot is, and the index on numbers, which has no model."""

from __future__ import annotations

from luodi.ground.tables.api import IN_SCOPE, Guard, Table, Trigger, Unwatched

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
