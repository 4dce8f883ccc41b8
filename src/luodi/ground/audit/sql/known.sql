-- The path today of the unit that a path of former days ends with.
CREATE OR REPLACE FUNCTION luodi_path_today(path text) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, public AS $$
  SELECT coalesce((SELECT u.path FROM public.scope_unit u
                   WHERE u.id = (regexp_match($1, '(\d+)\.$'))[1]::bigint), $1)
$$;

CREATE OR REPLACE FUNCTION luodi_lost() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a row has left the scope' USING ERRCODE = 'LD002';
END $$;

-- Which rows of a table changed after an instant, and the values that they had then. For a guarded
-- table: rows of units between two paths, as far as the signed scope reaches. A value that the trail
-- hides is not among `was`, nor any of a row that was not in the scope then: of that only its id is
-- given, so that today's values are not taken for those of then. It reads the trail past its policy,
-- because an entry about a row that moved into the scope may bear a path outside it, and applies the
-- scope itself.
CREATE OR REPLACE FUNCTION luodi_since(table_name text, instant timestamptz, low text, high text)
RETURNS TABLE (id bigint, was jsonb, existed boolean, gone boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $since$
#variable_conflict use_column
DECLARE
  guarded boolean := EXISTS (
    SELECT FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
    WHERE c.relname = table_name AND c.relnamespace = 'public'::regnamespace
      AND p.polname = 'scope');  -- whose policies only say who may write, everybody reads
BEGIN
  IF NOT coalesce(public.luodi_scope_ok(), false) THEN RETURN; END IF;
  IF instant < (SELECT e.at FROM public.audit_entry e ORDER BY e.id LIMIT 1) THEN
    RAISE EXCEPTION 'the trail began later' USING ERRCODE = 'LD001';
  END IF;
  RETURN QUERY
  WITH changed AS (
    SELECT e.subject_id FROM public.audit_entry e
     WHERE e.subject = table_name AND e.at > instant AND e.action IN ('insert', 'update', 'delete')
       AND (NOT guarded OR (e.path >= low AND e.path < high))
    UNION
    SELECT e.subject_id FROM public.audit_entry e
     WHERE guarded AND e.subject = table_name AND e.at > instant AND e.action = 'update'
       AND e.changes ? 'path'
       AND (e.changes #>> '{path,0}') COLLATE "C" >= low
       AND (e.changes #>> '{path,0}') COLLATE "C" < high
  ), entry AS (
    SELECT e.id, e.subject_id, e.action, e.path, e.changes
      FROM changed JOIN public.audit_entry e
        ON e.subject = table_name AND e.subject_id = changed.subject_id AND e.at > instant
     WHERE e.action IN ('insert', 'update', 'delete')
  ), first_value_of AS (
    SELECT DISTINCT ON (e.subject_id, pair.key) e.subject_id, pair.key, pair.value -> 0 AS before
      FROM entry e, jsonb_each(e.changes) AS pair
     ORDER BY e.subject_id, pair.key, e.id
  ), undone AS (
    SELECT subject_id, jsonb_object_agg(key, before) AS was FROM first_value_of
     WHERE before <> '"●"' GROUP BY subject_id
  ), fate AS (
    SELECT subject_id, (array_agg(action ORDER BY id))[1] <> 'insert' AS existed,
           (array_agg(action ORDER BY id DESC))[1] = 'delete' AS gone,
           (array_agg(path ORDER BY id DESC))[1] AS last_path
      FROM entry GROUP BY subject_id
  ), row_then AS (
    SELECT fate.*, coalesce(undone.was, '{}') AS was,
           public.luodi_path_today(coalesce(undone.was ->> 'path', fate.last_path)) AS then_path
      FROM fate LEFT JOIN undone USING (subject_id)
  ), seen AS (
    SELECT r.*, coalesce(NOT guarded OR IN_RANGE(r.then_path), false) AS in_sight FROM row_then r
  )
  SELECT CASE WHEN s.existed AND s.in_sight AND NOT s.gone AND guarded
                AND NOT IN_RANGE(s.last_path)
              THEN public.luodi_lost() ELSE s.subject_id::bigint END,
         CASE WHEN NOT (s.existed AND s.in_sight) THEN '{}'
              WHEN s.then_path IS NULL THEN s.was
              WHEN table_name = 'scope_unit' AND NOT s.gone
              THEN s.was - 'parent_id' || jsonb_build_object('path', s.then_path)
              ELSE s.was || jsonb_build_object('path', s.then_path) END,
         s.existed AND s.in_sight, s.gone
    FROM seen s;
END $since$;
