// Procedures that say who people are and what they may do: a component of python3-autobahn for clients of npm's autobahn, and the other way round.

import assert from 'node:assert/strict';
import {spawn, execFile} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join as path} from 'node:path';
import {createInterface} from 'node:readline';
import {test} from 'node:test';
import {promisify} from 'node:util';
import autobahn from 'autobahn';

import {start} from './program.mjs';
import {joined} from './wamp_session.mjs';

const options = {timeout: 60_000};
const python = ['/usr/bin/python3', ['-B', '-W', 'ignore']];
const beside = name => new URL(`../${name}`, import.meta.url).pathname;
const configuration = `
[wamp]
authorizer-timeout = "1s"
[[wamp.realm]]
name = "realm1"
plain-tickets = true
[[wamp.role]]
name = "component"
realm = "realm1"
[[wamp.role.permission]]
uri = "*"
allow = ["call", "register", "publish", "subscribe"]
[[wamp.role]]
name = "user"
realm = "realm1"
authorizer = "com.desk.may"
[[wamp.authenticator]]
realm = "realm1"
procedure = "com.desk.login"
methods = ["anonymous", "ticket", "wampcra", "cryptosign"]
[[wamp.principal]]
realm = "realm1"
authid = "desk"
role = "component"
wampcra-secret = "desk's secret"
`;

async function serve(t) {
  const folder = await mkdtemp(path(tmpdir(), 'crosspoint-'));
  t.after(() => rm(folder, {recursive: true}));
  const file = path(folder, 'node.toml');
  await writeFile(file, configuration);
  return start(t, 'serve', '--config', file);
}

/** A session of AutobahnJS that has proved who it is with this secret. */
function join(t, address, method, authid, secret) {
  const onchallenge = (session, name, extra) => {
    if (name === 'ticket') return secret;
    const key = extra.salt ? autobahn.auth_cra.derive_key(secret, extra.salt, extra.iterations, extra.keylen) : secret;
    return autobahn.auth_cra.sign(key, extra.challenge);
  };
  return joined(t, {url: `ws://${address}/ws`, authmethods: [method], authid, onchallenge});
}

/** wamp_desk.py at work; `next()` is what it says next. */
async function desk(t, address) {
  const child = spawn(python[0], [...python[1], beside('wamp_desk.py'), `ws://${address}/ws`], {stdio: ['pipe', 'pipe', 'inherit']});
  const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value);
  const stop = async () => {
    if (child.exitCode !== null) return;
    child.stdin.end();
    await once(child, 'exit');
  };
  t.after(stop);
  assert.deepEqual(await next(), ['ready']);
  return {next, stop};
}

const refusal = request => request.then(() => 'allowed', error => error.error);

test('a component in Python decides about clients in JavaScript', options, async t => {
  const address = await serve(t);
  const decides = await desk(t, address);
  const {session: owner} = await join(t, address, 'wampcra', 'desk', "desk's secret");

  await assert.rejects(join(t, address, 'ticket', 'joe', 'not his'), /authentication_failed/);
  await assert.rejects(join(t, address, 'wampcra', 'ann', 'not hers'), /authentication_failed/);
  const ann = await join(t, address, 'wampcra', 'ann', "ann's secret");
  assert.deepEqual([ann.details.authid, ann.details.authrole, ann.details.authprovider], ['ann', 'user', 'dynamic']);
  const {session: joe, details} = await join(t, address, 'ticket', 'joe', "joe's ticket");
  assert.equal(details.authextra.greeting, 'hello joe');
  for (let i = 0; i < 4; i++) assert.equal((await decides.next())[0], 'login');

  const callers = [];
  await owner.register('com.open.add', ([a, b]) => a + b);
  await owner.register('com.kept.who', (args, kwargs, caller) => { callers.push(caller.caller_authid); return 7; });
  assert.equal(await joe.call('com.open.add', [2, 3]), 5);
  assert.deepEqual(await decides.next(), ['may', 'user', 'com.open.add', 'call', {}]);
  assert.equal(await refusal(joe.subscribe('com.closed.', () => {}, {match: 'prefix'})), 'wamp.error.not_authorized');
  assert.deepEqual(await decides.next(), ['may', 'user', 'com.closed.', 'subscribe', {match: 'prefix'}]);
  assert.equal(await refusal(joe.publish('com.broken.t', [], {}, {acknowledge: true})), 'wamp.error.authorization_failed');
  await decides.next();

  // What may be kept is asked once for each session, and who calls is disclosed.
  for (let i = 0; i < 3; i++) assert.equal(await joe.call('com.kept.who'), 7);
  assert.equal(await ann.session.call('com.kept.who'), 7);
  assert.deepEqual(callers, ['joe', 'joe', 'joe', 'ann']);
  assert.deepEqual(await decides.next(), ['may', 'user', 'com.kept.who', 'call', {}]);
  assert.deepEqual(await decides.next(), ['may', 'user', 'com.kept.who', 'call', {}]);

  // Requests that follow each other are answered in their order, although each has to be asked about.
  const order = [];
  await Promise.all(Array.from({length: 20}, (_, i) => joe.call('com.open.add', [i, 0]).then(sum => order.push(sum))));
  assert.deepEqual(order, Array.from({length: 20}, (_, i) => i));
});

test('an authorizer that does not answer, or dies while it is asked', options, async t => {
  const address = await serve(t);
  const decides = await desk(t, address);
  const {session: joe} = await join(t, address, 'ticket', 'joe', "joe's ticket");
  await decides.next();
  assert.equal(await refusal(joe.call('com.never.p')), 'wamp.error.authorization_failed');  // after authorizer-timeout
  await decides.next();

  const asked = [refusal(joe.call('com.never.p')), refusal(joe.call('com.open.p'))];
  await decides.next();
  await decides.stop();
  assert.deepEqual(await Promise.all(asked), ['wamp.error.authorization_failed', 'wamp.error.authorization_failed']);

  await desk(t, address);
  assert.equal(await refusal(joe.call('com.open.p')), 'wamp.error.no_such_procedure');
});

test('a component in JavaScript decides about clients in Python', options, async t => {
  const address = await serve(t);
  const {session} = await join(t, address, 'wampcra', 'desk', "desk's secret");
  const asked = [];
  await session.register('com.desk.login', ([realm, authid, details]) => {
    asked.push(['login', realm, authid, details.authmethod, typeof details.transport.peer]);
    if (details.authmethod === 'ticket' && details.ticket === "peter's ticket") return 'user';
    if (details.authmethod === 'wampcra') return {role: 'user', secret: "paul's secret", salt: 'salt123', iterations: 500, keylen: 16};
    if (details.authmethod === 'cryptosign') return {role: 'user', authid: 'rig01', pubkey: details.pubkey};
    throw new autobahn.Error('com.desk.error.unknown');
  });
  await session.register('com.desk.may', ([who, uri, action]) => {
    asked.push(['may', who.authid, uri, action]);
    return {allow: action === 'call', cache: true};
  });
  const login = async (...words) => {
    const {stdout} = await promisify(execFile)(python[0], [...python[1], beside('wamp_login.py'), `ws://${address}/ws`, ...words]);
    return stdout.trim().split('\n').map(line => JSON.parse(line));
  };

  const rights = [['call', 'wamp.error.no_such_procedure'], ['register', 'wamp.error.not_authorized']];
  const seed = '4d57d97a68f555696620a6d849c0ce582568518d729eb753dc7c732de2804510';
  assert.deepEqual(await login('ticket', 'peter', "peter's ticket"), [['joined', 'peter', 'user', 'ticket'], ...rights]);
  assert.deepEqual(asked, [['login', 'realm1', 'peter', 'ticket', 'string'], ['may', 'peter', 'com.public.nobody', 'call'],
                           ['may', 'peter', 'com.mine', 'register']]);
  assert.deepEqual(await login('wampcra', 'paul', "paul's secret"), [['joined', 'paul', 'user', 'wampcra'], ...rights]);
  assert.deepEqual(await login('cryptosign', 'rig01', seed), [['joined', 'rig01', 'user', 'cryptosign'], ...rights]);
  for (const [method, authid, secret] of [['ticket', 'peter', 'not his'], ['wampcra', 'paul', 'not his'], ['anonymous', '', '']]) {
    assert.deepEqual(await login(method, authid, secret), [['left', 'wamp.error.authentication_failed']]);
  }
});
