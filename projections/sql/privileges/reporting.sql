-- Analysts read all of `reporting`; the projector finds out there which generation is live.
GRANT USAGE ON SCHEMA reporting TO loyalty_analyst, loyalty_projector;
GRANT SELECT ON ALL TABLES IN SCHEMA reporting TO loyalty_analyst, loyalty_projector;
GRANT USAGE ON SCHEMA projections TO loyalty_projector;
GRANT SELECT ON ALL TABLES IN SCHEMA projections TO loyalty_projector;
