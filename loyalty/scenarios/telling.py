"""How a run of scenario files ends, in lines for people."""

from collections.abc import Iterator

from loyalty.scenarios.failing import Failure
from loyalty.scenarios.running import Report, Tried


def headline(report: Report) -> str:
    """One file in one line."""
    count = len(report.tried)
    noun = "scenario" if count == 1 else "scenarios"
    if report.mistakes:
        return f"{report.file}: cannot be read"
    if report.failed:
        verb = "fails" if report.failed == 1 else "fail"
        return f"{report.file}: {report.failed} of {count} {noun} {verb}"
    return f"{report.file}: {count} {noun} {'passes' if count == 1 else 'pass'}"


def failed(report: Report) -> Iterator[str]:
    """Every failure of a file: scenario, place, both sides, and the explanation."""
    for one in report.tried:
        if one.failures:
            yield ""
            yield f"  {one.name}"
            for line, failure in one.failures:
                yield from (f"    {row}" for row in difference(report, line, failure))


def difference(report: Report, line: int, failure: Failure) -> list[str]:
    """One failure in lines."""
    return [
        f"{report.file}:{line}",
        f"expected  {failure.expected}",
        f"got       {failure.got}",
        *(f"  {sentence}" for sentence in failure.because),
    ]


def summary(report: Report, one: Tried) -> str:
    """The failures of one scenario as one text."""
    return "\n".join(
        row for line, failure in one.failures for row in difference(report, line, failure)
    )
