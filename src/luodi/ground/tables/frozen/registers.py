"""What landed migrations of registers made. Frozen: see this folder's `__init__.py`."""

# ruff: noqa: S608 - every part is a constant of the program
from __future__ import annotations

from luodi.ground.tables.frozen.scope import IN_RANGE

# A register is kept by a unit for all below it: who sees any row below it sees what it asks for.
KEPT_ABOVE = """EXISTS (
  SELECT 1 FROM unnest(
    CASE WHEN coalesce(current_setting('luodi.scope_many', true), '') = ''
         THEN ARRAY[current_setting('luodi.scope_from', true)]
         ELSE ARRAY(SELECT lower(one) FROM unnest(
                nullif(current_setting('luodi.scope_many', true), '')::luodi_paths_many) AS one)
    END) AS start
  WHERE starts_with(start, {table}.path))"""

OWN_BALLOT = "registers_ballot.account_id = luodi_account()"

FIND = f"""
-- The newest entries of a register with all the words, within the signed scope. It reads past the
-- policy, which would keep the index on words from being used, and applies the scope itself.
CREATE FUNCTION registers_find(register bigint, words text, most integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $find$
BEGIN
  IF NOT public.luodi_scope_ok() THEN RETURN; END IF;
  RETURN QUERY EXECUTE $query$
    SELECT hit.id FROM (
      SELECT e.id FROM public.registers_entry e
      WHERE e.search @@ to_tsquery('simple', $2) AND e.register_id = $1
        AND {IN_RANGE.format(path="e.path")}
      OFFSET 0) AS hit ORDER BY hit.id DESC LIMIT $3 $query$
    USING register, words, most;
END $find$;
-- The function runs as the schema's owner, whom policies hold too, unless one lets it read.
CREATE POLICY found_by_owner ON registers_entry FOR SELECT TO luodi_owner USING (true);
"""

NUMBERS = """
-- The numbers and days (as 20221222) that entries hold, a row for each: an index on them. One on an
-- expression over the document would never be used, because a policy lets only such comparisons go
-- ahead of it as cannot leak; those of floating point numbers can go. What they find is compared
-- once more, exactly.
CREATE FUNCTION registers_number_of(kept text) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN kept ~ '^-?[0-9]{1,15}([.][0-9]{1,15})?$' THEN kept::double precision
              WHEN kept ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
                THEN replace(kept, '-', '')::double precision END
$$;

CREATE TABLE registers_number (
  entry_id bigint NOT NULL,
  path text COLLATE "C" NOT NULL,
  register_id bigint NOT NULL,
  key text COLLATE "C" NOT NULL,
  number double precision NOT NULL,
  PRIMARY KEY (entry_id, key),
  FOREIGN KEY (entry_id, path) REFERENCES registers_entry (id, path)
    ON UPDATE CASCADE ON DELETE CASCADE
);
"""


def _numbers_of(entry: str, source: str = "") -> str:
    return f"""
    INSERT INTO registers_number (entry_id, path, register_id, key, number)
    SELECT {entry}.id, {entry}.path, {entry}.register_id, one.key, registers_number_of(one.value)
    FROM {source} jsonb_each_text({entry}."values") AS one
    WHERE registers_number_of(one.value) IS NOT NULL;
    """


FILL = _numbers_of("e", "registers_entry AS e,")

KEEP_NUMBERS = f"""
CREATE INDEX registers_number_of_key ON registers_number (register_id, key, number, entry_id, path);
ANALYZE registers_number;

CREATE FUNCTION registers_keep_numbers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN DELETE FROM registers_number WHERE entry_id = NEW.id; END IF;
  {_numbers_of("NEW")}
  RETURN NULL;
END $$;
CREATE TRIGGER numbers AFTER INSERT OR UPDATE OF "values", register_id ON registers_entry
  FOR EACH ROW EXECUTE FUNCTION registers_keep_numbers();
"""

DROP_NUMBERS = """
DROP TRIGGER numbers ON registers_entry;
DROP FUNCTION registers_keep_numbers();
DROP TABLE registers_number;
DROP FUNCTION registers_number_of(text);
"""
