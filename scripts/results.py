"""Gathers what the parts of ./test ran into one count.

    results.py junit FILE OUT     turns a JUnit file (ctest, vitest) into lines of OUT, and prints the lines `note: …` of its tests
    results.py sum FOLDER         prints failures, skips with their reasons, and the closing line

A line of a results file is `passed|failed|skipped<TAB>NAME<TAB>REASON`; every part of ./test writes one such file.
Exit status of sum: 0; 1 if something failed or nothing ran.
"""
import re
import sys
import xml.etree.ElementTree as xml
from pathlib import Path


def reason_of(case):
    """Why a test was skipped: GoogleTest prints it after `Skipped`, ours after `skipped: `."""
    said = (case.findtext("system-out") or "").replace("\r", "")
    for pattern in (r": Skipped\n(.+?)(?:\n\n|\n\[|\Z)", r"^skipped: (.+)$"):
        found = re.search(pattern, said, re.M | re.S if "Skipped" in pattern else re.M)
        if found and found.group(1).strip():
            return " ".join(found.group(1).split())
    skipped = case.find("skipped")
    return (skipped.get("message") if skipped is not None else "") or "no reason given"


def line_of(case):
    name = case.get("name")
    if case.find("failure") is not None or case.find("error") is not None or case.get("status") == "fail":
        return "failed", name, ""
    if case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
        return "skipped", name, reason_of(case)
    return "passed", name, ""


def junit(source, out):
    # What a test printed may hold bytes that XML does not allow.
    text = re.sub(r"[^\t\n\r -\ud7ff\ue000-\ufffd]", "?", Path(source).read_text("utf-8", "replace"))
    cases = list(xml.fromstring(text).iter("testcase"))
    for case in cases:
        for note in re.findall(r"^note: (.+)$", case.findtext("system-out") or "", re.M):
            print(f"{case.get('name')}: {note.strip()}")
    lines = [line_of(case) for case in cases]
    with open(out, "a", encoding="utf-8") as file:
        file.writelines("\t".join(line) + "\n" for line in lines)


def sum_up(folder):
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for path in sorted(Path(folder).glob("*.tsv")):
        for line in path.read_text("utf-8").splitlines():
            verdict, name, reason = line.split("\t")
            counts[verdict] += 1
            if verdict != "passed":
                print(f"{verdict}: {path.stem}: {name}" + (f": {reason}" if reason else ""))
    if counts["passed"] + counts["failed"] == 0:
        print("no test ran")
    print("{passed} passed, {failed} failed, {skipped} skipped".format(**counts))
    return 1 if counts["failed"] or not counts["passed"] else 0


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    sys.exit({"junit": junit, "sum": sum_up}[command](*arguments))
