// Who is let into a realm of the configuration with npm's autobahn and wampy: each method that they have.

import assert from 'node:assert/strict';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join as path} from 'node:path';
import {test} from 'node:test';
import autobahn from 'autobahn';
import {Wampy} from 'wampy';
import * as cryptosign from 'wampy/cryptosign.js';
import * as wampcra from 'wampy/wampcra.js';
import WebSocket from 'ws';

import {start} from './program.mjs';
import {joined} from './wamp_session.mjs';

const options = {timeout: 60_000};
const seed = '4d57d97a68f555696620a6d849c0ce582568518d729eb753dc7c732de2804510';  // the specification's example
const other = '00'.repeat(32);
const configuration = `
[wamp]
[[wamp.realm]]
name = "realm1"
anonymous-role = "visitor"
[[wamp.role]]
name = "visitor"
[[wamp.role]]
name = "operator"
[[wamp.principal]]
authid = "peter"
role = "operator"
ticket = "peter's ticket"
[[wamp.principal]]
authid = "paul"
role = "operator"
wampcra-secret = "paul's secret"
[[wamp.principal]]
authid = "salted"
role = "operator"
wampcra-secret = "salted secret"
wampcra-salt = "salt123"
[[wamp.principal]]
authid = "rig01"
role = "operator"
cryptosign-keys = ["1adfc8bfe1d35616e64dffbd900096f23b066f914c8c2ffbb66f6075b96e116d"]
`;
// What opens the realm, and what does not.
const proofs = [['ticket', 'peter', "peter's ticket", 'not his'], ['wampcra', 'paul', "paul's secret", 'not his'],
                ['wampcra', 'salted', 'salted secret', 'another'], ['cryptosign', 'rig01', seed, other]];

const refusals = /wamp\.error\.(authentication_failed|no_such_principal)$/;  // the latter: an unknown key

async function serve(t) {
  const folder = await mkdtemp(path(tmpdir(), 'crosspoint-'));
  t.after(() => rm(folder, {recursive: true}));
  const file = path(folder, 'node.toml');
  await writeFile(file, configuration);
  return start(t, 'serve', '--config', file);
}

const key_of = secret => autobahn.nacl.sign.keyPair.fromSeed(Buffer.from(secret, 'hex'));
const public_key_of = secret => autobahn.auth_cryptosign.public_key(key_of(secret));

/** A session of AutobahnJS that shows this secret. */
function with_autobahn(t, address, method, authid, secret) {
  const onchallenge = (session, name, extra) => {
    if (name === 'ticket') return secret;
    if (name === 'cryptosign') return autobahn.auth_cryptosign.sign_challenge(key_of(secret), extra);
    const key = extra.salt ? autobahn.auth_cra.derive_key(secret, extra.salt, extra.iterations, extra.keylen) : secret;
    return autobahn.auth_cra.sign(key, extra.challenge);
  };
  const authextra = method === 'cryptosign' ? {pubkey: public_key_of(secret), channel_binding: null} : undefined;
  return joined(t, {url: `ws://${address}/ws`, authmethods: [method], authid, authextra, onchallenge});
}

/** What the router says of a client of wampy that shows this secret. */
async function with_wampy(t, address, method, authid, secret) {
  const ways = {ticket: () => secret, wampcra: wampcra.sign(secret), cryptosign: method === 'cryptosign' ? cryptosign.sign(secret) : undefined};
  const client = new Wampy(`ws://${address}/ws`, {
    realm: 'realm1', ws: WebSocket, autoReconnect: false, authid, authmethods: [method], onChallenge: ways[method],
    authextra: method === 'cryptosign' ? {pubkey: public_key_of(secret)} : undefined});
  t.after(() => client.disconnect().catch(() => {}));
  return client.connect();
}

/** Each principal comes in with what is its own, and with nothing else. `join` answers with the router's details. */
async function each_way(t, join) {
  const address = await serve(t);
  for (const [method, authid, good, bad] of proofs) {
    const details = await join(t, address, method, authid, good);
    assert.deepEqual([details.authid, details.authrole, details.authmethod], [authid, 'operator', method]);
    await assert.rejects(join(t, address, method, authid, bad), error => refusals.test(error.errorUri ?? error.message));
  }
}

test('autobahn: ticket, WAMP-CRA and cryptosign open a realm, and nothing else does', options,
     t => each_way(t, async (...words) => (await with_autobahn(...words)).details));

test('wampy: ticket, WAMP-CRA and cryptosign open a realm, and nothing else does', options, t => each_way(t, with_wampy));
