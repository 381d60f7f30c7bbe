// npm's ws, the library of most scripts that talk to a relay, as sender and viewer.

import assert from 'node:assert/strict';
import {once} from 'node:events';
import {test} from 'node:test';

import {connect, start} from './program.mjs';

const options = {timeout: 30_000};

test('F5, F23: text and binary keep type, content and order', options, async t => {
  const address = await start(t, 'serve');
  const [x, y] = [await connect(t, `ws://${address}/expt`), await connect(t, `ws://${address}/expt`)];
  const sent = Array.from({length: 1000}, (_, n) => n % 2 ? `text ${n} ü €` : Buffer.from([n & 255, 0, 255]));
  for (const message of sent) x.send(message);
  for (const message of sent) assert.deepEqual(await y.next(), message);
});

test('F13: a script that offers the subprotocol null gets it', options, async t => {
  const address = await start(t, 'serve');
  assert.equal((await connect(t, `ws://${address}/out/v`, ['null'])).protocol, 'null');
  assert.equal((await connect(t, `ws://${address}/out/v`)).protocol, '');
});

test('F14: compression, which ws offers by default, is not agreed on', options, async t => {
  const address = await start(t, 'serve');
  assert.equal((await connect(t, `ws://${address}/expt`)).extensions, '');
});

test('with --deflate both directions are compressed', options, async t => {
  const address = await start(t, 'serve', '--deflate');
  const [x, y] = [await connect(t, `ws://${address}/expt`), await connect(t, `ws://${address}/expt`)];
  assert.match(x.extensions, /^permessage-deflate/);
  for (const message of ['a'.repeat(100_000), Buffer.alloc(70_000, 7), '', 'short']) {
    x.send(message);
    assert.deepEqual(await y.next(), message);
  }
});

test('F16: fragments arrive as one message', options, async t => {
  const address = await start(t, 'serve');
  const [x, y] = [await connect(t, `ws://${address}/expt`), await connect(t, `ws://${address}/expt`)];
  x.send('one ', {fin: false});
  x.send('two ', {fin: false});
  x.send('three', {fin: true});
  assert.equal(await y.next(), 'one two three');
});

test('F17: ten mebibytes arrive, one byte more is closed with 1009', options, async t => {
  const address = await start(t, 'serve');
  const s = await connect(t, `ws://${address}/in/v`);
  const v = await connect(t, `ws://${address}/out/v`);
  const whole = Buffer.alloc(10 * 1024 * 1024, 'crosspoint');
  s.send(whole);
  assert.ok(whole.equals(await v.next()));
  s.on('error', () => {});
  s.send(Buffer.concat([whole, Buffer.from('!')]));
  assert.equal(await s.closed, 1009);
});

test('F19: a ping is answered', options, async t => {
  const address = await start(t, 'serve');
  const client = await connect(t, `ws://${address}/expt`);
  client.ping('abc');
  const [payload] = await once(client, 'pong');
  assert.equal(payload.toString(), 'abc');
});

test('a close is answered with its own code', options, async t => {
  const address = await start(t, 'serve');
  const client = await connect(t, `ws://${address}/expt`);
  client.close(4001, 'done here');
  assert.equal(await client.closed, 4001);
});

test('F54: a burst through the host arrives in order', options, async t => {
  const address = await start(t, 'host');
  const [x, y] = [await connect(t, `ws://${address}/ws/d`), await connect(t, `ws://${address}/ws/d`)];
  for (let n = 0; n < 1000; n++) x.send(JSON.stringify({n}));
  for (let n = 0; n < 1000; n++) assert.deepEqual(JSON.parse(await y.next()), {n});
});
