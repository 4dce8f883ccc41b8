-- The bytes that an entry's digest covers: each field with its length in front, so that no two
-- different entries have the same bytes. Times are whole microseconds since 1970 (UTC).
CREATE OR REPLACE FUNCTION luodi_canonical(
  epoch integer, xid bigint, at timestamptz, account bigint, action text,
  subject text, subject_id text, path text, changes jsonb, why text
) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
  SELECT convert_to(string_agg(coalesce(octet_length(part)::text, '-') || ':' || coalesce(part, ''),
                               ',' ORDER BY place), 'UTF8')
  FROM unnest(ARRAY[
    epoch::text, xid::text, ((extract(epoch FROM at) * 1000000)::bigint)::text, account::text,
    action, subject, subject_id, path, changes::text, why
  ]) WITH ORDINALITY AS field(part, place)
$$;

-- Writes an entry. Only the two functions below may call it: the application's role cannot.
CREATE OR REPLACE FUNCTION luodi_trail(
  action text, subject text, subject_id text, path text, changes jsonb
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  e integer := (SELECT max(number) FROM public.audit_epoch);
  x bigint := pg_current_xact_id()::text::bigint;
  t timestamptz := date_trunc('microseconds', clock_timestamp());
  who bigint := public.luodi_account();
  reason text := coalesce(current_setting('luodi.why', true), '');
BEGIN
  INSERT INTO public.audit_entry
    (epoch, xid, at, account_id, action, subject, subject_id, path, changes, why, digest)
  VALUES (e, x, t, who, action, subject, subject_id, path, changes, reason,
    sha256(public.luodi_canonical(e, x, t, who, action, subject, subject_id, path, changes, reason)));
END $$;
REVOKE ALL ON FUNCTION luodi_trail(text, text, text, text, jsonb) FROM PUBLIC;

-- An event that changes no watched row, noted by who is signed: never what a trigger writes.
CREATE OR REPLACE FUNCTION luodi_note(
  action text, subject text, subject_id text, path text, changes jsonb
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF NOT public.luodi_scope_ok() THEN
    RAISE EXCEPTION 'a note needs a signed scope' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF lower(action) IN ('insert', 'update', 'delete') THEN
    RAISE EXCEPTION 'a change of a row is not noted' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM public.luodi_trail(action, subject, subject_id, path, changes);
END $$;

-- Arguments: columns whose values the trail must not hold: it says only that they changed; and, with
-- a minus in front, columns that tell nothing (a search vector, the last sign-in).
CREATE OR REPLACE FUNCTION luodi_watch() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public SET timezone = 'UTC' AS $$
DECLARE
  before jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
  after jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
  now_row jsonb := coalesce(after, before);
  changed jsonb;
BEGIN
  SELECT coalesce(jsonb_object_agg(key, CASE WHEN key = ANY(TG_ARGV)
           THEN jsonb_build_array('●', '●')
           ELSE jsonb_build_array(before -> key, after -> key) END), '{}')
    INTO changed
    FROM jsonb_object_keys(now_row) AS key
   WHERE NOT coalesce('-' || key = ANY(TG_ARGV), false)
     AND coalesce(before -> key, 'null') <> coalesce(after -> key, 'null');
  IF TG_OP <> 'UPDATE' OR changed <> '{}' THEN
    PERFORM public.luodi_trail(lower(TG_OP), TG_TABLE_NAME::text, now_row ->> 'id', now_row ->> 'path', changed);
  END IF;
  RETURN NULL;
END $$;
