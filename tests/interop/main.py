"""Runs the tests of this folder: main.py [NAME...]; a NAME is a part of a test's name, such as F22.

With the variable RESULTS, a line for each test is added to that file: passed|failed|skipped, name, reason."""
import os
import sys
import time
import unittest


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


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path.insert(0, here)
    loader = unittest.TestLoader()
    loader.testNamePatterns = [f"*{name}*" for name in sys.argv[1:]] or None
    suite = loader.discover(here, pattern="test_*.py")
    result = unittest.TextTestRunner(resultclass=Result, verbosity=0).run(suite)
    return 0 if result.wasSuccessful() and result.testsRun else 1


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.exit(main())
