"""Messages as no producer of ours writes them: cut, mutated, stretched, run into each other."""

from random import Random

from schemas.varint import write_long

ODD_NUMBERS = [-1, -64, 1 << 20, 1 << 31, 1 << 33, (1 << 35) + 1, 1 << 40, 1 << 62, -(1 << 63)]


def mutant(value: bytes, random: Random) -> bytes:
    """Bytes with one to three things done to them; never the same bytes."""
    changed = value
    while changed == value:
        for _ in range(random.choice((1, 1, 1, 2, 3))):
            changed = random.choice(CHANGES)(changed, random)
    return changed


def another_byte(value: bytes, random: Random) -> bytes:
    """One byte is another one."""
    at = random.randrange(len(value) + 1)
    return value[:at] + random.randbytes(1) + value[at + 1 :]


def another_bit(value: bytes, random: Random) -> bytes:
    """One bit of a byte is the other one, mostly a low one: numbers stay small."""
    at = random.randrange(len(value) + 1)
    other = bytes(byte ^ 1 << random.randrange(4) for byte in value[at : at + 1])
    return value[:at] + other + value[at + 1 :]


def cut(value: bytes, random: Random) -> bytes:
    """The end is missing."""
    return value[: random.randrange(len(value) + 1)]


def gap(value: bytes, random: Random) -> bytes:
    """Something in the middle is missing."""
    at = random.randrange(len(value) + 1)
    return value[:at] + value[at + random.randrange(1, 20) :]


def intruder(value: bytes, random: Random) -> bytes:
    """Something is in the middle that was not there."""
    at = random.randrange(len(value) + 1)
    return value[:at] + random.randbytes(random.randrange(1, 10)) + value[at:]


def absurd_number(value: bytes, random: Random) -> bytes:
    """A byte has become a number out of all bounds."""
    at = random.randrange(len(value) + 1)
    return value[:at] + write_long(random.choice(ODD_NUMBERS)) + value[at + 1 :]


def stretched(value: bytes, random: Random) -> bytes:
    """A byte that may be a number is written in two: Avro allows it, we never do it."""
    at = random.randrange(len(value) + 1)
    if value[at : at + 1] >= b"\x80":
        return value
    longer = bytes(byte | 0x80 for byte in value[at : at + 1]) + b"\x00"
    return value[:at] + longer + value[at + 1 :]


CHANGES = (another_byte, another_bit, another_bit, cut, gap, intruder, absurd_number, stretched)


def run_together(values: list[bytes], random: Random) -> list[bytes]:
    """Two neighbours are cut apart at another place than where they met."""
    at = random.randrange(len(values) - 1)
    both = values[at] + values[at + 1]
    by = random.choice((-20, -3, -2, -1, 1, 2, 3, 20))
    apart = max(1, min(len(both) - 1, len(values[at]) + by))
    return [*values[:at], both[:apart], both[apart:], *values[at + 2 :]]
