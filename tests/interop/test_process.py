"""Where the programs listen, and how they end."""
import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import ts
from case import Case
from program import BINARY, Program, can_have_own_network, free_port, wait_until


class Listening(Case):
    def test_F1_the_old_variable_says_where_it_listens_and_it_listens_nowhere_else(self):
        port = free_port()
        node = self.start("serve", environment={"CROSSBAR_LISTEN": f"127.0.0.1:{port}"})
        self.assertEqual(node.listening(), {("127.0.0.1", port)})

    @unittest.skipUnless(can_have_own_network(), "needs root and unshare, for a network where port 8080 is free")
    def test_F2_without_settings_it_listens_on_loopback_8080(self):
        node = self.start("serve", own_network=True)
        self.assertEqual(node.address, ("127.0.0.1", 8080))
        self.assertEqual(node.listening(), {("127.0.0.1", 8080)})

    @unittest.skipUnless(can_have_own_network(), "needs root and unshare, for a network where port 8888 is free")
    def test_F34_without_settings_the_host_listens_on_loopback_8888(self):
        host = self.start("host", own_network=True)
        self.assertEqual(host.listening(), {("127.0.0.1", 8888)})

    def test_F3_the_flag_says_where_it_listens_and_goes_before_the_variable(self):
        port, other = free_port(), free_port()
        node = self.start("serve", "--listen", f"127.0.0.1:{port}", environment={"CROSSBAR_LISTEN": f"127.0.0.1:{other}"})
        self.assertEqual(node.listening(), {("127.0.0.1", port)})

    def test_F4_a_second_one_on_the_same_port_says_so_and_fails(self):
        for command in ("serve", "host"):
            with self.subTest(command):
                first = self.start(command, "--listen", "127.0.0.1:0")
                address = "{}:{}".format(*first.address)
                second = subprocess.run([BINARY, command, "--listen", address], timeout=2, capture_output=True, text=True,
                                        cwd=tempfile.gettempdir())
                self.assertNotEqual(second.returncode, 0)
                self.assertIn(address, second.stderr + second.stdout)

    def test_F59_the_old_variables_of_the_host_are_honoured(self):
        for variable in ("VW_LOGLEVEL", "VW_LOG_LEVEL"):
            with self.subTest(variable):
                port = free_port()
                host = self.start("host", environment={"VW_PORT": str(port), variable: "ERROR"}, wait=False)
                wait_until(lambda: host.listening() == {("127.0.0.1", port)}, what="VW_PORT")
                host.stop()
                self.assertNotRegex(host.output(), r"(?i)\b(trace|debug|info|warn(ing)?)\b")


class Ending(Case):
    async def test_F33_on_SIGTERM_every_client_gets_1001_and_it_exits_with_0(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number.name):
                node = self.start("serve", "--listen", "127.0.0.1:0")
                clients = await self.connect_all(node, *(f"/expt/{n}" for n in range(8)), "/ws", "/out/v")
                before = time.monotonic()
                node.signal(number)
                await asyncio.gather(*(self.assert_closed(client, 1001) for client in clients))
                self.assertEqual(await asyncio.to_thread(node.wait, 5), 0)
                self.assertLess(time.monotonic() - before, 5)

    async def test_a_host_that_is_told_to_end_closes_its_clients_and_its_destinations(self):
        host = self.start("host", "--listen", "127.0.0.1:0")
        client = await self.connect(host, "/ws/data")
        host.signal(signal.SIGTERM)
        await self.assert_closed(client, 1001)
        self.assertEqual(await asyncio.to_thread(host.wait, 5), 0)


class Telling(Case):
    def run_it(self, *arguments):
        return subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=10)

    def test_version_and_help_go_to_standard_output(self):
        version, help = self.run_it("version"), self.run_it("--help")
        self.assertRegex(version.stdout, r"\d+\.\d+\.\d+")
        self.assertIn("serve", help.stdout)
        self.assertEqual((version.returncode, help.returncode, version.stderr + help.stderr), (0, 0, ""))

    def test_a_misspelt_flag_is_refused_with_the_nearest_known_one(self):
        said = self.run_it("serve", "--lisen", "127.0.0.1:0")
        self.assertEqual(said.returncode, 2)
        self.assertIn("--listen", said.stderr)

    def test_a_secret_that_is_no_segment_of_a_path_is_refused_and_not_repeated(self):
        for secret, topic, about in (("half/path", "/", "serve.jsmpeg-secret"), ("any*", "/", "serve.jsmpeg-secret"),
                                     ("abc", "/", "serve.jsmpeg-secret"), ("fourfold", "video0", "serve.jsmpeg-topic")):
            said = self.run_it("serve", "--listen", "127.0.0.1:0", "--jsmpeg-secret", secret, "--jsmpeg-topic", topic)
            self.assertEqual(said.returncode, 1, secret)
            self.assertIn(about, said.stderr)
            self.assertNotIn(secret, said.stdout + said.stderr)

    def test_check_names_file_line_and_column_of_a_mistake(self):
        with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
            file.write("[serve]\nlisen = '127.0.0.1:0'\n")
            file.flush()
            said = self.run_it("check", file.name)
        self.assertEqual(said.returncode, 1)
        self.assertRegex(said.stdout + said.stderr, re.escape(file.name) + r":2:\d+: .*lisen")

    def test_a_secret_is_in_no_output(self):
        node = self.start("serve", "--listen", "127.0.0.1:0", "--log-level", "trace",
                          environment={"CROSSBAR_SECRET": "canary-of-the-tests"})
        node.http("GET", "/stats")
        node.stop()
        shown = subprocess.run([BINARY, "config", "show"], capture_output=True, text=True, timeout=10,
                               env={"CROSSBAR_SECRET": "canary-of-the-tests"})
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertNotIn("canary", node.output() + shown.stdout + shown.stderr)


class Hardened(unittest.TestCase):
    def readelf(self, *flags):
        return subprocess.run(["readelf", "-W", *flags, BINARY], capture_output=True, text=True, check=True).stdout

    @unittest.skipUnless(shutil.which("readelf"), "readelf is not installed")
    def test_K2_the_binary_is_hardened(self):
        self.assertRegex(self.readelf("-h"), r"Type: +DYN \(Position-Independent Executable file\)")
        segments, dynamic, symbols = self.readelf("-l"), self.readelf("-d"), self.readelf("--dyn-syms")
        self.assertRegex(segments, r"GNU_STACK( +0x\w+){5} RW +0x", "the stack is not executable")
        self.assertNotRegex(segments, r"LOAD( +0x\w+){5} RWE", "nothing is writable and executable")
        self.assertIn("GNU_RELRO", segments)
        self.assertRegex(dynamic, r"\(FLAGS\) +BIND_NOW")
        self.assertRegex(dynamic, r"\(FLAGS_1\) +Flags: NOW PIE")
        self.assertNotRegex(dynamic, r"R(UN)?PATH")
        self.assertIn("__stack_chk_fail", symbols, "stack protector")
        self.assertRegex(symbols, r"__mem\w+_chk", "_FORTIFY_SOURCE")


class Loads(Case):
    async def test_bench_measures_round_trips_and_checks_every_byte_of_them(self):
        node = self.start("serve", "--listen", "127.0.0.1:0")
        status, out, err = await self.run_tool(BINARY, "bench", "--mode", "pingpong", "--url", node.url("/trips"),
                                               "--subscribers", "2", "--size", "200", "--duration", "300ms", "--json")
        self.assertEqual(status, 0, err)
        report = json.loads(out)
        self.assertEqual((report["mode"], report["connections"], report["clean"]), ("pingpong", 4, True))
        self.assertEqual([report[what] for what in ("lost", "corrupt", "out_of_order", "closed")], [0] * 4)
        self.assertGreater(report["received"], 100)
        latency = report["latency_us"]
        self.assertTrue(0 < latency["p50"] <= latency["p99"] <= latency["max"] < 300_000, latency)


class Demo(Case):
    """`crosspoint demo`, and ./run, which ends in it."""

    def begin(self, *command):
        demo = subprocess.Popen([*command, "--listen", "127.0.0.1:0", "--host-listen", "127.0.0.1:0"], stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
        self.addCleanup(demo.stdout.close)
        self.addCleanup(lambda: demo.poll() is None and os.killpg(demo.pid, signal.SIGKILL))
        said = ""
        while "Ctrl-C" not in said:
            line = demo.stdout.readline()
            self.assertNotEqual(line, "", said)
            if re.search(r"\] (Building|Linking) ", line):
                self.skipTest("the program is older than its sources, and ./run builds it")
            said += line
        return demo, said

    def children(self, pid):
        """The programs that it started, by their process ids."""
        found = {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if int((process / "stat").read_text().rsplit(")", 1)[1].split()[1]) == pid:
                    found[process.name] = (process / "cmdline").read_text()
            except OSError:
                pass  # gone meanwhile
        return found

    async def test_the_demo_shows_ffmpeg_s_picture_and_Ctrl_C_ends_all_of_it(self):
        self.tool("ffmpeg")
        demo, said = self.begin(BINARY, "demo", "--source", "ffmpeg")
        address = re.search(r"open this: +http://([\d.:]+)/view/(\w+)", said)
        viewer = await self.connect(None, f"ws://{address[1]}/out/{address[2]}")
        message = await asyncio.wait_for(viewer.recv(), 10)
        self.assertTrue(ts.begins_with_tables(ts.packets(message)))
        pid, = self.children(demo.pid)

        demo.send_signal(signal.SIGINT)

        self.assertEqual(await asyncio.to_thread(demo.wait, 5), 0)
        self.assertIn("stopped", demo.stdout.read())
        self.assertFalse(os.path.exists(f"/proc/{pid}"), "ffmpeg is still there")
        await self.assert_closed(viewer, 1001)

    async def test_run_does_nothing_twice_and_says_so(self):
        root = Path(BINARY).parents[2]
        built = root / "build/release"
        if Path(BINARY).parent != built or not (built / "build.ninja").exists():
            self.skipTest("the program is not the one that ./run builds")
        began = time.monotonic()
        demo, said = await asyncio.to_thread(self.begin, root / "run", "--source", "clip")
        self.assertLess(time.monotonic() - began, 20)
        self.assertRegex(said, r"(?s)are installed.*no work to do.*built in \d s; starting crosspoint demo")
        self.assertNotIn("configuring", said)
        demo.send_signal(signal.SIGINT)
        self.assertEqual(await asyncio.to_thread(demo.wait, 5), 0)
