// npm's ws and reconnecting-websocket on topics behind tokens. The library asks for an address before each attempt; here that
// is the access exchange. Its delays, which begin at some seconds, are shortened.

import assert from 'node:assert/strict';
import {once} from 'node:events';
import {test} from 'node:test';
import {setTimeout as pause} from 'node:timers/promises';
import ReconnectingWebSocketModule from 'reconnecting-websocket';
import WebSocket from 'ws';

import {connect, until} from './program.mjs';
import {SecureNode} from './secure.mjs';

const ReconnectingWebSocket = ReconnectingWebSocketModule.default ?? ReconnectingWebSocketModule;
const options = {timeout: 60_000};

/**
 * A client that comes back; `opened` counts, `closes` has the codes, `exchanges` what the access service gave. A provider must not
 * fail: the library would never ask again. Without a code the node says 401, and the library waits longer each time.
 */
function comeBack(t, node, token, more = {}) {
  const seen = {opened: 0, closes: [], exchanges: [], statuses: [], got: []};
  class Observed extends WebSocket {
    constructor(...arguments_) {
      super(...arguments_);
      this.on('unexpected-response', (request, response) => {
        seen.statuses.push(response.statusCode);
        response.resume();
        request.destroy(new Error(`answered ${response.statusCode}`));
      });
    }
  }
  const provider = async () => {
    const uri = await node.exchange('t1', token).catch(() => 'nobody there');
    seen.exchanges.push(uri);
    return uri?.startsWith('ws:') ? uri : `ws://${node.address}/session/t1`;
  };
  const client = new ReconnectingWebSocket(provider, [], {
    WebSocket: Observed, minReconnectionDelay: 50, maxReconnectionDelay: 800, reconnectionDelayGrowFactor: 2, minUptime: 20, ...more});
  client.binaryType = 'arraybuffer';
  client.addEventListener('open', () => seen.opened++);
  client.addEventListener('close', event => seen.closes.push(event.code));
  client.addEventListener('error', () => {});
  client.addEventListener('message', event => seen.got.push(event.data));
  t.after(() => client.close());
  return {client, seen};
}

test('ws: a token, a code, text and binary both ways, once', options, async t => {
  const node = await SecureNode.start(t);
  const uri = await node.exchange('t1', node.token({topic: 't1'}));
  const x = await connect(t, uri);
  const y = await connect(t, await node.exchange('t1', node.token({topic: 't1'})));
  for (const message of ['text ü €', Buffer.from([0, 255]), '', 'x'.repeat(70_000)]) {
    x.send(message);
    assert.deepEqual(await y.next(), message);
    y.send(message);
    assert.deepEqual(await x.next(), message);
  }
  const spent = new WebSocket(uri);
  const [refusal] = await once(spent, 'error');
  assert.match(refusal.message, /\b401\b/);
});

test('ws: denied, it is closed with 1008 and a reason; at its end, too', options, async t => {
  const node = await SecureNode.start(t);
  const denied = await connect(t, await node.exchange('t1', node.token({topic: 't1', booking_id: 'x'})));
  const short = await connect(t, await node.exchange('t1', node.token({topic: 't1', exp: Math.floor(Date.now() / 1000) + 2})));
  const reasons = Promise.all([denied, short].map(client => once(client, 'close')));
  await node.bids('deny', 'x');
  const [[deniedCode, deniedWhy], [shortCode, shortWhy]] = await reasons;
  assert.deepEqual([deniedCode, shortCode], [1008, 1008]);
  assert.match(deniedWhy.toString(), /cancelled/);
  assert.match(shortWhy.toString(), /expired/);
});

test('reconnecting-websocket comes back with a new code after the node was started again', options, async t => {
  const node = await SecureNode.start(t);
  const {client, seen} = comeBack(t, node, node.token({topic: 't1'}));
  for (let round = 1; round <= 3; round++) {
    await until(() => seen.opened === round, `connection ${round}`);
    const other = await connect(t, await node.exchange('t1', node.token({topic: 't1'})));
    other.send(`round ${round}`);
    await until(() => seen.got.at(-1) === `round ${round}`, 'a message');
    client.send(new Uint8Array([round]));
    assert.deepEqual(await other.next(), Buffer.from([round]));
    other.terminate();
    if (round === 3) break;
    await node.end();
    await until(() => seen.closes.includes(1001), 'a goodbye');
    await node.startAgain();
  }
  const addresses = seen.exchanges.filter(uri => uri.startsWith('ws:'));
  assert.equal(new Set(addresses).size, addresses.length, 'each code is asked for once');
});

test('reconnecting-websocket comes back when its session was closed and its booking is still good', options, async t => {
  const node = await SecureNode.start(t);
  const {seen} = comeBack(t, node, node.token({topic: 't1', booking_id: 'x'}));
  await until(() => seen.opened === 1, 'a connection');
  await node.bids('deny', 'x');
  await node.bids('allow', 'x');
  await until(() => seen.opened === 2, 'another connection');
  assert.ok(seen.closes.includes(1008));
});

test('reconnecting-websocket is refused after a denial, before the upgrade, and slows down', options, async t => {
  const node = await SecureNode.start(t);
  const {client, seen} = comeBack(t, node, node.token({topic: 't1', booking_id: 'x'}), {maxRetries: 6});
  await until(() => seen.opened === 1, 'a connection');
  await node.bids('deny', 'x');
  await until(() => seen.statuses.length === 6, 'six refusals');
  await pause(1000);  // longer than its longest delay: it has given up
  assert.deepEqual(seen.statuses, Array(6).fill(401));
  assert.equal(seen.opened, 1);
  assert.ok(seen.exchanges.slice(1).every(uri => uri === undefined), 'no address was given out');
  assert.notEqual(client.readyState, WebSocket.OPEN);
});
