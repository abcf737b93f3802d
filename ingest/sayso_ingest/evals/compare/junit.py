"""A gate as JUnit's XML, which every CI server shows: a test for the gate, and one for each case that changed."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from sayso_ingest.evals.compare.gating import Gate, Verdict
from sayso_ingest.evals.compare.pairs import ERASED, Pair

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_junit(gate: Gate) -> bytes:
    """The gate as a document of JUnit's schema; only a failed gate fails, cases that changed are told as they are.

    A case that scored lower is a failure where the gate fails, and else skipped with the same text: a suite whose gate
    passes is green.
    """
    found = gate.comparison
    failed = gate.verdict is Verdict.FAIL
    losses = len(found.losses)
    counts = {
        "tests": str(1 + len(found.changes)),
        "failures": str(1 + losses if failed else 0),
        "errors": "0",
        "skipped": str((0 if failed else losses) + (gate.verdict is Verdict.UNKNOWN)),
        "time": "0",
    }
    suites = ET.Element(
        "testsuites", {**{key: counts[key] for key in ("tests", "failures", "errors", "time")}}
    )
    suite = ET.SubElement(suites, "testsuite", {"name": _text(f"sayso eval gate {found.set_name}"), **counts})
    test = _test(suite, "gate", f"{found.b.label} against {found.a.label}")
    if gate.verdict is not Verdict.PASS:
        _told(test, failed=failed, message=gate.why, text=gate.why)
    for pair in found.changes:
        test = _test(suite, "case", pair.case_id)
        if pair.difference < 0:
            _told(test, failed=failed, message=_scores(pair), text=_both(pair))
        else:
            ET.SubElement(test, "system-out").text = _text(f"{_scores(pair)}\n{_both(pair)}")
    ET.indent(suites)
    document: bytes = ET.tostring(suites, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _test(suite: ET.Element, kind: str, name: str) -> ET.Element:
    return ET.SubElement(
        suite, "testcase", {"classname": f"sayso.eval.{kind}", "name": _text(name), "time": "0"}
    )


def _told(test: ET.Element, *, failed: bool, message: str, text: str) -> None:
    about = {"message": _text(message)}
    if failed:
        ET.SubElement(test, "failure", about | {"type": "worse"}).text = _text(text)
    else:
        ET.SubElement(test, "skipped", about)
        ET.SubElement(test, "system-out").text = _text(text)


def _scores(pair: Pair) -> str:
    return f"scored {pair.b.score:.2f} instead of {pair.a.score:.2f}"


def _both(pair: Pair) -> str:
    texts = {
        "question": pair.input,
        "expected": pair.expected or "(nobody said)",
        "before": pair.a.output,
        "after": pair.b.output,
    }
    return "\n".join(f"{name}: {ERASED if text is None else text}" for name, text in texts.items())


def _text(text: str) -> str:
    """The text without what XML cannot hold."""
    return _NOT_IN_XML.sub("�", text)
