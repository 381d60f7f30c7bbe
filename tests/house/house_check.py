"""Each check of house.py finds what it is there for: in a small checkout that is clean it is silent, and in one
with a single fault it names that fault."""
import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import house  # noqa: E402



def fault_model(**changed):
    """A page that names every row once; A1 and A2 with tests, or as `changed` says."""
    shown = {"A1": "[`Parser.A1_Refuses`](../src/relay/topic_test.cpp)", "A2": "[`Floods.A2_a_flood`](../tests/test_x.py)"}
    lines = []
    for section, count in house.ROWS.items():
        for n in range(1, count + 1):
            row = f"{section}{n}"
            lines.append(f"| {row} | owed | {shown.get(row, 'open: all of it')} |")
    text = "\n".join(lines) + "\n"
    for old, new in changed.values():
        assert old in text
        text = text.replace(old, new)
    return text


FEATURES = """| Feature | Crosspoint | Others |
|---|---|---|
| calls | yes: [`Parser.A1_Refuses`](../src/relay/topic_test.cpp) | Y |
| floods | partly (small ones): [`Floods.A2_a_flood`](../tests/test_x.py), [`it's ${one}`](../tests/y.test.mjs) | |
| tea | no | Y |

| Others | |
|---|---|
| of which we say nothing |
"""


def compared(old, new):
    assert old in FEATURES
    return FEATURES.replace(old, new)


CLEAN = {
    "docs/wamp-features.md": FEATURES,
    "tests/y.test.mjs": "for (const one of all) {\n  test(`it's ${one}`, options, async t => {});\n}\n",
    "docs/reliability.md": fault_model(),
    "src/relay/topic_test.cpp": '#include "relay/topic.h"\n\nTEST(Parser, A1_Refuses) {}\n',
    "tests/test_x.py": "class Others(Case):\n    pass\n\n\nclass Floods(Case):\n    def test_A2_a_flood(self):\n        pass\n",
    "README.md": "# Top\n\n## A part\n\n[there](docs/page.md#one-two) [here](#a-part) [out](https://example.org/x)\n",
    "docs/page.md": "# One two\n",
    "src/relay/CMakeLists.txt": "crosspoint_room(relay SOURCES topic.cpp)\n",
    "src/relay/README.md": "# relay\n",
    "src/base/words.h": "#include <string>\n",
    "src/relay/topic.h": '#include "base/words.h"\n\nint topic(std::string);  // not a std::vector\n',
    "src/relay/topic.cpp": '#include "relay/topic.h"\n\nint topic(std::string) { return 0; }\n',
    "build/compile_commands.json": json.dumps(
        [{"file": f"{name}.cpp", "command": f"c++ -o {name}.o -c {name}.cpp"} for name in "ab"]),
    "build/a.o.cost": "1.0 100000\n",
    "build/b.o.cost": "cached\n",
    ".gitignore": "/build/\n",
    ".clang-format": "BasedOnStyle: Google\n",
}
SLASH = "/"  # keeps this file itself clean
HOST = (house.registry_hosts() or ["-"])[0]
FAULTS = [
    ("links", "README.md", "[gone](docs/gone.md)\n"),
    ("links", "README.md", "[gone](docs/page.md#three)\n"),
    ("readmes", "src/host/CMakeLists.txt", "crosspoint_room(host SOURCES)\n"),
    ("own_header_first", "src/relay/topic.cpp", '#include <string>\n#include "relay/topic.h"\n'),
    ("headers_of_std", "src/relay/topic.h", "std::string topic();\n"),
    ("headers_of_std", "src/relay/topic.h", '#include <string_view>\n\nstd::string topic(std::string_view);\n'),
    ("length", "src/relay/topic.cpp", "\n" * (house.LINES_MAX + 1)),
    ("format", "src/relay/topic.h", "int   topic( );\n"),
    ("machine", "run", f"cd {SLASH}work/main\n"),
    ("machine", "run", f"cat '{SLASH}root/.profile'\n"),
    ("registries", "package-lock.json", '{"resolved": "http://localhost/x.tgz"}\n'),
    ("registries", "notes.md", f"from {HOST}\n"),
    ("reliability", "src/relay/topic_test.cpp", "TEST(Parser, A1_RefusesNothing) {}\n"),
    ("reliability", "tests/test_x.py", "class Floods(Case):\n    def test_A2_another(self):\n        pass\n"),
    ("reliability", "tests/test_x.py", "class Floods(Case):\n    pass\n\n\nclass Others(Case):\n"
                                       "    def test_A2_a_flood(self):\n        pass\n"),
    ("reliability", "docs/reliability.md", fault_model(gone=("| B7 | owed | open: all of it |\n", ""))),
    ("reliability", "docs/reliability.md", fault_model(twice=("| B7 |", "| B8 |"))),
    ("reliability", "docs/reliability.md", fault_model(more=("| B7 |", "| B7–B8 |"))),
    ("reliability", "docs/reliability.md", fault_model(unknown=("| K5 |", "| K6 |"))),
    ("reliability", "docs/reliability.md", fault_model(unshown=("| B7 | owed | open: all of it |", "| B7 | owed | surely |"))),
    ("reliability", "docs/reliability.md", fault_model(foreign=(
        "[`Floods.A2_a_flood`](../tests/test_x.py)", "[`Parser.A1_Refuses`](../src/relay/topic_test.cpp)"))),
    ("features", "src/relay/topic_test.cpp", "TEST(Parser, A1_RefusesNothing) {}\n"),
    ("features", "tests/y.test.mjs", "test(`it's ${another}`, options, async t => {});\n"),
    ("features", "docs/wamp-features.md", compared("../tests/test_x.py", "../tests/test_z.py")),
    ("features", "docs/wamp-features.md", compared("| no |", "| no: [`Floods.A2_a_flood`](../tests/test_x.py) |")),
    ("features", "docs/wamp-features.md", compared("| no |", "| yes |")),
    ("features", "docs/wamp-features.md", compared("| no |", "| not yet |")),
    ("features", "docs/wamp-features.md", compared("| no |", "| |")),
    ("features", "docs/wamp-features.md", compared("| no |", "| partly (green) |")),
    ("features", "docs/wamp-features.md", compared("partly (small ones)", "partly")),
    ("features", "docs/wamp-features.md", compared("| tea | no | Y |", "| tea | no |")),
    ("features", "docs/wamp-features.md", compared("Crosspoint", "Ours")),
    ("translation_units", "build/a.o.cost", f"1 {int(house.MEBIBYTES_MAX + 1) * 1024}\n"),
]


def problems(check, fault=None):
    """What `check` says of the clean tree, or of the tree with one file written over."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {**CLEAN, **(dict([fault]) if fault else {})}.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
        came_from = os.getcwd()
        os.chdir(folder)
        try:
            with contextlib.redirect_stdout(io.StringIO()):  # what a check notes is about the real tree
                return list(house.CHECKS[check](*(["build"] if check == "translation_units" else [])))
        finally:
            os.chdir(came_from)


def main():
    wrong = []
    for check in house.CHECKS:
        try:
            said = problems(check)
        except house.Skip as reason:
            print(f"{check}: {reason}")
            continue
        wrong += [f"{check} finds fault with a clean tree: {sentence}" for sentence in said]
    for check, name, text in FAULTS:
        if (check, HOST) == ("registries", "-") and name == "notes.md":
            continue
        try:
            if not problems(check, (name, text)):
                wrong.append(f"{check} does not see the fault in {name}: {text[:60]!r}")
        except house.Skip:
            continue
    print("\n".join(wrong) or f"{len(FAULTS)} faults, each found")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
