"""Runs the tests of this folder: main.py [--jobs N] [NAME...]; a NAME is a part of a test's name, such as F22.

With --jobs, N classes at a time, each in a process of its own: these tests wait far more than they compute.
With the variable RESULTS, a line for each test is added to that file: passed|failed|skipped, name, reason."""
import argparse
import os
import subprocess
import sys
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))


class Result(unittest.TextTestResult):
    """One line for each test, when it ends, and one for ./test."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.dots = self.showAll = False

    def startTest(self, test):
        super().startTest(test)
        self.verdict, self.reason, self.began = "passed", "", time.monotonic()

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self.verdict = "failed"

    def addError(self, test, error):
        super().addError(test, error)
        self.verdict = "failed"
        if not hasattr(test, "_testMethodName"):  # a module that cannot be imported, or a class that cannot start
            self._write("failed", str(test), "")

    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        if error is not None:
            self.verdict = "failed"

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.verdict, self.reason = "skipped", reason

    def stopTest(self, test):
        super().stopTest(test)
        name = f"{type(test).__name__}.{test._testMethodName.removeprefix('test_')}"
        print(f"{self.verdict:8}{time.monotonic() - self.began:6.1f} s  {name}  {self.reason}", flush=True)
        self._write(self.verdict, name, self.reason)

    def _write(self, verdict, name, reason):
        if os.environ.get("RESULTS"):
            with open(os.environ["RESULTS"], "a", encoding="utf-8") as file:
                file.write("\t".join((verdict, name, " ".join(reason.split()))) + "\n")


def class_of(test):
    return f"{type(test).__module__}.{type(test).__qualname__}"


def tests_in(suite):
    for each in suite:
        if isinstance(each, unittest.TestSuite):
            yield from tests_in(each)
        else:
            yield each


def discover(names):
    loader = unittest.TestLoader()
    loader.testNamePatterns = [f"*{name}*" for name in names] or None
    return loader.discover(HERE, pattern="test_*.py")


def run_here(suite):
    result = unittest.TextTestRunner(resultclass=Result, verbosity=0).run(suite)
    return result.wasSuccessful() and result.testsRun > 0


def run_class(name, names):
    """What a process of its own says of one class; whether all went well."""
    ran = subprocess.run([sys.executable, "-B", __file__, "--only-class", name, *names], text=True,
                         errors="replace", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    print(ran.stdout, end="", flush=True)
    return ran.returncode == 0


def run_apart(suite, jobs, names):
    """The classes with most tests first, so that none of them is what everybody waits for in the end."""
    sizes = {}
    for test in tests_in(suite):
        sizes[class_of(test)] = sizes.get(class_of(test), 0) + 1
    largest_first = sorted(sizes, key=sizes.get, reverse=True)
    with ThreadPoolExecutor(jobs) as workers:
        return all(list(workers.map(lambda name: run_class(name, names), largest_first))) and bool(sizes)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--only-class", help=argparse.SUPPRESS)
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    sys.path.insert(0, HERE)
    suite = discover(arguments.names)
    if arguments.only_class:
        suite = unittest.TestSuite(t for t in tests_in(suite) if class_of(t) == arguments.only_class)
    well = run_apart(suite, arguments.jobs, arguments.names) if arguments.jobs > 1 else run_here(suite)
    return 0 if well else 1


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.exit(main())
