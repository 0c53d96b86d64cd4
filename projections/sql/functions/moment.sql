-- UTC milliseconds as a time.
CREATE OR REPLACE FUNCTION reporting.moment(ms bigint) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
RETURN TIMESTAMPTZ 'epoch' + ms * INTERVAL '1 millisecond';
