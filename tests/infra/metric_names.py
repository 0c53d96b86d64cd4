"""Which metric names a question to Prometheus may use: ours, the rules' own, and Kafka's."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import yaml

from infra.metrics import METRICS

ROOT = Path(__file__).parents[2]

OF_THE_EXPORTER = {
    "kafka_brokers",
    "kafka_consumergroup_lag",
    "kafka_topic_partition_current_offset",
    "kafka_topic_partition_in_sync_replica",
    "kafka_topic_partition_oldest_offset",
    "kafka_topic_partition_replicas",
    "kafka_topic_partition_under_replicated_partition",
    "kafka_topic_partitions",
}
"""What is asked of `kafka-exporter`; its own documentation has them."""

OF_OUR_HISTOGRAMS = ("_bucket", "_sum", "_count")


def rules() -> list[Any]:
    """Every rule of the alarms' file, recorded series and alarms.  Any: YAML has no type."""
    text = (ROOT / "infra" / "prometheus" / "alarms.yml").read_text("utf-8")
    return [rule for group in yaml.safe_load(text)["groups"] for rule in group["rules"]]


def known() -> set[str]:
    """Every name that exists."""
    names = OF_THE_EXPORTER | {rule["record"] for rule in rules() if "record" in rule}
    for metric in METRICS:
        match metric.kind:
            case "counter":
                # The client tells beside a counter since when it counts.
                names |= {metric.name, f"{metric.name.removesuffix('_total')}_created"}
            case "gauge":
                names.add(metric.name)
            case "histogram":
                names |= {metric.name + part for part in OF_OUR_HISTOGRAMS}
    return names


def selectors(expression: str) -> Iterator[Any]:
    """Every place of an expression that names a metric.

    Any: the parser's classes are made in another language.

    Raises:
        ValueError: the expression cannot be read.
    """
    yield from _selectors(promql_parser.parse(expression))


def _selectors(part: Any) -> Iterator[Any]:
    match part:
        case promql_parser.VectorSelector():
            yield part
        case promql_parser.MatrixSelector():
            yield part.vector_selector
        case promql_parser.BinaryExpr():
            yield from _selectors(part.lhs)
            yield from _selectors(part.rhs)
        case promql_parser.Call():
            for argument in part.args:
                yield from _selectors(argument)
        case promql_parser.AggregateExpr() | promql_parser.UnaryExpr() | promql_parser.ParenExpr():
            yield from _selectors(part.expr)
        case promql_parser.SubqueryExpr():
            yield from _selectors(part.expr)
        case promql_parser.NumberLiteral() | promql_parser.StringLiteral():
            return
        case _:
            raise TypeError(f"a part of an expression that this test does not know: {part!r}")
