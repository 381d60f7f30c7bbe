"""What a crash leaves behind, and as whom the program runs (rows C18, J13)."""
import os
import resource
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import jwt

import program
from case import Case
from program import BINARY, OURS, wait_until

NOBODY = 65534
CANARY = "canary-of-a-core-7c9e6679"


class Dumps(Case):
    """With a limit for core dumps that would let the whole memory out, in a folder of their own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        if os.geteuid() == 0:  # nobody must be able to reach the program, and to write here
            os.chmod(self.folder, 0o777)
            self.binary = shutil.copy(BINARY, self.folder)
        else:
            self.binary = BINARY

    def begin(self, command, *flags):
        """`crosspoint COMMAND` of a user who is not root, listening; killed with the test."""
        said = open(self.folder / "said", "w+", encoding="utf-8")
        self.addCleanup(said.close)
        clean = {k: v for k, v in os.environ.items() if not k.startswith(OURS)}
        user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        process = subprocess.Popen([self.binary, command, "--listen", "127.0.0.1:0", *flags], cwd=self.folder, stdout=said,
                                   stderr=subprocess.STDOUT, env={**clean, "CROSSBAR_SECRET": CANARY} if command == "serve" else clean,
                                   preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2), **user)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        wait_until(lambda: "listening on" in (self.folder / "said").read_text(), program.START_SECONDS_MAX, "an address")
        return process

    def crash(self, process):
        """True if the kernel wrote a core dump, wherever that went."""
        os.kill(process.pid, signal.SIGSEGV)
        _, status = os.waitpid(process.pid, 0)
        process.returncode = -os.WTERMSIG(status)  # it has been waited for
        self.assertEqual(os.WTERMSIG(status), signal.SIGSEGV)
        return os.WCOREDUMP(status)

    def is_private(self, process):
        """The kernel gives the files in /proc of whoever is not dumpable to root (proc(5))."""
        return os.stat(f"/proc/{process.pid}/environ").st_uid == 0

    def test_C18_a_crash_leaves_no_core_dump_and_nobody_looks_into_the_memory(self):
        if resource.getrlimit(resource.RLIMIT_CORE)[1] != resource.RLIM_INFINITY and os.geteuid() != 0:
            self.skipTest("core dumps are limited here, and only root may raise that")
        for command in ("serve", "host"):
            with self.subTest(command):
                allowed = self.begin(command, "--process-core-dumps")
                self.assertFalse(self.is_private(allowed))
                dumps_are_written = self.crash(allowed)

                private = self.begin(command)
                self.assertTrue(self.is_private(private))
                limit = Path(f"/proc/{private.pid}/limits").read_text()
                self.assertRegex(limit, r"Max core file size +0 +0 ")
                self.assertFalse(self.crash(private))
        if not dumps_are_written:
            self.skipTest("this machine writes no core dumps of anybody; that it asks for none was seen")


class Surroundings(Case):
    def run_it(self, *arguments, **variables):
        clean = {k: v for k, v in os.environ.items() if not k.startswith(OURS)}
        return subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=20, env={**clean, **variables})

    @unittest.skipUnless(os.geteuid() == 0, "only root can run as root")
    def test_J13_a_service_that_runs_as_root_says_so_in_one_line(self):
        for command in ("serve", "host"):
            with self.subTest(command):
                service = self.start(command, "--listen", "127.0.0.1:0")
                # The last thing that is said at the start: from then on it hears signals.
                wait_until(lambda: any(line.startswith("listening on") for line in service.lines), program.START_SECONDS_MAX)
                service.stop()
                self.assertEqual(sum("root" in line for line in service.lines), 1, service.output())

    def test_J13_neither_locale_nor_time_zone_changes_what_is_printed(self):
        made = jwt.encode({"topic": "t", "aud": "http://a", "iat": 1_000_000_000, "exp": 4_000_000_000}, "of-this-test-and-of-no-other")
        places = [{"LC_ALL": "C", "TZ": "UTC"}, {"LC_ALL": "de_DE.UTF-8", "TZ": "Pacific/Kiritimati"},
                  {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "America/St_Johns"}, {"LC_ALL": "nonsense", "TZ": "XYZ+99:59:59"}]
        for words in (("config", "show"), ("config", "reference"), ("token", "inspect", made), ("serve", "--help"), ("serve", "--lisen", "x")):
            said = [self.run_it(*words, **place) for place in places]
            with self.subTest(" ".join(words[:2])):
                self.assertTrue(said[0].stdout + said[0].stderr)
                self.assertEqual({(one.returncode, one.stdout, one.stderr) for one in said},
                                 {(said[0].returncode, said[0].stdout, said[0].stderr)})

    def test_J13_the_log_tells_the_time_of_Greenwich_everywhere(self):
        for zone in ("UTC", "Pacific/Kiritimati", "America/St_Johns"):
            with self.subTest(zone):
                before = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
                node = self.start("serve", "--listen", "127.0.0.1:0", environment={"TZ": zone, "LC_ALL": "tr_TR.UTF-8"})
                node.stop()
                after = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
                times = [line[:19] for line in node.lines if line[10:11] == "T" and line[23:24] == "Z"]
                self.assertTrue(times, node.output())
                self.assertTrue(all(before <= told <= after for told in times), times)
