"""What our records are generated from: their fields, the bounds of these, and what they are for.

`python -m schemas.generate` makes a class of each, beside its reader and its writer, which
compiles to code that reads a field without a lookup; `schemas.events` and `schemas.ledger` are
where everybody finds those.  What stands here is for the generator, and for msgspec, which checks
by it what only the reference could read.
"""
