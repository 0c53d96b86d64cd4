"""Readers and writers for every record of our Avro schemas, generated as Python modules.

`python -m schemas.generate` writes the folders `event`, `effect` and `ledger` of `schemas/wire`:
one module a record, which reads it from a `Source` and writes it into a buffer.  The modules are
checked in, so that they are seen, type-checked and compiled as any other.  What they read is within
the bounds that our types state.
"""
