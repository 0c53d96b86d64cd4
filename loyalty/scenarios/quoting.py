"""What the rules take off a basket before it is paid, as the engine answers it.

The engine's module is looked up when the first quote is asked for: a programme without prices is
tested without it.
"""

from importlib import import_module
from typing import Any

from loyalty.scenarios.converting import Wrong
from processors.core.overlay import Overlay
from schemas.events import SaleRecorded

ENGINE = "processors.core.quote"


def quoted(overlay: Overlay, basket: SaleRecorded) -> Any:
    """The answer for a basket: to_pay_minor, cuts, vouchers, earned, prompts, lines.

    Any: the engine's own record.

    Raises:
        Wrong: this version has no such engine.
    """
    try:
        engine = import_module(ENGINE)
    except ModuleNotFoundError as problem:
        if problem.name != ENGINE:
            raise
        raise Wrong("this version does not answer quotes") from None
    return engine.quote(overlay, basket)
