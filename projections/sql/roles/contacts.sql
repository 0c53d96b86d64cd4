-- Reads and writes the schema crm, where names and addresses are, and nothing else.
DO $$
BEGIN
    CREATE ROLE loyalty_contacts LOGIN;
    ALTER ROLE loyalty_contacts SET search_path = crm;
    ALTER ROLE loyalty_contacts SET timezone = 'UTC';
    ALTER ROLE loyalty_contacts SET idle_in_transaction_session_timeout = '60s';
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;  -- roles belong to the server, and another database of it made this one
END
$$;
