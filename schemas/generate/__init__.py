"""The class, the reader and the writer of every record of our Avro schemas, as Python modules.

`python -m schemas.generate` writes the folders `event`, `effect` and `ledger` of `schemas/wire`:
one module a record, with its class as `schemas.declared` says it, which is read from a `Source` and
written into a buffer.  The modules are checked in, so that they are seen, type-checked and compiled
as any other.  What they read is within the bounds that the declarations state.
"""
