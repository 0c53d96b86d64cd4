-- An amount in minor units as exact money in units of its currency: 1230 and USD are 12.30, 1230
-- and JPY are 1230.
CREATE OR REPLACE FUNCTION reporting.money(minor bigint, currency text) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN minor * CASE reporting.exponent(currency)
    WHEN 0 THEN 1::numeric
    WHEN 2 THEN 0.01
    WHEN 3 THEN 0.001
    ELSE 0.0001
END;
