// The pair of services that Crossbar.io was first shown with, a time service that is called and a tick service that publishes:
// in Python and in JavaScript, each used from the other language.

import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {test} from 'node:test';

import {start} from './program.mjs';
import {joined} from './wamp_session.mjs';

const options = {timeout: 60_000};
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

async function join(t, address) {
  return (await joined(t, {url: `ws://${address}/ws`})).session;
}

/** A component in Python; `next()` is what it says next, `ended` its exit status. */
function python(t, address, ...words) {
  const peer = new URL('../wamp_peer.py', import.meta.url).pathname;
  const child = spawn('/usr/bin/python3', ['-B', '-W', 'ignore', peer, `ws://${address}/ws`, 'any', ...words], {stdio: ['ignore', 'pipe', 'inherit']});
  const ended = once(child, 'exit').then(([status]) => status);
  t.after(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const lines = [];
  const waiting = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', text => {
    const pieces = (rest + text).split('\n');
    rest = pieces.pop();
    for (const line of pieces.map(piece => JSON.parse(piece))) waiting.length > 0 ? waiting.shift()(line) : lines.push(line);
  });
  return {ended, next: () => lines.length > 0 ? Promise.resolve(lines.shift()) : new Promise(resolve => waiting.push(resolve))};
}

test('a time service in Python, a tick service in JavaScript', options, async t => {
  const address = await start(t, 'serve', '--dev');
  const service = python(t, address, 'time_service');
  assert.equal(await service.next(), 'ready');
  const session = await join(t, address);
  const now = await session.call('com.timeservice.now');
  assert.match(now, time);
  assert.ok(Math.abs(Date.parse(now) - Date.now()) < 10_000, now);

  const listener = python(t, address, 'tick_listener', '5');
  let tick = 0;
  const ticking = setInterval(() => session.isOpen && session.publish('com.tickservice.tick', [++tick]), 50);
  t.after(() => clearInterval(ticking));
  const [word, ticks] = await listener.next();
  assert.equal(word, 'ticks');
  assert.deepEqual(ticks, Array.from(ticks, (_, place) => ticks[0] + place));
  assert.equal(await listener.ended, 0);
});

test('a time service in JavaScript, a tick service in Python', options, async t => {
  const address = await start(t, 'serve', '--dev');
  const session = await join(t, address);
  await session.register('com.timeservice.now', () => new Date().toISOString().replace(/\.\d+Z/, 'Z'));
  const frontend = python(t, address, 'time_frontend');
  const said = await frontend.next();
  assert.match(said.replace('Current time from time service: ', ''), time);
  assert.equal(await frontend.ended, 0);

  const ticks = [];
  const enough = new Promise(resolve => session.subscribe('com.tickservice.tick', ([tick]) => ticks.push(tick) === 5 && resolve()));
  python(t, address, 'tick_service');
  await enough;
  assert.deepEqual(ticks, Array.from(ticks, (_, place) => ticks[0] + place));
});
