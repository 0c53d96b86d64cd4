"""How many decimals a currency has (ISO 4217): two, but for these."""

from collections.abc import Mapping

_OTHERS: Mapping[str, int] = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF"), 0),
    **dict.fromkeys(("UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


def exponent_of(currency: str) -> int:
    """The number of decimals: 2 for USD, 0 for JPY, 3 for KWD."""
    return _OTHERS.get(currency, 2)
