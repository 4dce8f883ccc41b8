-- Puts messages into inboxes: an array of {account_id, key, text, url, at}, as the program signed it in this
-- transaction. Nobody else writes to anybody: a message has a link, and is believed.
CREATE OR REPLACE FUNCTION luodi_tell(messages text, signature text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF NOT public.luodi_signed('4:tell' || public.luodi_field(messages), signature) THEN
    RAISE EXCEPTION 'messages that nobody signed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO public.notices_notice (account_id, key, text, url, at)
  SELECT one.account_id, one.key, one.text, one.url, one.at
  FROM json_to_recordset(messages::json)
    AS one (account_id bigint, key text, text text, url text, at timestamptz)
  ON CONFLICT DO NOTHING;
END $$;
