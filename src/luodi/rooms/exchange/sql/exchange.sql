-- The parties for which the signed account speaks today: those of the enterprises where it serves
-- itself. A role above them speaks for none. The day is China's.
CREATE OR REPLACE FUNCTION luodi_exchange_own() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, public AS $$
  SELECT coalesce(array_agg(DISTINCT party.id), '{}')
    FROM public.scope_roleholding AS held
    JOIN public.exchange_party AS party ON party.unit_id = held.unit_id
   WHERE public.luodi_scope_ok() AND held.account_id = public.luodi_account()
     AND held.role IN ('liaison', 'branch_secretary')
     AND held.valid @> (now() AT TIME ZONE 'Asia/Shanghai')::date
$$;

-- The units at whose desk the signed account brokers: where it leads or guides, and the districts
-- of a zone. Not who only sees a zone's rows, such as a part-time member.
CREATE OR REPLACE FUNCTION luodi_exchange_desks() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, public AS $$
  SELECT coalesce(array_agg(DISTINCT desk.id), '{}')
    FROM public.scope_roleholding AS held
    JOIN public.scope_unit AS place ON place.id = held.unit_id
    JOIN public.scope_unit AS desk
      ON desk.path >= place.path AND desk.path < left(place.path, -1) || '/'
     AND desk.kind IN ('zone', 'district')
   WHERE public.luodi_scope_ok() AND held.account_id = public.luodi_account()
     AND held.role IN ('office', 'secretary', 'deputy', 'instructor')
     AND held.valid @> (now() AT TIME ZONE 'Asia/Shanghai')::date
$$;
