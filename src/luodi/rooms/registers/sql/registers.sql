-- The newest entries of a register with all the words, within the signed scope. It reads past the
-- policy, which would keep the index on words from being used, and applies the scope itself.
CREATE OR REPLACE FUNCTION registers_find(register bigint, words text, most integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $find$
BEGIN
  IF NOT public.luodi_scope_ok() THEN RETURN; END IF;
  RETURN QUERY EXECUTE $query$
    SELECT hit.id FROM (
      SELECT e.id FROM public.registers_entry e
      WHERE e.search @@ to_tsquery('simple', $2) AND e.register_id = $1
        AND IN_RANGE(e.path)
      OFFSET 0) AS hit ORDER BY hit.id DESC LIMIT $3 $query$
    USING register, words, most;
END $find$;

-- The numbers and days (as 20221222) that entries hold, a row for each: an index on them. One on an
-- expression over the document would never be used, because a policy lets only such comparisons go
-- ahead of it as cannot leak; those of floating point numbers can go. What they find is compared
-- once more, exactly.
CREATE OR REPLACE FUNCTION registers_number_of(kept text) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN kept ~ '^-?[0-9]{1,15}([.][0-9]{1,15})?$' THEN kept::double precision
              WHEN kept ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
                THEN replace(kept, '-', '')::double precision END
$$;

CREATE OR REPLACE FUNCTION registers_keep_numbers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN DELETE FROM registers_number WHERE entry_id = NEW.id; END IF;
  INSERT INTO registers_number (entry_id, path, register_id, key, number)
  SELECT NEW.id, NEW.path, NEW.register_id, one.key, registers_number_of(one.value)
  FROM jsonb_each_text(NEW."values") AS one
  WHERE registers_number_of(one.value) IS NOT NULL;
  RETURN NULL;
END $$;
