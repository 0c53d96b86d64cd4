-- Owns every object.  Nobody logs in as it; who installs becomes it for a while.
DO $$
BEGIN
    BEGIN
        CREATE ROLE loyalty_owner NOLOGIN;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;  -- roles belong to the server, and another database of it made this one
    END;
    IF NOT pg_has_role(current_user, 'loyalty_owner', 'SET') THEN
        EXECUTE format('GRANT loyalty_owner TO %I WITH SET TRUE', current_user);
    END IF;
END
$$;
