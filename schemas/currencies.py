"""How many decimals a currency has (ISO 4217): two, but for these; money as it is written."""

from collections.abc import Mapping

_OTHERS: Mapping[str, int] = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF"), 0),
    **dict.fromkeys(("UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}


def exponent_of(currency: str) -> int:
    """The number of decimals: 2 for USD, 0 for JPY, 3 for KWD."""
    return _OTHERS.get(currency, 2)


def money(amount_minor: int, currency: str) -> str:
    """Minor units with the decimals of their currency: 53.25."""
    decimals = exponent_of(currency)
    sign = "-" if amount_minor < 0 else ""
    whole, rest = divmod(abs(amount_minor), 10**decimals)
    return f"{sign}{whole}.{rest:0{decimals}}" if decimals else f"{sign}{whole}"
