"""Verdicts as JUnit XML, which build servers show as tests: a failure is a failure, what cannot be told is skipped."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from workers.scorer.gates import Verdict

TAGS = {"fail": "failure", "inconclusive": "skipped"}


def junit(suite: str, verdicts: Sequence[Verdict]) -> bytes:
    """One test case a verdict."""
    outcomes = [verdict.outcome for verdict in verdicts]
    counts = {"tests": len(outcomes), "failures": outcomes.count("fail"), "skipped": outcomes.count("inconclusive")}
    root = ElementTree.Element("testsuite", {"name": suite, **{name: str(count) for name, count in counts.items()}})
    for verdict in verdicts:
        case = ElementTree.SubElement(root, "testcase", {"classname": "groundtune.gate", "name": verdict.name})
        if tag := TAGS.get(verdict.outcome):
            ElementTree.SubElement(case, tag, {"message": f"{verdict.outcome}: {verdict.message}"})
        else:
            ElementTree.SubElement(case, "system-out").text = verdict.message
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"
