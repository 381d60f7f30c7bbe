"""scripts/gtest_programs.py says of each test what became of it, whatever its program does: with programs that say what they
are told to, in GoogleTest's words."""
import io
import sys
import tempfile
from contextlib import redirect_stdout
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
import gtest_programs  # noqa: E402

gtest_programs.SILENCE_MAX = 1.0  # a test of ours that says nothing is a minute from saying something

PROGRAM = '''#!/usr/bin/python3
import os, signal, sys, time
TESTS = {tests!r}
if "--gtest_list_tests" in sys.argv:
    print("Running main() from gtest_main.cc\\nSuite.\\n" + "\\n".join("  " + name for name in TESTS))
    sys.exit({list_status})
for name in os.environ["GTEST_FILTER"].split(":"):
    test = name.removeprefix("Suite.")
    print("[ RUN      ] " + name, flush=True)
    fate = TESTS[test]
    if fate == "dies": os.kill(os.getpid(), signal.SIGSEGV)
    if fate == "exits": os._exit(0)
    if fate == "sleeps": time.sleep(60)
    if fate == "fails": print("Expected: 1")
    if fate == "skipped": print("x_test.cpp:1: Skipped\\nthere is no cable\\n")
    if fate == "babbles": print("no newline", end="")
    word = dict(fails="  FAILED", skipped="  SKIPPED").get(fate, "       OK")
    print("[" + word + " ] " + name + " (3 ms)", flush=True)
if "leaks" in TESTS.values():
    print("LeakSanitizer: 8 bytes")
    sys.exit(23)
sys.exit(1 if "fails" in TESTS.values() else 0)
'''


def verdicts(tests, list_status=0):
    with tempfile.TemporaryDirectory() as folder:
        program, out = Path(folder, "x_test"), Path(folder, "out.tsv")
        program.write_text(PROGRAM.format(tests=tests, list_status=list_status))
        program.chmod(0o755)
        with redirect_stdout(io.StringIO()) as shown:
            status = gtest_programs.main([str(out), "2", str(program)])
        lines = [line.split("\t") for line in out.read_text().splitlines()]
        return status, {name.removeprefix("x.").removeprefix("Suite."): (verdict, why) for verdict, name, why in lines}, shown.getvalue()


def main():
    wrong = []

    def expect(what, is_so, said):
        if not is_so:
            wrong.append(f"{what}: {said}")

    said = verdicts({"A": "passes", "B": "passes", "C": "babbles"})
    expect("all pass", said[0] == 0 and said[1] == dict.fromkeys("ABC", ("passed", "")), said)
    said = verdicts({"A": "passes", "B": "fails", "C": "skipped"})
    expect("one fails, one is skipped", said[0] == 1 and said[1] == {"A": ("passed", ""), "B": ("failed", ""),
                                                                     "C": ("skipped", "there is no cable")}, said)
    expect("what a failed test said is shown", "Expected: 1" in said[2], said)
    for fate, why in (("dies", "signal 11"), ("exits", "exit status 0"), ("sleeps", "nothing was heard for 1 s")):
        said = verdicts({"A": "passes", "B": fate, "C": "passes"})
        expect(f"one {fate}", said[0] == 1 and said[1] == {"A": ("passed", ""), "B": ("failed", why), "C": ("passed", "")}, said)
    said = verdicts({"A": "passes", "B": "leaks"})
    expect("one leaks", said[0] == 1 and said[1]["B"][0] == "passed" and said[1]["AtTheEnd"][0] == "failed", said)
    expect("what was said at the end is shown", "LeakSanitizer" in said[2], said)
    said = verdicts({f"T{n}": "dies" if n == 57 else "passes" for n in range(150)})
    expect("in slices", said[0] == 1 and len(said[1]) == 150 and said[1]["T57"][0] == "failed", said[1])
    for tests, status in (({}, 0), ({"A": "passes"}, 3)):
        said = verdicts(tests, status)
        expect("a program that names no tests", said[0] == 1 and said[1].get("x_test", ("",))[0] == "failed", said)
    print("\n".join(wrong) or "each verdict as it should be")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
