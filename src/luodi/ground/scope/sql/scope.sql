-- Whether the transaction's scope was signed by us: injected SQL can set settings, but not sign.
CREATE OR REPLACE FUNCTION luodi_scope_ok() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = pg_catalog, public AS $$
  SELECT EXISTS (
    SELECT 1 FROM public.scope_key
    WHERE current_setting('luodi.signature', true) = encode(sha256(
      convert_to(key, 'UTF8') || sha256(convert_to(key || concat_ws(E'\n',
        current_setting('luodi.scope_from', true), current_setting('luodi.scope_to', true),
        current_setting('luodi.scope_many', true), current_setting('luodi.account', true),
        current_setting('luodi.powers', true)), 'UTF8'))), 'hex')
  )
$$;

CREATE OR REPLACE FUNCTION luodi_has_power(wanted text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT luodi_scope_ok()
     AND wanted = ANY(string_to_array(current_setting('luodi.powers', true), ','))
$$;

CREATE OR REPLACE FUNCTION luodi_account() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN luodi_scope_ok()
              THEN nullif(current_setting('luodi.account', true), '')::bigint END
$$;
