-- A field behind its length: no two different lists of fields are the same text.
CREATE OR REPLACE FUNCTION luodi_field(part text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(octet_length(part)::text, '-') || ':' || coalesce(part, '')
$$;

-- What a signature is bound to: this backend and this transaction. (A worker of a parallel query is
-- another backend, so whoever asks it is asked in the leader only.)
CREATE OR REPLACE FUNCTION luodi_here() RETURNS text
LANGUAGE sql STABLE PARALLEL RESTRICTED AS $$
  SELECT pg_backend_pid() || '.' || (extract(epoch FROM now()) * 1000000)::bigint
$$;

-- Whether we signed a message in this transaction (see actor.py). Injected SQL can ask, but not sign.
CREATE OR REPLACE FUNCTION luodi_signed(message text, signature text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, public AS $$
DECLARE
  secret bytea := (SELECT convert_to(key, 'UTF8') FROM public.scope_key);
BEGIN
  RETURN coalesce(signature = encode(sha256(secret || sha256(secret || convert_to(
    public.luodi_field(public.luodi_here()) || message, 'UTF8'))), 'hex'), false);
END $$;

-- Whether the transaction's scope was signed by us, here. One that has outlived its time is an error:
-- a figure that silently reads no rows would be wrong.
CREATE OR REPLACE FUNCTION luodi_scope_ok() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, public AS $$
DECLARE
  signature text := current_setting('luodi.signature', true);
  until text := current_setting('luodi.until', true);
BEGIN
  IF coalesce(signature, '') = '' THEN RETURN false; END IF;
  IF NOT public.luodi_signed('5:scope' || public.luodi_field(until)
      || public.luodi_field(current_setting('luodi.scope_from', true))
      || public.luodi_field(current_setting('luodi.scope_to', true))
      || public.luodi_field(current_setting('luodi.scope_many', true))
      || public.luodi_field(current_setting('luodi.account', true))
      || public.luodi_field(current_setting('luodi.powers', true))
      || public.luodi_field(current_setting('luodi.reach', true)), signature)
  THEN RETURN false; END IF;
  IF extract(epoch FROM clock_timestamp()) > until::bigint THEN
    RAISE EXCEPTION 'the scope has expired' USING ERRCODE = 'LD003';
  END IF;
  RETURN true;
END $$;

CREATE OR REPLACE FUNCTION luodi_has_power(wanted text) RETURNS boolean LANGUAGE sql STABLE PARALLEL RESTRICTED AS $$
  SELECT luodi_scope_ok()
     AND wanted = ANY(string_to_array(current_setting('luodi.powers', true), ','))
$$;

-- Whether the signed power over accounts reaches a unit; for none, the whole site.
CREATE OR REPLACE FUNCTION luodi_reaches(unit bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL RESTRICTED AS $$
  SELECT luodi_scope_ok() AND coalesce(
    bool_and(nullif(current_setting('luodi.reach', true), '')::luodi_paths_many @> u.path),
    unit IS NULL AND current_setting('luodi.reach', true) <> '')
  FROM scope_unit u WHERE u.id = unit OR (unit IS NULL AND u.parent_id IS NULL)
$$;

CREATE OR REPLACE FUNCTION luodi_account() RETURNS bigint LANGUAGE sql STABLE PARALLEL RESTRICTED AS $$
  SELECT CASE WHEN luodi_scope_ok()
              THEN nullif(current_setting('luodi.account', true), '')::bigint END
$$;
