"""The bench programs themselves: they run, and their tables say what they mean."""

from pathlib import Path

from tests.bench import bench_codec, bench_scenarios, bench_steps
from tests.bench.figures import Figure, table
from tests.bench.workload import sales


def test_a_table_names_goal_and_rival() -> None:
    """A figure stands beside its goal and beside what it is compared with."""
    figures = [
        Figure("quick", 12_345.6, "sales/s", "≥ 10,000", "the slow way", 2.04),
        Figure("small", 0.52, "µs"),
    ]
    assert table(figures).splitlines() == [
        "| what | measured | goal | beside it in the same run |",
        "| --- | --- | --- | --- |",
        "| quick | 12,346 sales/s | ≥ 10,000 | 2.0 times the slow way |",
        "| small | 0.5 µs |  |  |",
    ]


def test_every_step_is_measured(tmp_path: Path) -> None:
    """The programs that need no broker run with what is there now, and measure something."""
    measured = [*bench_codec.figures(count=100), *bench_steps.figures(count=100)]
    measured += bench_scenarios.figures(tmp_path, count=30)
    assert len(measured) > 10
    assert all(figure.value > 0 for figure in measured)


def test_the_baskets_are_those_of_the_goal() -> None:
    """The goals are for baskets of 9.4 lines, so that is what is measured with."""
    lines = [len(sale.lines) for sale in sales(2_000)]
    assert 9.0 < sum(lines) / len(lines) < 9.9
