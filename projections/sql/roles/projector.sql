-- Writes the rows of the projections.  A commit need not reach the disk before it returns: the
-- position is in the same transaction, so what a crash loses is read from the ledger again.
DO $$
BEGIN
    CREATE ROLE loyalty_projector LOGIN;
    ALTER ROLE loyalty_projector SET synchronous_commit = off;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;  -- roles belong to the server, and another database of it made this one
END
$$;
