// The WAMP router with npm's autobahn and wampy, in JSON, MessagePack and CBOR.

import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {test} from 'node:test';
import autobahn from 'autobahn';
import * as wampy from 'wampy';
import WebSocket from 'ws';

import {binary, ours, start} from './program.mjs';
import {joined} from './wamp_session.mjs';

const Wampy = wampy.Wampy ?? wampy.default.Wampy ?? wampy.default;
const options = {timeout: 60_000};
const serializers = {
  json: () => new autobahn.serializer.JSONSerializer(),
  msgpack: () => new autobahn.serializer.MsgpackSerializer(),
  cbor: () => new autobahn.serializer.CBORSerializer(),
};

/** A joined session of AutobahnJS; `closed` is why it ended. */
function join(t, address, serializer = 'json', realm = 'realm1') {
  return joined(t, {url: `ws://${address}/ws`, realm, serializers: [serializers[serializer]()]});
}

/** The next event of a subscription that it makes. */
function next(session, topic, subscribeOptions) {
  return new Promise((resolve, reject) => {
    session.subscribe(topic, (args, kwargs, details) => resolve({args, kwargs, details}), subscribeOptions).catch(reject);
  });
}

for (const serializer of Object.keys(serializers)) {
  test(`autobahn: calls, progress, errors and events in ${serializer}`, options, async t => {
    const address = await start(t, 'serve', '--dev');
    const {session, connection, closed} = await join(t, address, serializer);
    const other = (await join(t, address, 'json')).session;

    await session.register('com.add', ([a, b]) => a + b);
    assert.equal(await other.call('com.add', [2, 3]), 5);

    await session.register('com.count', (args, kwargs, details) => {
      for (const number of [1, 2, 3]) details.progress([number]);
      return 'done';
    });
    const seen = [];
    assert.equal(await other.call('com.count', [], {}, {receive_progress: true}).then(
      result => result, error => error, number => seen.push(number)), 'done');
    assert.deepEqual(seen, [1, 2, 3]);

    await session.register('com.fail', () => { throw new autobahn.Error('com.error.custom', ['why'], {code: 7}); });
    await assert.rejects(async () => other.call('com.fail'), error =>
      error.error === 'com.error.custom' && error.args[0] === 'why' && error.kwargs.code === 7);

    const event = next(other, 'com.topic');
    await other.subscribe('com.unused', () => {});  // SUBSCRIBED of the first has come when this one's has
    await session.publish('com.topic', ['hello', 2.5, null], {k: [true]}, {acknowledge: true});
    const {args, kwargs} = await event;
    assert.deepEqual(args, ['hello', 2.5, null]);
    assert.deepEqual(kwargs, {k: [true]});

    connection.close();
    assert.deepEqual(await closed, ['closed', 'wamp.close.goodbye_and_out']);
  });
}

test('autobahn: patterns, shared registrations and who is in the realm', options, async t => {
  const address = await start(t, 'serve', '--dev');
  const {session} = await join(t, address);
  const other = (await join(t, address, 'cbor')).session;
  const wildcard = next(other, 'com..created', {match: 'wildcard'});
  const prefix = next(other, 'com.shop.', {match: 'prefix'});
  for (const [who, name] of [[session, 'one'], [other, 'two']]) await who.register('com.who', () => name, {invoke: 'roundrobin'});
  await session.publish('com.shop.created', [1], {}, {acknowledge: true});
  assert.equal((await wildcard).details.topic, 'com.shop.created');
  assert.equal((await prefix).details.topic, 'com.shop.created');
  const answers = [];
  for (let i = 0; i < 4; i++) answers.push(await session.call('com.who'));
  assert.deepEqual(answers, ['one', 'two', 'one', 'two']);
  assert.deepEqual((await session.call('wamp.session.list')).sort(), [session.id, other.id].sort());
});

test('autobahn: a session that is killed is told why', options, async t => {
  const address = await start(t, 'serve', '--dev');
  const {session} = await join(t, address);
  const victim = await join(t, address);
  await session.call('wamp.session.kill', [victim.session.id], {reason: 'com.reason.enough'});
  assert.equal((await victim.closed)[1], 'com.reason.enough');
});

test('wampy: calls, events and errors', options, async t => {
  const address = await start(t, 'serve', '--dev');
  const [one, two] = [0, 1].map(() => new Wampy(`ws://${address}/ws`, {realm: 'realm1', ws: WebSocket, autoReconnect: false}));
  await one.connect();
  await two.connect();
  t.after(async () => {
    await one.disconnect();
    await two.disconnect();
  });
  await one.register('com.add', ({argsList: [a, b]}) => ({argsList: [a + b]}));
  assert.deepEqual((await two.call('com.add', [2, 3])).argsList, [5]);
  let came;
  const event = new Promise(resolve => { came = resolve; });
  await two.subscribe('com.topic', came);
  await one.publish('com.topic', {argsList: [1, 'x'], argsDict: {a: 2}});
  const {argsList, argsDict} = await event;
  assert.deepEqual([argsList, argsDict], [[1, 'x'], {a: 2}]);
  await assert.rejects(two.call('com.nobody'), error => (error.errorUri ?? error.error) === 'wamp.error.no_such_procedure');
});

/** A command of the shell that calls, publishes and the like; what it printed, when it has ended well. */
function shell(t, ...words) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
  const child = spawn(binary, words, {env, stdio: ['ignore', 'pipe', 'pipe']});
  t.after(() => child.kill('SIGKILL'));
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', text => { out += text; });
  const says = new Promise(resolve => child.stderr.setEncoding('utf8').on('data', text => resolve(err += text)));
  const printed = once(child, 'close').then(([status]) => {
    assert.equal(status, 0, err);
    return out;
  });
  printed.catch(() => {});  // who does not wait for the end is not told of it
  return {child, printed, says};
}

test('autobahn and the commands call, publish, subscribe and register', options, async t => {
  const address = await start(t, 'serve', '--dev');
  const {session} = await join(t, address, 'msgpack');
  const at = ['--url', `rs://${address}`, '--serializer', 'cbor'];
  await session.register('com.add', ([a, b], {c}) => a + b + c);
  assert.equal(await shell(t, 'call', 'com.add', '1', '2', 'c=0.5', ...at).printed, '3.5\n');

  const event = next(session, 'com.topic');
  await session.subscribe('com.unused', () => {});
  await shell(t, 'publish', 'com.topic', 'hello', '[1]', 'k=true', ...at).printed;
  const {args, kwargs} = await event;
  assert.deepEqual([args, kwargs], [['hello', [1]], {k: true}]);

  const subscriber = shell(t, 'subscribe', 'com.other', '--count', '1', ...at);
  await subscriber.says;
  const {id} = await session.publish('com.other', ['x'], {y: null}, {acknowledge: true});
  assert.deepEqual(JSON.parse(await subscriber.printed), {topic: 'com.other', publication: id, args: ['x'], kwargs: {y: null}});

  const callee = shell(t, 'register', 'com.words', ...at, '--', 'cat');
  await callee.says;
  assert.deepEqual(await session.call('com.words', [1], {a: 'b'}), {procedure: 'com.words', args: [1], kwargs: {a: 'b'}});
  callee.child.kill('SIGINT');
  assert.equal(await callee.printed, '');
});

test('a handshake that offers a WAMP subprotocol is WAMP on any path, one that does not is the relay\'s', options, async t => {
  const address = await start(t, 'serve', '--dev');
  const topic = new WebSocket(`ws://${address}/some/topic`);
  const other = new WebSocket(`ws://${address}/some/topic`);
  await Promise.all([topic, other].map(client => new Promise(resolve => client.once('open', resolve))));
  const said = new Promise(resolve => other.once('message', data => resolve(data.toString())));
  topic.send('plain words');
  assert.equal(await said, 'plain words');
  const client = new WebSocket(`ws://${address}/some/topic`, ['wamp.2.json']);
  await new Promise(resolve => client.once('open', resolve));
  const welcome = new Promise(resolve => client.once('message', data => resolve(JSON.parse(data))));
  client.send(JSON.stringify([1, 'realm1', {roles: {caller: {}}}]));
  assert.equal((await welcome)[0], 2);
  for (const each of [topic, other, client]) each.close();
});
