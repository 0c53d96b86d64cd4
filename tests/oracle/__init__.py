"""The rules a second time: plain, slow, written apart from the engine, and held against it."""
