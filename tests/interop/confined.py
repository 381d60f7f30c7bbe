"""Becomes a command within what a unit file of systemd leaves it: its system calls, address families, and no memory
that is both written and executed. Where systemd would answer EPERM, the command is killed, so that a test notices.

    confined.py UNIT-FILE COMMAND [ARGUMENT...]

As root it becomes "nobody" first: it is as somebody without privileges that services run."""
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import seccomp
from seccomp import EQ, MASKED_EQ, Arg

NOBODY = 65534
PROT_WRITE, PROT_EXEC = 2, 4


def settings_of(unit_file):
    """Of [Service]: each name with the list of its values."""
    found = {}
    for line in Path(unit_file).read_text().partition("[Service]")[2].partition("[Install]")[0].splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


def calls_of(group):
    """The system calls of a group such as @system-service, as this machine's systemd has them."""
    said = subprocess.run(["systemd-analyze", "syscall-filter", group], capture_output=True, text=True, check=True)
    calls = set()
    for line in said.stdout.splitlines()[1:]:
        word = line.strip()
        if word.startswith("@"):
            calls |= calls_of(word)
        elif re.fullmatch(r"[a-z0-9_]+", word):
            calls.add(word)
    return calls


def allowed_calls(settings):
    """The first line says what is allowed, those with ~ what of it is not."""
    allowed = calls_of("@default")
    for value in settings["SystemCallFilter"]:
        calls = set().union(*(calls_of(word) for word in value.removeprefix("~").split()))
        allowed = allowed - calls if value.startswith("~") else allowed | calls
    return allowed


def filter_of(settings):
    made = seccomp.SyscallFilter(defaction=seccomp.KILL_PROCESS)
    for call in sorted(allowed_calls(settings) - {"socket", "mmap", "mprotect", "pkey_mprotect"}):
        try:
            made.add_rule(seccomp.ALLOW, call)
        except (RuntimeError, ValueError):
            pass  # this architecture has no such call
    for family in settings["RestrictAddressFamilies"][0].split():
        made.add_rule(seccomp.ALLOW, "socket", Arg(0, EQ, getattr(socket, family)))
    assert settings["MemoryDenyWriteExecute"] == ["yes"]
    for call in ("mmap", "mprotect"):
        for allowed in (0, PROT_WRITE, PROT_EXEC):
            made.add_rule(seccomp.ALLOW, call, Arg(2, MASKED_EQ, PROT_WRITE | PROT_EXEC, allowed))
    return made


def main():
    unit_file, *command = sys.argv[1:]
    made = filter_of(settings_of(unit_file))
    program = os.open(command[0], os.O_RDONLY | os.O_CLOEXEC)  # "nobody" need not find its way there
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    made.set_attr(seccomp.Attr.CTL_NNP, 1)
    made.load()
    os.execve(program, command, os.environ)


if __name__ == "__main__":
    main()
