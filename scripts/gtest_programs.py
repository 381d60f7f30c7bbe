#!/usr/bin/python3
"""Runs GoogleTest programs, each in one process, and records every test under its own name.

    gtest_programs.py OUT JOBS PROGRAM...      appends `passed|failed|skipped<TAB>NAME<TAB>REASON` to OUT

A process under ASan takes 60 ms to begin and end, most tests a few: ctest, which starts one for each test, is for days when one
test is looked at. Where a program dies in a test, that test has failed, and the tests after it run in another process; a program
from which nothing is heard for SILENCE_MAX seconds has died. Of a test that fails, what it printed is shown; at the end, which
tests took longest.

Exit status: 0; 1 if a test failed. A program that cannot name its tests is itself the failure.
"""
import os
import queue
import re
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SILENCE_MAX = 120.0
SHOWN_BYTES_MAX = 65536
SLICES = 4  # a long program is run in as many slices of its tests, so that all cores have something to do to the end
SLICED_FROM = 100  # tests
SLOWEST_SHOWN = 10
AT_THE_END = "AtTheEnd"  # stands for a test where a program fails after all of them

STARTED = re.compile(r"\[ RUN      \] (\S+)$")
ENDED = re.compile(r"\[ {2,7}(OK|FAILED|SKIPPED) \] ([^\s,]+)(?:, where .*)? \((\d+) ms\)$")


def tests_of(program):
    """Suite.Name of each test, as a filter takes it."""
    listed = subprocess.run([program, "--gtest_list_tests"], capture_output=True, text=True, errors="replace")
    names, suite = [], ""
    for line in listed.stdout.splitlines():
        word = line.split("#")[0].rstrip()
        if line.startswith("  ") and suite:
            names.append(suite + word.strip())
        elif word.endswith("."):
            suite = word.strip()
    if listed.returncode != 0 or not names:
        raise RuntimeError(f"{program} names no tests: status {listed.returncode}, {listed.stderr.strip()[:500]}")
    return [n for n in names if "DISABLED_" not in n]


class Process:
    """One process of a program, with some of its tests; `results` fills as they end."""

    def __init__(self, program, tests):
        self.results, self.running, self.said = {}, None, []
        # A filter of thousands of names is longer than an argument may be: it is a variable of the environment.
        self.process = subprocess.Popen([program], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                        text=True, errors="replace", start_new_session=True,
                                        env={**os.environ, "GTEST_FILTER": ":".join(tests), "GTEST_COLOR": "no"})
        self.lines = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))
        self.lines.put(None)

    def run(self):
        """Returns why it ended before its time; empty: it did not."""
        while True:
            try:
                line = self.lines.get(timeout=SILENCE_MAX)
            except queue.Empty:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
                return f"nothing was heard for {SILENCE_MAX:.0f} s"
            if line is None:
                break
            self.take(line)
        status = self.process.wait()
        if self.running is None:
            return self.judge_end(status)
        return f"signal {-status}" if status < 0 else f"exit status {status}"

    def judge_end(self, status):
        """After the last test: leaks, for one, are found then."""
        if status != 0 and not any(result[0] == "failed" for result in self.results.values()):
            self.running = AT_THE_END
            self.end("failed", f"all its tests had passed, then it ended with status {status}")
        return ""

    def take(self, line):
        # What a test prints without a newline stands before GoogleTest's word.
        started, ended = STARTED.search(line), ENDED.search(line)
        if started:
            self.running, self.said = started.group(1), []
        elif ended and ended.group(2) == self.running:
            self.end({"OK": "passed", "FAILED": "failed", "SKIPPED": "skipped"}[ended.group(1)], took_ms=int(ended.group(3)))
            self.said = []
        else:
            self.said.append(line)

    def end(self, verdict, why="", took_ms=0):
        self.results[self.running] = (verdict, self.reason() if verdict == "skipped" else why, self.said, took_ms)
        self.running = None

    def reason(self):
        text = "\n".join(self.said)
        found = re.search(r": Skipped\n(.+?)(?:\n\n|\Z)", text, re.S)
        return " ".join(found.group(1).split()) if found else "no reason given"


def run_slice(program, tests):
    results = {}
    while tests:
        process = Process(program, tests)
        died = process.run()
        if died and process.running:
            process.end("failed", died)
        results.update(process.results)
        left = [t for t in tests if t not in results]
        if len(left) == len(tests):
            return {**results, **{t: ("failed", "it was not run: " + (died or "the program knows no such test"), [], 0) for t in left}}
        tests = left
    return results


def slices_of(program):
    tests = tests_of(program)
    count = SLICES if len(tests) >= SLICED_FROM else 1
    # Every fourth, not the first quarter: what takes long stands together.
    return [(program, tests[n::count]) for n in range(count)]


def shown(name, why, said):
    text = "\n".join(said)[-SHOWN_BYTES_MAX:]
    return f"FAILED {name}" + (f" ({why})" if why else "") + "\n" + text + "\n"


def main(arguments):
    out, jobs, *programs = arguments
    failed = done = 0
    times = []
    with open(out, "a", encoding="utf-8") as file, ThreadPoolExecutor(int(jobs)) as pool:
        slices = []
        for program in programs:
            try:
                slices += slices_of(program)
            except (RuntimeError, OSError) as error:
                failed += 1
                file.write(f"failed\t{Path(program).name}\t{str(error).split(chr(10))[0]}\n")
                print(error)
        # Many tests first: the shortest slices fill the gaps at the end.
        slices.sort(key=lambda s: -len(s[1]))
        for (program, _), results in zip(slices, pool.map(lambda s: run_slice(*s), slices)):
            room = Path(program).name.removesuffix("_test")
            for name, (verdict, why, said, took_ms) in results.items():
                times.append((took_ms, f"{room}.{name}"))
                file.write(f"{verdict}\t{room}.{name}\t{why if verdict != 'passed' else ''}\n")
                if verdict == "failed":
                    failed += 1
                    print(shown(f"{room}.{name}", why, said))
            done += len(results)
            print(f"{done} tests, {failed} failed: {room}", flush=True)
    for took_ms, name in sorted(times, reverse=True)[:SLOWEST_SHOWN]:
        print(f"{took_ms / 1000:7.1f} s  {name}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
