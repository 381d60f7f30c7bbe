"""Half an hour of chaos: a fault every two seconds beside healthy clients, who must not notice (row N26 of docs/reliability.md).

    tests/chaos/run [--minutes 30] [--seed N] [--every 2] [--only KIND] [--list]

KIND is a part of a name that --list shows. CROSSPOINT names the program. Exit status: 0 good, 1 not.
"""
import argparse
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "interop"))

from course import KINDS, Course  # noqa: E402
from verdict import Verdict  # noqa: E402


WORTH_TELLING_SECONDS = 0.1


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--every", type=float, default=2, help="seconds from the beginning of one fault to that of the next")
    parser.add_argument("--only", metavar="KIND")
    parser.add_argument("--list", action="store_true", help="name the kinds and what they do")
    return parser.parse_args()


def show(happened):
    minutes, seconds = divmod(int(time.monotonic() - show.began), 60)
    took, line = happened.slowest
    print(f"{minutes:3}:{seconds:02} {happened.number:4} {happened.end - happened.begin:5.1f} s  {happened.fault.name:38}"
          f" slowest {took * 1000:6.1f} ms ({line}){'  WRONG: ' + happened.wrong if happened.wrong else ''}", flush=True)


def costs(verdict):
    """Of each fault what it cost the others: late messages, lost ones."""
    for happened, seconds in zip(verdict.course.happened, verdict.back):
        if seconds > WORTH_TELLING_SECONDS:
            yield f"{happened.number:4} {happened.fault.name}: the last late message came {seconds:.2f} s after its end"
    yield from verdict.losses()


def main():
    given = arguments()
    if given.list:
        print("\n".join(f"{kind.name:40} {kind.does}" for kind in KINDS.values()))
        return 0
    print(f"seed {given.seed}", flush=True)
    course = Course(given.seed, given.every, only=given.only, say=show)
    show.began = course.began
    if course.left_out:
        print("not possible here:", ", ".join(course.left_out))
    course.run(course.for_seconds(given.minutes * 60))
    verdict = Verdict(course, course.finish())
    wrong = [*verdict.wrong(), *verdict.slow()]
    print("", *verdict.table(), "", *costs(verdict), *wrong, sep="\n")
    print(f"{len(course.happened)} faults of {len({h.fault.name for h in course.happened})} kinds, seed {given.seed}: "
          f"{'NOT GOOD' if wrong else 'good'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
