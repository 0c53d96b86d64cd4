-- What analysts read: views on the live generation, and nothing else.
CREATE SCHEMA IF NOT EXISTS reporting;
