"""The client library as its users have it: installed, and built against by a compiler that did not build it."""
import asyncio
import os
import tempfile

from case import Case

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.dirname(os.environ["CROSSPOINT"])
COMPILER = "clang++-19"
LIBRARIES = ("spdlog", "fmt", "ssl", "crypto", "sodium", "z", "pthread")


class ClientLibrary(Case):
    async def install(self, folder):
        status, _, said = await self.run_tool("cmake", "--install", BUILD, "--component", "client", "--prefix", folder)
        self.assertEqual(status, 0, said)

    async def build(self, folder, source, program):
        status, _, said = await self.run_tool(
            COMPILER, "-std=c++20", f"-I{folder}/include", os.path.join(ROOT, "examples", source), f"{folder}/lib/libcrosspoint_client.a",
            *(f"-l{library}" for library in LIBRARIES), "-o", program, seconds=120)
        self.assertEqual(status, 0, said)

    async def test_AnotherCompilerLinksWhatWasInstalled(self):
        node = self.start("serve", "--listen", "127.0.0.1:0")
        with tempfile.TemporaryDirectory() as folder:
            await self.install(folder)
            program = os.path.join(folder, "listen")
            await self.build(folder, "listen.cpp", program)
            listener = await asyncio.create_subprocess_exec(program, node.url("/out/greeting"), "1",
                                                            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
            self.assertIn(b"connect", await asyncio.wait_for(listener.stderr.readline(), 10))
            [speaker] = await self.connect_all(node, "/in/greeting")
            while listener.returncode is None:
                await speaker.send("good morning")
                await asyncio.wait({asyncio.ensure_future(listener.wait())}, timeout=0.1)
            self.assertEqual(await listener.stdout.read(), b"good morning\n")
            self.assertEqual(listener.returncode, 0)
