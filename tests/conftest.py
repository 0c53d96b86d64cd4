"""Fixtures that every test may ask for; each lives in the module named after what it starts."""

pytest_plugins = ["tests.kafka_broker", "tests.postgres_server"]
