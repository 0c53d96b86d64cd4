-- Reads the schema reporting.  That it can write nothing follows from its privileges; the settings
-- keep a slip of the pen from costing anybody anything.
DO $$
BEGIN
    CREATE ROLE loyalty_analyst LOGIN CONNECTION LIMIT 50;
    ALTER ROLE loyalty_analyst SET default_transaction_read_only = on;
    ALTER ROLE loyalty_analyst SET statement_timeout = '30s';
    ALTER ROLE loyalty_analyst SET idle_in_transaction_session_timeout = '60s';
    ALTER ROLE loyalty_analyst SET search_path = reporting;
    ALTER ROLE loyalty_analyst SET timezone = 'UTC';
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;  -- roles belong to the server, and another database of it made this one
END
$$;
