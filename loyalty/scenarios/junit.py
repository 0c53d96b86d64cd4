"""A run of scenario files as JUnit XML, which build servers read."""

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from loyalty.scenarios.running import Report, Tried
from loyalty.scenarios.telling import summary

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(reports: Sequence[Report]) -> bytes:
    """The document: a suite for each file, a case for each scenario, an error for one unread."""
    root = ET.Element("testsuites")
    for report in reports:
        root.append(_suite(report))
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _suite(report: Report) -> ET.Element:
    unread = bool(report.mistakes)
    suite = ET.Element(
        "testsuite",
        name=_clean(str(report.file)),
        tests=str(len(report.tried) + unread),
        failures=str(report.failed),
        errors=str(int(unread)),
        time=f"{sum(one.seconds for one in report.tried):.6f}",
    )
    if unread:
        case = _case(report, "the file can be read", 0)
        _say(case, "error", report.mistakes.splitlines()[0], report.mistakes)
        suite.append(case)
    for one in report.tried:
        case = _case(report, one.name, one.seconds)
        if one.failures:
            _say(case, "failure", _first(one), summary(report, one))
        suite.append(case)
    return suite


def _case(report: Report, name: str, seconds: float) -> ET.Element:
    file = _clean(str(report.file))
    return ET.Element(
        "testcase", classname=file, file=file, name=_clean(name), time=f"{seconds:.6f}"
    )


def _say(case: ET.Element, word: str, message: str, text: str) -> None:
    ET.SubElement(case, word, message=_clean(message)).text = _clean(text)


def _first(one: Tried) -> str:
    _, failure = one.failures[0]
    return f"expected {failure.expected}, got {failure.got}"


def _clean(text: str) -> str:
    """The text without characters that XML does not have."""
    return _NOT_XML.sub("\ufffd", text)
