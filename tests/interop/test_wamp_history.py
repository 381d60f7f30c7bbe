"""Histories in SQLite: what was published before a restart, a crash or on a full disk, asked for afterwards with Debian's python3-autobahn."""
import contextlib
import json
import sqlite3
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from case import Case
from program import BINARY, STOP_SECONDS_MAX, Program, wait_until

HERE = Path(__file__).parent
PEER_SECONDS_MAX = 60
ROUNDS = 3
WRITTEN_SECONDS = 1.0  # the manual says a tenth, and the time of a flush; the machine may be busy
CONFIGURATION = """
[wamp]
history-database = "DATABASE"
[[wamp.realm]]
name = "realm1"
anonymous-role = "visitor"
[[wamp.realm.topic]]
uri = "com.log"
history-events-max = 100000
history-store = "database"
[[wamp.realm.topic]]
uri = "com.short"
history-events-max = 5
history-store = "database"
[[wamp.realm.topic]]
uri = "com.memory"

[[wamp.role]]
name = "visitor"
[[wamp.role.permission]]
uri = "*"
allow = ["call", "register", "publish", "subscribe"]
"""


class Histories(Case):
    async def asyncSetUp(self):
        await super().asyncSetUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.node = None
        self.configure(self.folder / "history.db")
        self.addCleanup(self.kill)

    def configure(self, database):
        self.database = database
        self.file = self.folder / "node.toml"
        self.file.write_text(CONFIGURATION.replace("DATABASE", str(database)), encoding="utf-8")

    def serve(self):
        self.node = Program("serve", "--config", str(self.file), "--listen", "127.0.0.1:0")

    def stop(self):
        node, self.node = self.node, None
        node.stop()
        return node.output()

    def kill(self):
        if self.node is not None:
            node, self.node = self.node, None
            node.process.kill()
            node.wait(STOP_SECONDS_MAX)
            node.process.stdout.close()

    def refused(self):
        """What it says when it does not start."""
        done = subprocess.run([BINARY, "serve", "--config", str(self.file), "--listen", "127.0.0.1:0"], capture_output=True, text=True, timeout=20)
        self.assertEqual(done.returncode, 1, done.stderr)
        return done.stderr

    def peer(self, serializer, *arguments):
        command = ["/usr/bin/python3", "-B", "-W", "ignore", str(HERE / "wamp_history.py"), self.node.url("/ws"), serializer, *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
        process.communicate()

    def publish(self, serializer, topic, first, count, bytes_each=0):
        """[publication, number] of each, acknowledged."""
        process = self.peer(serializer, "publish", topic, str(first), str(count), str(bytes_each))
        done = []
        while (line := process.stdout.readline()) and line != '"done"\n':
            done.append(json.loads(line))
        self.assertEqual(len(done), count, process.stderr.read() if not line else "")
        self.end(process)
        return done

    def read(self, topic, *keywords, serializer="json"):
        process = self.peer(serializer, "read", topic, *keywords)
        out, err = process.communicate(timeout=PEER_SECONDS_MAX)
        self.assertEqual(process.returncode, 0, err)
        return [json.loads(line) for line in out.splitlines()]

    def test_events_are_there_in_their_order_after_a_restart(self):
        self.serve()
        published = []
        for number, serializer in enumerate(("json", "msgpack", "cbor")):
            published += self.publish(serializer, "com.log", 10 * number, 10)
        self.publish("json", "com.short", 0, 9)
        self.publish("json", "com.memory", 0, 3)
        before = self.read("com.log")
        self.assertEqual([[publication, number] for publication, _, number in before], published)
        self.stop()
        self.serve()
        for serializer in ("json", "msgpack", "cbor"):
            self.assertEqual(self.read("com.log", serializer=serializer), before)
        self.assertEqual(self.read("com.log", f"after_time={before[19][1]}")[-10:], before[20:])
        self.assertEqual([number for _, _, number in self.read("com.short")], [4, 5, 6, 7, 8])
        self.assertEqual(self.read("com.memory"), [])
        self.publish("json", "com.short", 9, 1)
        self.stop()
        self.serve()
        self.assertEqual([number for _, _, number in self.read("com.short")], [5, 6, 7, 8, 9])
        self.assertNotIn("lost", self.stop())

    def test_after_kill_minus_nine_nothing_older_than_a_flush_is_missing(self):
        expected = 0
        for _ in range(ROUNDS):
            self.serve()
            self.assertEqual([number for _, _, number in self.read("com.log")], list(range(expected)))
            # Not as many as it can: python3-autobahn takes no more than a mebibyte of them at once.
            process = self.peer("cbor", "publish", "com.log", str(expected), "100000", "100", "0.005")
            acknowledged = []  # when the answer was seen
            while not acknowledged or time.monotonic() < acknowledged[0] + 2 * WRITTEN_SECONDS:
                self.assertTrue(process.stdout.readline(), "an acknowledged event")
                acknowledged.append(time.monotonic())
            killed = time.monotonic()
            self.kill()
            self.end(process)
            self.serve()
            numbers = [number for _, _, number in self.read("com.log")]
            self.assertEqual(numbers, list(range(len(numbers))), "in their order, none missing, none twice")
            written = expected + sum(1 for at in acknowledged if at < killed - WRITTEN_SECONDS)
            self.assertGreaterEqual(len(numbers), written)
            self.assertGreater(len(numbers), expected)
            expected = len(numbers)
            self.stop()

    def test_a_full_disk_stops_nobody_and_what_it_could_not_take_is_written_later(self):
        disk = self.folder / "disk"
        disk.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(disk)], capture_output=True).returncode != 0:
            self.skipTest("no disk of its own can be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", str(disk)])
        self.configure(disk / "history.db")
        self.serve()
        self.publish("json", "com.log", 0, 10)
        with open(disk / "filler", "wb", 0) as filler, contextlib.suppress(OSError):
            while filler.write(bytes(64 * 1024)):
                pass
        published = self.publish("json", "com.log", 10, 50, 20_000)  # all acknowledged, a mebibyte
        self.assertEqual(len(published), 50)
        wait_until(lambda: "the disk is full" in self.node.output(), 10, "a sentence about the disk")
        self.assertEqual([number for _, _, number in self.read("com.log")], list(range(60)))
        (disk / "filler").unlink()
        wait_until(lambda: "histories are written again" in self.node.output(), 10, "a sentence that it is over")
        self.assertEqual(self.node.output().count("the disk is full"), 1, "said once")
        self.kill()
        self.serve()
        self.assertEqual([number for _, _, number in self.read("com.log")], list(range(60)))
        self.stop()

    def test_a_file_that_is_no_history_is_said_in_a_sentence_and_left_alone(self):
        self.database.write_bytes(b"something else\n" * 1000)
        self.assertRegex(self.refused(), r"wamp\.history-database: \S+history\.db is not a database of this program")
        self.assertEqual(self.database.read_bytes(), b"something else\n" * 1000)
        self.database.unlink()
        with sqlite3.connect(self.database) as other:
            other.execute("CREATE TABLE theirs (x)")
        other.close()
        before = self.database.read_bytes()
        self.assertRegex(self.refused(), "is not a database of this program")
        self.assertEqual(self.database.read_bytes(), before)

    def test_a_damaged_file_is_said_in_a_sentence(self):
        self.serve()
        self.publish("json", "com.log", 0, 50, 5000)
        self.stop()
        with open(self.database, "r+b") as file:
            file.seek(5 * 4096)
            file.write(b"\xab" * (self.database.stat().st_size - 5 * 4096))
        self.assertRegex(self.refused(), r"history\.db is damaged")

    def test_it_belongs_to_one_node_at_a_time(self):
        self.serve()
        self.assertRegex(self.refused(), r"history\.db is in use by another program")


if __name__ == "__main__":
    unittest.main()
