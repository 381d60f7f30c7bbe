// A running crosspoint for the time of one test, and clients of npm's ws that keep what they get.

import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {setTimeout as pause} from 'node:timers/promises';
import WebSocket from 'ws';

export const binary = process.env.CROSSPOINT ?? new URL('../../../build/release/crosspoint', import.meta.url).pathname;
export const ours = /^(CROSSPOINT|CROSSBAR_|VW_|RELAY_)/;

/** Starts `crosspoint ARGUMENTS --listen 127.0.0.1:0`; the address that it prints, as host:port. */
export async function start(t, ...words) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
  const child = spawn(binary, [...words, '--listen', '127.0.0.1:0'], {env, stdio: ['ignore', 'pipe', 'pipe']});
  t.after(async () => {
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    assert.equal(child.exitCode, 0, output);
  });
  let output = '';
  return new Promise((resolve, reject) => {
    const read = text => {
      output += text;
      const found = /listening on (?:http:\/\/)?([\d.]+:\d+)/.exec(output);
      if (found) resolve(found[1]);
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    child.once('error', reject).once('exit', code => reject(new Error(`ended with ${code}:\n${output}`)));
  });
}

/** A client; `next()` is the next message, a string or a Buffer, and `closed` its close code. */
export async function connect(t, url, ...options) {
  const client = new WebSocket(url, ...options);
  t.after(() => client.terminate());
  const waiting = [];
  const arrived = [];
  client.on('message', (data, isBinary) => {
    const message = isBinary ? data : data.toString();
    if (waiting.length > 0) waiting.shift()(message);
    else arrived.push(message);
  });
  client.next = () => arrived.length > 0 ? Promise.resolve(arrived.shift())
                                         : new Promise(resolve => waiting.push(resolve));
  client.closed = new Promise(resolve => client.once('close', resolve));
  await once(client, 'open');
  return client;
}

/** Waits until `condition` gives something true, of what a program beside us does; a promise is waited for. */
export async function until(condition, what) {
  for (let tries = 0; !await condition(); tries++) {
    assert.ok(tries < 1500, `${what}: not within 15 s`);
    await pause(10);
  }
}
