"""What the demo's programme gives for a line, as far as a shopper has to know it.

Simulated members use vouchers and stars that they surely have.  To know what they have they count
by these rules, never more than the programme gives: it is `programmes/grocery.yaml` that decides.
"""

PARTS = 200
"""Earnings are counted in this part of a point, because fuel gives half a point a dollar."""
STARS_A_UNIT = 10
POINTS_A_VOUCHER = 300
TEN_OFF, TEN_OFF_MINOR = "ten-off", 1000
FIVE_OFF, FIVE_OFF_MINOR = "five-off", 500
STARS_STEP, STARS_STEP_MINOR = 100, 200
WALLET = "stars"


def earns(department: str, category: str, brand: str, net_minor: int, *, weekend: bool) -> int:
    """Parts of a point that a line of this price gives."""
    if department == "SPIRITS" or category.startswith(("CIGARETTES", "LOTTERY")):
        return 0
    times = 2 if brand == "Private" else 1
    if weekend and department == "PRODUCE":
        times = 3
    halves = 1 if department == "FUEL" else 2
    return net_minor * times * halves


def stars(department: str, quantity_milli: int) -> int:
    """Stars that a line of this quantity gives."""
    return STARS_A_UNIT * (quantity_milli // 1000) if department == "DELI" else 0
