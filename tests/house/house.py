"""The rules that the repository keeps about itself, each a test.

    house.py CHECK [ARGUMENT]      from the root of the checkout

A check yields one sentence for each thing that is wrong. Exit status: 0 none; 1 some, printed; 77 it could not
look, and the line printed says why. house_check.py shows that each of them can find something.
"""
import functools
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import std_headers  # noqa: E402

LINES_MAX = 600
TEST_LINES_MAX = 750  # a list of cases reads faster
SECONDS_GOAL = 15.0
MEBIBYTES_MAX = 1024.0
CODE = (".h", ".cpp", ".c", ".ts", ".tsx", ".css", ".py", ".sh", ".cmake")


class Skip(Exception):
    """The check could not look; the text says why."""


def files(*endings):
    """What is tracked, or new and not ignored, as git sees it."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            capture_output=True, text=True)
    if listed.returncode != 0:
        raise Skip("git cannot list the files: " + listed.stderr.strip())
    names = sorted(set(filter(None, listed.stdout.split("\0"))))
    return [Path(n) for n in names if n.endswith(endings or "") and os.path.isfile(n)]


def text_of(path):
    """None for a file that is not text."""
    data = path.read_bytes()
    return None if b"\0" in data else data.decode("utf-8", "replace")


def anchors(markdown):
    """The names of a page's headings, as its readers' links spell them."""
    found = set()
    for heading in re.findall(r"^#+ +(.*?) *#*$", markdown, re.M):
        name = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()).replace(" ", "-")
        found.add(name if name not in found else name + "-1")
    return found


def links():
    for page in files(".md"):
        markdown = re.sub(r"^```.*?^```|`[^`\n]*`", "", text_of(page), flags=re.S | re.M)
        for target in re.findall(r"\]\(([^)\s]+)\)", markdown):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, anchor = target.partition("#")
            there = Path(os.path.normpath(page.parent / name)) if name else page
            if not there.exists():
                yield f"{page}: {target}: there is no such file"
            elif anchor and there.suffix == ".md" and anchor not in anchors(text_of(there)):
                yield f"{page}: {target}: {there} has no such heading"


def readmes():
    for made in files("CMakeLists.txt"):
        is_room = made.parts[0] == "src" and "crosspoint_room(" in text_of(made)
        if is_room and not (made.parent / "README.md").is_file():
            yield f"{made.parent}: a room without a README.md"


def own_header_first():
    for source in files(".cpp"):
        header = source.with_suffix(".h")
        if source.parts[0] != "src" or not header.is_file():
            continue
        first = re.search(r"^#include [\"<](.*)[\">]", text_of(source), re.M)
        wanted = header.relative_to("src").as_posix()
        if first is None or first.group(1) != wanted:
            yield f'{source}: begins with "{first.group(1) if first else ""}", not with its own "{wanted}"'


def headers_of_std():
    yield from std_headers.missing([path for path in files(".h") if path.parts[0] == "src"])


def length():
    for path in files(*CODE):
        lines = len((text_of(path) or "").splitlines())
        most = TEST_LINES_MAX if "_test." in str(path) else LINES_MAX
        if lines > most:
            yield f"{path}: {lines} lines; at most {most}, so that it can be read at one go"


def format(mode=""):
    tool = shutil.which("clang-format-19")
    if tool is None:
        raise Skip("clang-format-19 is not installed")
    code = [str(p) for p in files(".h", ".cpp", ".c")]
    if not code:
        return
    asked = ["-i"] if mode == "--fix" else ["--dry-run", "-Werror"]
    said = subprocess.run([tool, *asked, *code], capture_output=True, text=True).stderr
    for path in sorted(set(re.findall(r"^(.*?):\d+:\d+: error:", said, re.M))):
        yield f"{path}: not formatted; mend all with: cmake --build --preset dev --target format"


def machine():
    """Absolute paths of somebody's machine."""
    paths = re.compile(r"(?<![\w.~/}-])/(?:work|root|farm|home/[a-z])(?:/|\b(?=[\"'\s]))\S*")
    for path in files():
        for number, line in enumerate((text_of(path) or "").splitlines(), 1):
            for found in paths.findall(line):
                yield f"{path}:{number}: {found}: a path of one machine"


@functools.cache
def registry_hosts():
    """The hosts that this machine's package clients ask. They are looked up and not written here."""
    said = []
    for command in (["npm", "config", "get", "registry"], ["pip", "config", "get", "global.index-url"]):
        if shutil.which(command[0]):
            said.append(subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout)
    for listing in [Path("/etc/apt/sources.list"), *Path("/etc/apt").glob("sources.list.d/*")]:
        if listing.is_file():
            said += re.findall(r"^(?:deb.*|URIs:.*)$", listing.read_text(), re.M)
    return sorted(set(re.findall(r"//(?:[^/@\s]*@)?([\w.-]+\.[a-z]+)", "\n".join(said))))


def registries():
    hosts = registry_hosts()
    for path in files():
        text = text_of(path) or ""
        for host in hosts:
            if host in text:
                yield f"{path}: names {host}, a package registry"
        if path.name == "package-lock.json" and re.search(r'"resolved": *"http', text):
            yield f"{path}: carries download addresses; write it with omit-lockfile-registry-resolved=true"


def translation_units(build):
    """Seconds are printed, and a word where they pass the goal: a compiler takes half as long again beside others, and
    a test must not fail for that. Memory is the same on every machine."""
    units = json.loads((Path(build) / "compile_commands.json").read_text())
    costs, cached, missing = [], 0, 0
    for unit in units:
        note = Path(build) / (re.search(r" -o (\S+)", unit["command"]).group(1) + ".cost")
        if not note.is_file():
            missing += 1  # not built by this preset, or a C file
        elif note.read_text().startswith("cached"):
            cached += 1
        else:
            seconds, kibibytes = note.read_text().split()
            name = os.path.relpath(unit["file"], os.getcwd())
            costs.append((float(seconds), int(kibibytes) / 1024, name))
    print(f"note: {len(costs)} translation units measured, {cached} came from ccache, {missing} not built")
    if not costs:
        raise Skip("no translation unit was compiled here: all came from ccache or were built by another tool")
    slowest, largest = max(costs), max(costs, key=lambda c: c[1])
    print(f"note: slowest: {slowest[2]}, {slowest[0]:.1f} s of processor time")
    print(f"note: largest: {largest[2]}, {largest[1]:.0f} MiB")
    for seconds, mebibytes, name in costs:
        if seconds > SECONDS_GOAL:
            print(f"note: above the goal of {SECONDS_GOAL:.0f} s: {name}, {seconds:.1f} s")
        if mebibytes > MEBIBYTES_MAX:
            yield f"{name}: {mebibytes:.0f} MiB to compile; at most {MEBIBYTES_MAX:.0f}"


# The rows of the fault model: sections, and how many each has.
ROWS = {"A": 10, "B": 12, "C": 19, "D": 10, "E": 8, "F": 14, "G": 10, "H": 8, "I": 5, "J": 13, "K": 5, "N": 27}


def rows_of(first_cell):
    """["A4"] of "A4 ●", all fourteen of "F1–F14"; nothing where the cell is no row's."""
    found = re.fullmatch(r"([A-N])(\d+)(?:–\1(\d+))?(?: ●)?", first_cell)
    if found is None:
        return []
    section, first, last = found.groups()
    return [f"{section}{n}" for n in range(int(first), int(last or first) + 1)]


def holds_test(text, name):
    """Whether the file's text holds the test `Suite.Name`, of GoogleTest or of Python, or node's test of that name."""
    suite, _, test = name.partition(".")
    macro = rf"TEST(?:_F|_P)?\(\s*{re.escape(suite)},\s*{re.escape(test)}\s*\)"
    method = rf"^class {re.escape(suite)}\((?:(?!^class ).)*?^    (?:async )?def test_{re.escape(test)}\("
    call = rf"^\s*test\(([`'\"]){re.escape(name)}\1,"
    return re.search(macro, text) or re.search(method, text, re.S | re.M) or re.search(call, text, re.M)


def tests_in(cell):
    """[(name, target)] of the tests that a cell names, each [`name`](target)."""
    return re.findall(r"\[`([^`]+)`\]\(([^)#]+)\)", cell)


def missing_tests(page, tests):
    for name, target in tests:
        there = Path(os.path.normpath(page.parent / target))
        if not there.is_file() or not holds_test(text_of(there), name):
            yield f"{target} has no test {name}"


def reliability():
    """Every row of the fault model stands once in docs/reliability.md; the tests it names exist, and one of them is
    called after the row. Figures (N) may rest on rows; so may what is `later` or `open`."""
    page = Path("docs/reliability.md")
    if not page.is_file():
        return
    seen = []
    for line in text_of(page).splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        rows = rows_of(cells[0])
        if not rows:
            continue
        seen += rows
        shown = cells[-1]
        tests = tests_in(shown)
        for sentence in missing_tests(page, tests):
            yield f"{page}: {rows[0]}: {sentence}"
        named = [name for name, _ in tests if re.search(rf"[._]{rows[0]}_", name)]
        excused = rows[0][0] == "N" or re.search(r"\b(later|open): |tests/conformance/", shown)
        if not named and not excused:
            yield f"{page}: {rows[0]}: no test is called after it, and nothing says `later` or `open`"
    wanted = [f"{section}{n}" for section, count in ROWS.items() for n in range(1, count + 1)]
    for row in wanted:
        if seen.count(row) != 1:
            yield f"{page}: {row} stands there {seen.count(row)} times; once is right"
    for row in sorted(set(seen) - set(wanted)):
        yield f"{page}: {row} is no row"


# Pages whose tables say of each row what this program has of it, in a column of its name.
COMPARED = ("docs/wamp-features.md", "docs/wamp-conformance.md")


def tables(markdown):
    """Of each row of each table: the number of its line, the cells of the table's heading, its own."""
    heading = None
    for number, line in enumerate(markdown.splitlines(), 1):
        if not line.startswith("|"):
            heading = None
            continue
        cells = [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split(" | ")]
        if heading is None:
            heading = cells
        elif not re.fullmatch(r"[-|: ]+", line):
            yield number, heading, cells


def what_is_wrong_with(said):
    """Of a cell that has to say yes, partly (what) or no, and to name tests for all but no."""
    verdict = re.match(r"(yes|partly \(\S[^)]*\)|no)(?![\w-])", said)
    if verdict is None:
        return "says neither yes, nor partly (what), nor no"
    if verdict[1] == "no":
        return "says no, and names a test" if tests_in(said) else None
    return None if tests_in(said) else f"says {verdict[1]}, and names no test"


def features():
    """What the pages of COMPARED say that we have, tests show that exist."""
    for page in filter(Path.is_file, map(Path, COMPARED)):
        ours = [row for row in tables(text_of(page)) if "Crosspoint" in row[1]]
        if not ours:
            yield f"{page}: no table has a column Crosspoint"
        for number, heading, cells in ours:
            if len(cells) != len(heading):
                yield f"{page}:{number}: {len(cells)} cells under {len(heading)} headings"
                continue
            said = cells[heading.index("Crosspoint")]
            for sentence in filter(None, [what_is_wrong_with(said), *missing_tests(page, tests_in(said))]):
                yield f"{page}:{number}: {cells[0]}: {sentence}"


CHECKS = {check.__name__: check for check in (links, readmes, own_header_first, headers_of_std, length, format, machine, registries,
                                              reliability, features, translation_units)}


def main():
    name, *arguments = sys.argv[1:]
    try:
        problems = list(CHECKS[name](*arguments))
    except Skip as reason:
        print(f"skipped: {reason}")
        return 77
    print("\n".join(problems) or f"{name}: nothing wrong")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
