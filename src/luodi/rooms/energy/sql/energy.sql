-- Whether the scope covers who sells under a contract. Asked past the policies, which ask it.
CREATE OR REPLACE FUNCTION energy_sells(contract bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, public AS $$
  SELECT EXISTS (
    SELECT 1 FROM public.energy_greencontract c JOIN public.scope_unit u ON u.id = c.seller_id
    WHERE c.id = contract AND public.luodi_scope_ok() AND IN_RANGE(u.path))
$$;

-- Whether the scope covers one who buys under a contract.
CREATE OR REPLACE FUNCTION energy_buys(contract bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, public AS $$
  SELECT EXISTS (
    SELECT 1 FROM public.energy_volume v WHERE v.contract_id = contract
      AND public.luodi_scope_ok() AND IN_RANGE(v.path))
$$;

-- A reading is never changed: another row takes its place, and it is known until then.
CREATE OR REPLACE FUNCTION energy_superseded() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF to_jsonb(NEW) - '{path,known_until}'::text[] IS DISTINCT FROM to_jsonb(OLD) - '{path,known_until}'::text[]
     OR (OLD.known_until IS NOT NULL AND NEW.known_until IS DISTINCT FROM OLD.known_until) THEN
    RAISE EXCEPTION 'a reading is superseded, never changed' USING ERRCODE = 'LD007';
  END IF;
  RETURN NEW;
END $$;

-- A closed month does not move, nor its bills, nor their lines: a unit that moves takes their paths along.
CREATE OR REPLACE FUNCTION energy_month_stays() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  one jsonb := CASE WHEN TG_OP = 'INSERT' THEN to_jsonb(NEW) ELSE to_jsonb(OLD) END;
  closed boolean;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF to_jsonb(NEW) - '{path,version}'::text[] = one - '{path,version}'::text[] THEN RETURN NEW; END IF;
  END IF;
  IF TG_TABLE_NAME = 'energy_settlement' THEN
    closed := TG_OP <> 'INSERT' AND one ->> 'state' = 'closed';
  ELSIF TG_TABLE_NAME = 'energy_bill' THEN
    SELECT s.state = 'closed' INTO closed FROM public.energy_settlement s
      WHERE s.id = (one ->> 'settlement_id')::bigint;
  ELSE
    SELECT s.state = 'closed' INTO closed FROM public.energy_bill b
      JOIN public.energy_settlement s ON s.id = b.settlement_id
      WHERE b.id = (one ->> 'bill_id')::bigint;
  END IF;
  IF closed THEN
    RAISE EXCEPTION 'a closed month does not move' USING ERRCODE = 'LD007';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
