// npm's jose as a second judge of our verifier, beside Debian's python3-jwt (tests/token): what we accept of the matrix, it must accept, and
// its tokens of every algorithm, we must. TOKEN_MATRIX names the program built from tests/token/matrix.cpp. One thing jose alone refuses:
// times in quotes, which the older relay took (specification, section 2.2).

import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {test} from 'node:test';
import * as jose from 'jose';

const program = process.env.TOKEN_MATRIX ?? new URL('../../../build/release/tests/token_matrix', import.meta.url).pathname;
const missing = existsSync(program) ? false : `there is no program at ${program}: build token_matrix, preset release`;
const options = {timeout: 300_000, skip: missing};
const algorithms = {secret: 'HS256', rsa: 'RS256', p256: 'ES256', ed25519: 'EdDSA'};
const ofKind = {oct: 'HS256', RSA: 'RS256', EC: 'ES256', OKP: 'EdDSA'};

const run = (argument, input) =>
  execFileSync(program, argument ? [argument] : [], {input, encoding: 'utf8', maxBuffer: 1 << 30}).trimEnd().split('\n');

async function keys() {
  const texts = JSON.parse(run('keys')[0]);
  const single = {secret: new TextEncoder().encode(texts.secret)};
  for (const name of ['rsa', 'p256', 'ed25519']) single[name] = await jose.importSPKI(texts[name], algorithms[name]);
  const set = [];
  for (const key of JSON.parse(texts.key_set).keys) {
    const algorithm = ofKind[key.kty];
    set.push({id: key.kid, algorithm, key: await jose.importJWK(key, algorithm)});
  }
  return {texts, single, set};
}

/** The keys a program would try, chosen as RFC 7517 has it: by `kid`, where there is one. */
function candidates({single, set}, name, token) {
  if (name !== 'key_set') return [{key: single[name], algorithm: algorithms[name]}];
  try {
    const {kid} = jose.decodeProtectedHeader(token);
    return kid === undefined ? set : set.filter(({id}) => id === kid);
  } catch {
    return set;
  }
}

async function accepts(known, name, token) {
  for (const {key, algorithm} of candidates(known, name, token)) {
    try {
      await jose.jwtVerify(token, key, {algorithms: [algorithm], audience: known.texts.audience, requiredClaims: ['exp']});
      return true;
    } catch {
      // whatever it says, it does not accept
    }
  }
  return false;
}

test('N14: what we accept of the matrix, jose accepts', options, async t => {
  const known = await keys();
  const wrong = [];
  let hostile = 0, good = 0;
  for (const line of run()) {
    const row = JSON.parse(line);
    const ours = row.ours === 'accepted';
    if (row.attack) hostile++;
    else good++;
    if (ours === Boolean(row.attack)) wrong.push(`${row.name}: ${row.ours}`);
    if (!ours || /quotes$|"nbf":"\d+"$/.test(row.name)) continue;
    if (!await accepts(known, row.keys, Buffer.from(row.token, 'base64').toString('latin1'))) wrong.push(row.name);
  }
  t.diagnostic(`${hostile} hostile tokens, ${good} good ones`);
  assert.deepEqual(wrong, []);
  assert.ok(hostile >= 300 && good >= 50, 'the matrix has shrunk');
});

test('N14: we accept the tokens of jose, and not when they are bent', options, async () => {
  const {texts} = await keys();
  const shown = [];
  for (const [name, pem, algorithm, kid] of [
    ['secret', null, 'HS256'], ['rsa', texts.rsa_private, 'RS256'], ['p256', texts.p256_private, 'ES256'],
    ['ed25519', texts.ed25519_private, 'EdDSA'], ['key_set', null, 'HS256', 'k1'], ['key_set', texts.rsa_private, 'RS256', 'r1'],
    ['key_set', texts.p256_private, 'ES256', 'e1'], ['key_set', texts.ed25519_private, 'EdDSA', 'o1']]) {
    const key = pem ? await jose.importPKCS8(pem, algorithm) : new TextEncoder().encode(texts.secret);
    for (const audience of [texts.audience, [texts.audience], ['https://other.example', texts.audience]]) {
      const token = await new jose.SignJWT({topic: 't', scopes: ['read']}).setProtectedHeader({alg: algorithm, typ: 'JWT', ...(kid && {kid})})
        .setIssuedAt().setNotBefore('-1s').setExpirationTime('1h').setAudience(audience).sign(key);
      const [head, claims, signature] = token.split('.');
      const bent = signature.slice(0, 8) + (signature[8] === 'B' ? 'C' : 'B') + signature.slice(9);
      shown.push([name, algorithm, token, true], [name, algorithm, `${head}.${claims}.${bent}`, false]);
    }
  }
  const answers = run('verify', shown.map(([name, , token]) => `${name} ${Buffer.from(token).toString('base64')}\n`).join(''));
  assert.equal(answers.length, shown.length);
  shown.forEach(([name, algorithm, , good], n) =>
    assert.equal(answers[n] === 'accepted', good, `${name}, ${algorithm}, ${good ? 'good' : 'bent'}: ${answers[n]}`));
});
