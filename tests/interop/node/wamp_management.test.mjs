// The node driven from its realm by npm's autobahn: topics, clients, bookings, statistics, events.

import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join as path} from 'node:path';
import {test} from 'node:test';
import autobahn from 'autobahn';

import {binary, connect, start, until} from './program.mjs';
import {SecureNode} from './secure.mjs';
import {joined} from './wamp_session.mjs';

const options = {timeout: 60_000};
const soon = () => Math.floor(Date.now() / 1000) + 60;

/** A session of AutobahnJS in a realm; with a secret, as somebody. */
async function join(t, address, realm, authid, secret) {
  const login = secret === undefined ? {authid} : {
    authid, authmethods: ['wampcra'], onchallenge: (session, method, extra) => autobahn.auth_cra.sign(secret, extra.challenge)};
  return (await joined(t, {url: `ws://${address}/ws`, realm, ...login})).session;
}

/** What is published below a prefix; `until(topic)` is the next event of that topic, and forgets those before it. */
async function listen(session, prefix) {
  const events = [];
  let wake = () => {};
  await session.subscribe(prefix, ([argument], _, details) => {
    events.push({topic: details.topic, argument});
    wake();
  }, {match: 'prefix'});
  return {
    async until(topic) {
      for (;;) {
        while (events.length > 0) {
          const event = events.shift();
          if (event.topic === topic) return event.argument;
        }
        await new Promise(resolve => { wake = resolve; });
      }
    },
  };
}

const refused = (promise, error, sentence) => assert.rejects(promise, failure => {
  assert.equal(failure.error, error);
  if (sentence) assert.match(failure.args[0], sentence);
  return true;
});

test('An operator sees who is on a topic, puts one out, and cancels a booking', options, async t => {
  const node = await SecureNode.start(t, '--dev');
  const session = await join(t, node.address, 'crosspoint', 'peter');
  const events = await listen(session, 'relay.');
  const camera = await connect(t, await node.exchange('rig01', node.token({topic: 'rig01', scopes: ['write'], booking_id: 'bk-camera'})));
  const token = node.token({topic: 'rig01', scopes: ['read'], booking_id: 'bk-7'});
  const viewer = await connect(t, await node.exchange('rig01', token));
  const other = await connect(t, await node.exchange('rig01', token));
  assert.deepEqual(await events.until('relay.topic.on_create'), {topic: 'rig01'});
  assert.equal((await events.until('relay.client.on_join')).booking, 'bk-camera');

  const [topic] = await session.call('relay.topic.list');
  assert.equal(topic.topic, 'rig01');
  assert.deepEqual([topic.token, topic.clients, topic.senders, topic.viewers], [true, 3, 1, 2]);
  assert.deepEqual((await session.call('relay.topic.get', ['rig01'])).topic, 'rig01');
  const clients = await session.call('relay.client.list', [], {topic: 'rig01', limit: 10});
  assert.deepEqual(clients.map(client => client.booking).sort(), ['bk-7', 'bk-7', 'bk-camera']);

  const {id} = clients.filter(client => client.booking === 'bk-7')[0];
  assert.equal(await session.call('relay.client.kill', [id, 'the rig is needed']), null);
  assert.equal(await Promise.race([viewer.closed, other.closed]), 1008);
  assert.equal((await events.until('relay.client.on_leave')).id, id);

  assert.equal(await session.call('relay.booking.deny', ['bk-7', soon()]), null);
  assert.deepEqual(await Promise.all([viewer.closed, other.closed]), [1008, 1008]);
  const denied = await events.until('relay.booking.on_deny');
  assert.equal(denied.booking, 'bk-7');
  assert.match(denied.by, /^"peter" \(role "anonymous", session \d+\)$/);
  assert.match(denied.from, /^127\.0\.0\.1/);
  assert.equal(await node.exchange('rig01', token), undefined);
  assert.deepEqual(await session.call('relay.booking.list_denied'), ['bk-7']);
  await node.bids('allow', 'bk-7');
  assert.equal((await events.until('relay.booking.on_allow')).by, 'a token');
  assert.deepEqual(await session.call('relay.booking.list_denied'), []);
  assert.equal(camera.readyState, 1);

  const stats = await events.until('relay.stats');
  assert.equal(stats.clients.now, 1);
  assert.equal((await session.call('relay.stats.get')).clients.ever, 3);

  const lines = node.output.split('\n').filter(line => line.includes('bk-7'));
  assert.equal(lines.length, 2, node.output);
  assert.match(lines[0], /booking "bk-7" is denied until .*Z, by "peter" \(role "anonymous", session \d+\), from 127\.0\.0\.1/);
  assert.match(lines[1], /booking "bk-7" is allowed until .*Z, by a token, from 127\.0\.0\.1/);
  assert.match(node.output, /client \d+ on topic "rig01" is put out, by "peter" .*\(the rig is needed\)/);
  assert.ok(!node.output.includes(token) && !node.output.includes(token.split('.')[2]));
});

test('Wrong arguments are named, and what is not there is said to be', options, async t => {
  const address = await start(t, 'serve', '--dev');
  const session = await join(t, address, 'crosspoint', 'peter');
  const bad = 'wamp.error.invalid_argument';
  await refused(session.call('relay.topic.get', []), bad, /argument 0 \(topic\) must be a string/);
  await refused(session.call('relay.client.kill', ['seven']), bad, /argument 0 \(client\) must be an id/);
  await refused(session.call('relay.topic.list', [], {lmit: 3}), bad, /no argument of the name "lmit"/);
  await refused(session.call('relay.topic.get', ['/none']), 'crosspoint.error.no_such_topic');
  await refused(session.call('relay.client.get', [4711]), 'crosspoint.error.no_such_client');
  // Nobody's topics need tokens here.
  await refused(session.call('relay.booking.list_denied'), 'wamp.error.no_such_procedure');
  await refused(session.register('relay.mine', () => 1), 'wamp.error.invalid_uri', /begin with relay\. are the router's own/);
  await refused(session.publish('relay.stats', [], {}, {acknowledge: true}), 'wamp.error.invalid_uri');
});

test('What a role may do with the node says the file', options, async t => {
  const folder = await mkdtemp(path(tmpdir(), 'crosspoint-'));
  t.after(() => rm(folder, {recursive: true}));
  const file = path(folder, 'node.toml');
  await writeFile(file, `
[wamp]
management-realm = "lab"
[[wamp.realm]]
name = "lab"
anonymous-role = "visitor"
[[wamp.realm]]
name = "other"
anonymous-role = "visitor"
[[wamp.role]]
name = "visitor"
[[wamp.role.permission]]
uri = "com.*"
allow = ["call", "subscribe"]
[[wamp.role]]
name = "page"
realm = "lab"
[[wamp.role.permission]]
uri = "relay.topic.*"
allow = ["call", "subscribe"]
[[wamp.principal]]
realm = "lab"
authid = "page"
role = "page"
wampcra-secret = "the page's secret"
`);
  const address = await start(t, 'serve', '--config', file);
  const visitor = await join(t, address, 'lab');
  await refused(visitor.call('relay.topic.list'), 'wamp.error.not_authorized');
  await refused(visitor.subscribe('relay.client.on_join', () => {}), 'wamp.error.not_authorized');
  const page = await join(t, address, 'lab', 'page', 'the page\'s secret');
  assert.deepEqual(await page.call('relay.topic.list'), []);
  await refused(page.call('relay.client.list'), 'wamp.error.not_authorized');
  const events = await listen(page, 'relay.topic.');
  const client = await connect(t, `ws://${address}/a`);
  assert.deepEqual(await events.until('relay.topic.on_create'), {topic: '/a'});
  client.close();
  await once(client, 'close');
  assert.deepEqual(await events.until('relay.topic.on_delete'), {topic: '/a'});
});

test('A host that nobody reaches is driven through the realm that it joined', options, async t => {
  const address = await start(t, 'serve', '--dev');
  const host = spawn(binary, ['host', '--listen', '127.0.0.1:0', '--wamp-url', `ws://${address}/ws`, '--wamp-realm', 'lab',
                              '--wamp-prefix', 'host.rig01.', '--wamp-authid', 'rig01'], {stdio: ['ignore', 'pipe', 'pipe']});
  let output = '';
  host.stdout.on('data', text => { output += text; });
  host.stderr.on('data', text => { output += text; });
  t.after(async () => {
    host.kill('SIGTERM');
    await once(host, 'exit');
    assert.equal(host.exitCode, 0, output);
  });
  const session = await join(t, address, 'lab', 'peter');
  const verb = (name, ...rest) => session.call(`host.rig01.${name}`, ...rest);
  await until(async () => {
    const registered = await verb('healthcheck').catch(failure => failure.error);
    if (registered !== 'ok') assert.equal(registered, 'wamp.error.no_such_procedure');
    return registered === 'ok';
  }, 'the procedures of the host');
  const rule = {stream: 'stream/x', feeds: ['video0', 'audio0']};
  assert.deepEqual(await verb('stream.add', [rule]), rule);
  assert.deepEqual(await verb('stream.list'), {'stream/x': ['video0', 'audio0']});
  assert.deepEqual(await verb('stream.list', ['stream/x']), rule.feeds);
  const destination = {id: '0', stream: 'stream/x', destination: `ws://${address}/in/x?code=spent`};
  const shown = {...destination, destination: `ws://${address}/in/x?code=***`};
  assert.deepEqual(await verb('destination.add', [], destination), shown);
  const secret = {id: '1', stream: 'stream/x', destination: 'http://127.0.0.1:1/session/x', token: 'the.secret.token'};
  assert.equal((await verb('destination.add', [secret])).token, '***');
  assert.ok(!JSON.stringify(await verb('destination.list')).includes('secret'));
  await refused(verb('destination.add', [{id: 'all'}]), 'wamp.error.invalid_argument', /reserved/);
  await refused(verb('stream.list', ['none']), 'crosspoint.error.no_such_stream', /Stream not found/);
  await refused(verb('stream.delete', [7]), 'wamp.error.invalid_argument', /argument 0 \(stream\) must be a string/);
  const node = await join(t, address, 'crosspoint', 'peter');
  await until(async () => {
    const topics = await node.call('relay.topic.list');
    return topics.some(topic => topic.topic === '/out/x' && topic.senders === 1);
  }, 'the host on its topic');
  assert.equal(await verb('destination.delete', ['0']), '0');
  assert.equal(await verb('stream.delete', ['all']), 'deleteAll');
  assert.match(output, /destination\.add "0": "stream\/x" to ws:\/\/127\.0\.0\.1:\d+\/in\/x, by "peter" \(role "anonymous", session \d+\), over WAMP/);
  assert.match(output, /stream\.delete "deleteAll", by "peter"/);
  assert.ok(!output.includes('secret.token') && !output.includes('spent'));
});
