-- Nobody comes in, makes temporary tables or looks into `public` but who is named here.
DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CREATE ON DATABASE %I TO loyalty_owner', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO loyalty_projector', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO loyalty_analyst', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO loyalty_contacts', current_database());
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
END
$$;
