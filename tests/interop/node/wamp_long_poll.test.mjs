// npm autobahn's long-poll transport.

import assert from 'node:assert/strict';
import {test} from 'node:test';

import {asked, XMLHttpRequest} from './long_poll.mjs';
import {start} from './program.mjs';
import {joined} from './wamp_session.mjs';

globalThis.XMLHttpRequest = XMLHttpRequest;
const options = {timeout: 60_000};

/** A joined session; `closed` is why it ended. */
function join(t, transport) {
  return joined(t, {transports: [transport]});
}

const by = (type, address) => type === 'longpoll' ? {type, url: `http://${address}/lp`} : {type, url: `ws://${address}/ws`};

test('autobahn over long-poll: calls, progress and events, with a WebSocket at the other end', options, async t => {
  const address = await start(t, 'serve', '--dev');
  const {session, connection, closed} = await join(t, by('longpoll', address));
  const other = (await join(t, by('websocket', address))).session;
  assert.equal(connection.transport.info.type, 'longpoll');

  await session.register('com.add', ([a, b]) => a + b);
  assert.equal(await other.call('com.add', [2, 3]), 5);
  await other.register('com.count', (args, kwargs, details) => {
    for (const number of [1, 2, 3]) details.progress([number]);
    return 'done';
  });
  const seen = [];
  assert.equal(await session.call('com.count', [], {}, {receive_progress: true}).then(
    result => result, error => error, number => seen.push(number)), 'done');
  assert.deepEqual(seen, [1, 2, 3]);

  const events = [];
  const enough = new Promise(resolve => {
    session.subscribe('com.topic', args => events.push(args[0]) === 20 && resolve()).then(() => {
      for (let number = 0; number < 20; number++) other.publish('com.topic', [number]);
    });
  });
  await enough;
  assert.deepEqual(events, [...Array(20).keys()]);

  const details = await other.call('wamp.session.get', [session.id]);
  assert.equal(details.transport.type, 'longpoll');
  const id = asked.map(path => /^\/lp\/([0-9a-f]{32})\/receive$/.exec(path)?.[1]).find(found => found);
  assert.ok(id, `it asked for ${asked}`);
  assert.equal(asked[0], '/lp/open');
  assert.ok(asked.includes(`/lp/${id}/send`));

  connection.close();
  assert.deepEqual(await closed, ['closed', 'wamp.close.goodbye_and_out']);
  assert.deepEqual(await other.call('wamp.session.list'), [other.id]);
});

test('autobahn over long-poll: a session that is killed is told why', options, async t => {
  const address = await start(t, 'serve', '--dev');
  const victim = await join(t, by('longpoll', address));
  const {session} = await join(t, by('longpoll', address));
  await session.call('wamp.session.kill', [victim.session.id], {reason: 'com.reason.enough'});
  assert.equal((await victim.closed)[1], 'com.reason.enough');
});
