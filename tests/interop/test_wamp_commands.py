"""call, publish, subscribe and register in the shell, with python3-autobahn at the other end of the router."""
import json
import os
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from case import Case
from program import BINARY, OURS, wait_until
from test_wamp import WampCase
from test_wamp_realms import CONFIGURATION, SEED, hashed, PUBLIC_KEY

COMMAND_SECONDS_MAX = 60
TRANSPORTS = ("websocket", "rawsocket")
SERIALIZERS = ("json", "msgpack", "cbor")
COMMAND = """
import json, sys
asked = json.loads(input())
if asked["args"] == ["fail"]:
    sys.exit(7)
print(json.dumps({"asked": asked, "argv": sys.argv[1:]}))
"""


def environment():
    return {k: v for k, v in os.environ.items() if not k.startswith(OURS)}


def run(*words, seconds=COMMAND_SECONDS_MAX):
    """(status, standard output, standard error)"""
    done = subprocess.run([BINARY, *words], env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=seconds)
    return done.returncode, done.stdout, done.stderr


class Running:
    """A command that goes on: what it says, line by line."""

    def __init__(self, test, *words):
        self.process = subprocess.Popen([BINARY, *words], env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        test.addCleanup(self.end)

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()

    def interrupt(self):
        """Ctrl-C: its status, and what it still said."""
        self.process.send_signal(signal.SIGINT)
        out, err = self.process.communicate(timeout=COMMAND_SECONDS_MAX)
        return self.process.returncode, out, err


class WampCommands(WampCase):
    def at(self, transport, serializer="json"):
        return "--url", self.url(transport), "--serializer", serializer

    def test_calls_in_every_serializer_over_both_transports(self):
        self.ready(self.peer("websocket", "cbor", "instrument"))
        for transport in TRANSPORTS:
            for serializer in SERIALIZERS:
                with self.subTest(transport=transport, serializer=serializer):
                    at = self.at(transport, serializer)
                    self.assertEqual(run("call", "com.add", "1", "2", "-3.5", *at), (0, "-0.5\n", ""))
                    self.assertEqual(run("call", "com.kwargs", "unit=mm", *at, "--kwargs", '{"n":[1]}'), (0, '{"n":[1],"unit":"mm"}\n', ""))
                    self.assertEqual(run("call", "com.count", "--progress", *at), (0, '1\n2\n3\n"done"\n', ""))
                    self.assertEqual(run("call", "com.count", *at), (0, '"done"\n', ""))

    def test_errors_are_sentences_and_exit_statuses(self):
        self.ready(self.peer("websocket", "json", "instrument"))
        at = self.at("websocket")
        self.assertEqual(run("call", "com.fail", *at), (3, "", "crosspoint: com.error.custom: why\n"))
        status, out, err = run("call", "com.nobody", *at)
        self.assertEqual((status, out), (3, ""))
        self.assertRegex(err, "^crosspoint: wamp.error.no_such_procedure: ")
        status, out, err = run("call", "com.never", "--timeout", "200ms", *at)
        self.assertEqual((status, out), (3, ""))
        self.assertRegex(err, "^crosspoint: wamp.error.timeout")
        for words, sentence in ((("call", "com.add", "--url", "http://127.0.0.1/"), "--url: an address begins with ws://"),
                                (("call", "com.add", "a=1", "a=2", *at), "a is given twice"),
                                (("call", "com.add", "--ticket-file", "/nowhere", *at), "the file /nowhere cannot be used"),
                                (("call", "com.add", "--url", "rs://127.0.0.1:1"), "127.0.0.1:1"),
                                (("call", "com.add", "--url", self.node.url("", "http").replace("http", "wss")), "TLS"),
                                (("call", "com.add", "--realm", "no realm", *at), "--realm")):
            status, out, err = run(*words)
            self.assertEqual((status, out), (1, ""), words)
            self.assertIn(sentence, err)
        self.assertEqual(run("call")[0], 2)

    def test_events_go_both_ways(self):
        listener = self.peer("rawsocket", "msgpack", "instrument")
        self.ready(listener)
        for serializer in SERIALIZERS:
            self.assertEqual(run("publish", "com.topic", "text", "1", "k=[2]", *self.at("websocket", serializer)), (0, "", ""))
            self.assertEqual(json.loads(listener.stdout.readline()), ["event", ["text", 1], {"k": [2]}])
        status, _, err = run("publish", "wamp.topic", *self.at("websocket"))
        self.assertEqual(status, 3)
        self.assertIn("wamp.error.", err)

        subscriber = Running(self, "subscribe", "com.", "--match", "prefix", "--count", "1", *self.at("rawsocket", "cbor"))
        self.assertEqual(subscriber.process.stderr.readline(), "crosspoint: subscribed\n")
        self.said(self.peer("websocket", "json", "publisher"))
        out, err = subscriber.process.communicate(timeout=COMMAND_SECONDS_MAX)
        event = json.loads(out)
        self.assertGreater(event.pop("publication"), 0)
        self.assertEqual((subscriber.process.returncode, event),
                         (0, {"topic": "com.topic", "args": ["hello", "\x00AP8="], "kwargs": {"k": "v"}}), err)

    def test_a_command_answers_calls(self):
        for number, transport in enumerate(TRANSPORTS):
            procedure = f"com.command{number}"
            callee = Running(self, "register", procedure, *self.at(transport), "--", sys.executable, "-c", COMMAND, "--own")
            self.assertEqual(callee.process.stderr.readline(), "crosspoint: registered\n")
            said = self.said(self.peer("websocket", "cbor", "asker", procedure))
            self.assertEqual(said[0], ["answer", {"asked": {"procedure": procedure, "args": [1, "two"]}, "argv": ["--own"]}])
            self.assertEqual(said[1][:2], ["error", "crosspoint.error.command_failed"])
            self.assertIn("exited with status 7", said[1][2][0])
            self.assertEqual(callee.interrupt()[0], 0)
        status, _, err = run("call", procedure, *self.at("websocket"))
        self.assertEqual(status, 3, "it is registered no more")
        self.assertIn("no_such_procedure", err)

    def test_lines_of_the_input_are_events_and_several_topics_are_heard(self):
        subscriber = Running(self, "subscribe", "com.lines", "com.picked", "--count", "4", *self.at("rawsocket"))
        self.assertEqual(subscriber.process.stderr.readline(), "crosspoint: subscribed\n")
        for acknowledge in ((), ("--no-acknowledge",)):
            done = subprocess.run([BINARY, "publish", "com.lines", "at", "--lines", *acknowledge, *self.at("websocket")], env=environment(),
                                  input='{"x":1}\nit is late' + ("" if acknowledge else "\n"), capture_output=True, text=True,
                                  timeout=COMMAND_SECONDS_MAX)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        out, _ = subscriber.process.communicate(timeout=COMMAND_SECONDS_MAX)
        said = [json.loads(line) for line in out.splitlines()]
        self.assertEqual([event["args"] for event in said], [["at", {"x": 1}], ["at", "it is late"]] * 2)
        self.assertEqual({event["topic"] for event in said}, {"com.lines"})

    def test_who_publishes_picks_who_hears_it_and_says_who_it_is(self):
        subscriber = Running(self, "subscribe", "com.lines", "com.picked", "--count", "1", *self.at("rawsocket"), "--authid", "ann")
        subscriber.process.stderr.readline()
        for words in (("--exclude-authid", "ben,ann"), ("--eligible-authid", "ben"), ("--eligible", "1"), ("--exclude-authrole", "anonymous")):
            self.assertEqual(run("publish", "com.picked", "no", *words, *self.at("websocket")), (0, "", ""))
        yes = ("--eligible-authid", "ann", "--disclose-me", "--authid", "eve")
        self.assertEqual(run("publish", "com.picked", "yes", *yes, *self.at("websocket")), (0, "", ""))
        event = json.loads(subscriber.process.communicate(timeout=COMMAND_SECONDS_MAX)[0])
        self.assertEqual((event["args"], event["publisher_authid"]), (["yes"], "eve"))
        status, _, err = run("publish", "com.picked", "--eligible", "ann", *self.at("websocket"))
        self.assertEqual(status, 1)
        self.assertIn("no number of a session", err)

    def test_a_command_may_answer_in_lines(self):
        script = ('import json; asked = json.loads(input()); print(json.dumps({"progress": True, "args": [1]}), flush=True); '
                  'print(json.dumps({"error": "com.error.dark", "args": ["no light"]} if asked.get("args") else '
                  '{"args": [asked["caller_authid"]], "kwargs": {"unit": "mm"}}), flush=True)')
        callee = Running(self, "register", "com.lines", "--lines", "--disclose-caller", *self.at("websocket"), "--", sys.executable, "-c", script)
        callee.process.stderr.readline()
        answer = '{"args":["ann"],"kwargs":{"unit":"mm"}}\n'
        self.assertEqual(run("call", "com.lines", "--authid", "ann", *self.at("websocket")), (0, answer, ""))
        self.assertEqual(run("call", "com.lines", "--progress", "--authid", "ann", *self.at("websocket")), (0, "1\n" + answer, ""))
        self.assertEqual(run("call", "com.lines", "x", *self.at("websocket")), (3, "", "crosspoint: com.error.dark: no light\n"))
        callee = Running(self, "register", "com.garbage", "--lines", *self.at("websocket"), "--", "echo", "no JSON")
        callee.process.stderr.readline()
        status, _, err = run("call", "com.garbage", *self.at("websocket"))
        self.assertEqual((status, "wrote a line that is no JSON;" in err), (3, True), err)

    def test_a_call_goes_to_another_command_when_one_is_killed(self):
        with tempfile.TemporaryDirectory() as folder:
            mark = Path(folder) / "begun"
            words = ("register", "com.shared", "--invoke", "first", "--reroute", *self.at("websocket"), "--")
            first = Running(self, *words, "sh", "-c", f"echo > {mark}; exec sleep 60")
            first.process.stderr.readline()
            second = Running(self, *words, "echo", "second")
            second.process.stderr.readline()
            caller = Running(self, "call", "com.shared", "--reroute", *self.at("websocket"))
            wait_until(mark.exists, 10, "the first one has it")
            first.process.kill()
            out, err = caller.process.communicate(timeout=COMMAND_SECONDS_MAX)
            self.assertEqual((caller.process.returncode, out, err), (0, '"second"\n', ""))

    def test_commands_get_arguments_only_where_that_is_wished_for(self):
        callee = Running(self, "register", "com.argv", "--pass-arguments", *self.at("websocket"), "--", sys.executable, "-c", COMMAND)
        callee.process.stderr.readline()
        _, out, _ = run("call", "com.argv", "a b", "1", '{"x":1}', *self.at("websocket"))
        self.assertEqual(json.loads(out)["argv"], ["a b", "1", '{"x":1}'])

    def test_text_and_nothing_are_results_too_and_too_much_is_none(self):
        for name, words, answer in (("text", ["echo", "it is 20 degrees"], (0, '"it is 20 degrees"\n', "")), ("nothing", ["true"], (0, "null\n", ""))):
            callee = Running(self, "register", f"com.{name}", *self.at("websocket"), "--", *words)
            callee.process.stderr.readline()
            self.assertEqual(run("call", f"com.{name}", *self.at("websocket")), answer)
        callee = Running(self, "register", "com.endless", *self.at("websocket"), "--output-bytes-max", "64 KiB", "--", "yes")
        callee.process.stderr.readline()
        status, _, err = run("call", "com.endless", *self.at("websocket"))
        self.assertEqual(status, 3)
        self.assertIn("wrote more than 65536 bytes", err)
        callee = Running(self, "register", "com.missing", *self.at("websocket"), "--", "/nowhere/at/all")
        callee.process.stderr.readline()
        self.assertIn("could not be run", run("call", "com.missing", *self.at("websocket"))[2])

    def test_a_cancelled_call_ends_its_command(self):
        with tempfile.TemporaryDirectory() as folder:
            mark = Path(folder) / "ended"
            script = f"trap 'echo > {mark}; exit' TERM; sleep 60 & wait"
            callee = Running(self, "register", "com.slow", *self.at("websocket"), "--", "sh", "-c", script)
            callee.process.stderr.readline()
            status, _, err = run("call", "com.slow", "--timeout", "300ms", *self.at("websocket"))
            self.assertEqual(status, 3)
            self.assertIn("wamp.error.timeout", err)
            wait_until(mark.exists, 10, "the command was ended")
            self.assertEqual(callee.interrupt()[0], 0)

    def test_interrupts_say_goodbye(self):
        self.ready(self.peer("websocket", "json", "instrument"))
        waiting = Running(self, "call", "com.never", *self.at("websocket"))
        subscriber = Running(self, "subscribe", "com.topic", *self.at("rawsocket"))
        subscriber.process.stderr.readline()
        wait_until(lambda: run("call", "wamp.session.count", *self.at("websocket"))[1] == "4\n", 10, "all have joined")
        self.assertEqual(waiting.interrupt(), (130, "", ""))
        self.assertEqual(subscriber.interrupt(), (0, "", ""))
        wait_until(lambda: run("call", "wamp.session.count", *self.at("websocket"))[1] == "2\n", 10, "they are gone")

    def test_a_first_call_needs_nothing_but_its_name(self):
        self.assertIn(f"try: crosspoint call wamp.session.count --url {self.url('websocket')}", self.node.output())
        self.assertEqual(run("call", "wamp.session.count", "--url", self.url("websocket")), (0, "1\n", ""))


class WampLogins(Case):
    async def asyncSetUp(self):
        await super().asyncSetUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        configuration = CONFIGURATION.replace("HASH", hashed("x")).replace("PUBLIC_KEY", PUBLIC_KEY)
        self.node = self.start("serve", "--config", self.file("node.toml", configuration), "--listen", "127.0.0.1:0")

    def file(self, name, text, mode=0o600):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        return str(path)

    def call(self, *words):
        return run("call", "com.public.nobody", "--url", self.node.url("/ws"), *words)

    def test_each_method_lets_the_command_in(self):
        for words in (("--authid", "peter", "--ticket-file", self.file("ticket", "peter's ticket\n")),
                      ("--authid", "paul", "--secret-file", self.file("secret", "paul's secret\n")),
                      ("--authid", "salted", "--secret-file", self.file("salted", "salted secret")),
                      ("--authid", "rig01", "--key-file", self.file("key", SEED + "\n")),
                      ("--authid", "ann", "--password-file", self.file("ann", "ann's secret\n")),
                      ("--authid", "bob", "--password-file", self.file("bob", "bob's secret\n")),
                      ("--authid", "carl", "--password-file", self.file("carl", "pencil\n")),
                      ("--key-file", self.file("key2", SEED)), ()):
            with self.subTest(words=words):
                status, _, err = self.call(*words)
                self.assertEqual(status, 3, err)
                self.assertIn("wamp.error.no_such_procedure", err)

    def test_who_is_not_let_in_is_told_so_and_the_secret_is_not(self):
        wrong = self.file("wrong", "not the secret")
        for words in (("--authid", "peter", "--ticket-file", wrong), ("--authid", "paul", "--secret-file", wrong),
                      ("--authid", "carl", "--password-file", wrong), ("--authid", "ann", "--password-file", wrong),
                      ("--authid", "rig01", "--key-file", self.file("zeros", "00" * 32)), ("--realm", "elsewhere")):
            with self.subTest(words=words):
                status, out, err = self.call(*words)
                self.assertEqual((status, out), (1, ""))
                self.assertIn("the router refused the session", err)
                self.assertNotIn("not the secret", err)

    def test_files_that_everybody_may_read_are_refused(self):
        status, _, err = self.call("--authid", "peter", "--ticket-file", self.file("open", "peter's ticket", 0o644))
        self.assertEqual(status, 1)
        self.assertIn("chmod o-rw", err)
        self.assertNotIn("peter's ticket", err)


if __name__ == "__main__":
    unittest.main()
