-- What the projections know of themselves: which generations there are, and which one is live.
CREATE SCHEMA IF NOT EXISTS projections;
