-- The row's path is its unit's, whatever the writer said.
CREATE OR REPLACE FUNCTION luodi_fill_path() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found text;
BEGIN
  EXECUTE format('SELECT path FROM %I WHERE id = ($1).%I', TG_ARGV[1], TG_ARGV[0])
    INTO found USING NEW;
  IF found IS NOT NULL THEN NEW.path := found; END IF;
  RETURN NEW;
END $$;

-- Every change of a row is its next version; that its unit moved, and its path with it, is none.
CREATE OR REPLACE FUNCTION luodi_next_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.version := OLD.version;
  IF to_jsonb(NEW) - 'path' <> to_jsonb(OLD) - 'path' THEN NEW.version := OLD.version + 1; END IF;
  RETURN NEW;
END $$;

-- Arguments: columns that may change (a path, with its unit).
CREATE OR REPLACE FUNCTION luodi_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND TG_NARGS > 0 THEN
    IF to_jsonb(NEW) - TG_ARGV = to_jsonb(OLD) - TG_ARGV THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
