"""What the shop says of its stores, kept for the reports beside all generations of tables."""

from collections.abc import Mapping

import psycopg

_KEEP = """
INSERT INTO projections.stores AS old (store_id, region)
SELECT * FROM unnest(%s::text[], %s::text[])
ON CONFLICT (store_id) DO UPDATE SET region = excluded.region
WHERE old.region <> excluded.region
"""


def keep_regions(connection: psycopg.Connection, regions: Mapping[str, str]) -> None:
    """The regions of these stores, by id, are those from now on; others stay as they are.

    Args:
        connection: of the role `projector`.
        regions: by store_id.
    """
    with connection.transaction():
        # In one order, so that two who tell the same stores do not wait for each other in a ring.
        ids = sorted(regions)
        connection.execute(_KEEP, (ids, [regions[one] for one in ids]))
