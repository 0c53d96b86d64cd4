"""`loyalty demo`: the whole line on this machine, from receipt to redemption rate."""

from loyalty.inputs import Journey, Members, Seed, Stores, Years


def demo(
    *,
    members: Members = 2_500,
    stores: Stores = 457,
    years: Years = 1,
    seed: Seed = 1,
    journey: Journey = None,
) -> None:
    """A year of supermarket sales becomes points, vouchers and redemption rates, on this machine.

    The year is simulated, or the real one where --journey or LOYALTY_COMPLETE_JOURNEY names its
    folder.  A run that was interrupted goes on; a second run adds nothing.
    """
    from infra import settings
    from loyalty import demonstration
    from loyalty.feeds import Feed

    current = settings.load()
    feed = Feed(journey or current.complete_journey, members, stores, years, seed)
    demonstration.run(current, feed)
