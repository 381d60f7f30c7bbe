"""Each check of house.py finds what it is there for: in a small checkout that is clean it is silent, and in one
with a single fault it names that fault."""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import house  # noqa: E402

CLEAN = {
    "README.md": "# Top\n\n## A part\n\n[there](docs/page.md#one-two) [here](#a-part) [out](https://example.org/x)\n",
    "docs/page.md": "# One two\n",
    "src/relay/CMakeLists.txt": "crosspoint_room(relay SOURCES topic.cpp)\n",
    "src/relay/README.md": "# relay\n",
    "src/relay/topic.h": "int topic();\n",
    "src/relay/topic.cpp": '#include "relay/topic.h"\n\nint topic() { return 0; }\n',
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
    ("length", "src/relay/topic.cpp", "\n" * (house.LINES_MAX + 1)),
    ("format", "src/relay/topic.h", "int   topic( );\n"),
    ("machine", "run", f"cd {SLASH}work/main\n"),
    ("machine", "run", f"cat '{SLASH}root/.profile'\n"),
    ("registries", "package-lock.json", '{"resolved": "http://localhost/x.tgz"}\n'),
    ("registries", "notes.md", f"from {HOST}\n"),
    ("translation_units", "build/a.o.cost", f"{house.SECONDS_MAX + 1} 1000\n"),
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
