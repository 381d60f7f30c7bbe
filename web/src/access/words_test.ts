import {describe, expect, test} from 'vitest';

import {leftInWords, skewOf, urgencyOf} from './expiry';
import {type RefusalKind, refined, refusalInClosing, refusalOf} from './refusal';
import {refusalBehind, verdictOn} from './rules';
import {closingWords, sentencesFor} from './sentences';
import {credentialOf, readToken} from './token';

// Made by the old relay's own tool: the test vector of the specification.
const vector = 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJib29raW5nX2lkIjoiYmstNyIsInRvcGljIjoicmlnMDEtc3QtZGF0YSIsInByZWZpeCI6InNlc3Npb24iLCJz' +
  'Y29wZXMiOlsicmVhZCIsIndyaXRlIl0sImF1ZCI6WyJodHRwczovL2xhYi5leGFtcGxlL2FjY2VzcyJdLCJleHAiOjQxMDI0NDQ4MDAsIm5iZiI6MTY5OTk5OTk5OSwi' +
  'aWF0IjoxNzAwMDAwMDAwfQ.NDWn0ex-tUld95Hxv0T-4MGB4XlWXsWjh-UnA0N6yEM';
const tokenWith = (claims: unknown) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

describe('readToken', () => {
  test('reads what the page speaks of', () => {
    expect(readToken(vector)).toEqual({topic: 'rig01-st-data', audience: 'https://lab.example/access', scopes: ['read', 'write'], expires: 4102444800, notBefore: 1699999999});
    expect(readToken(tokenWith({topic: 'Körper-①'}))!.topic).toBe('Körper-①');
  });

  test('takes moments as relays do', () => {
    const expires = (exp: unknown) => readToken(tokenWith({exp}))!.expires;
    expect([7, 7.9, '8', '8.5', null, undefined, 'soon', '', true, 1e400].map(expires)).toEqual([7, 7, 8, 8, null, null, null, null, null, null]);
  });

  test('has no facts of what is no token', () => {
    for (const bad of ['', 'a', 'a.b', 'a.b.c', 'e30.W10.c2ln', 'e30.bnVsbA.c2ln', 'e30.%%%.c2ln', 'e30._w.c2ln']) expect(readToken(bad), bad).toBeNull();
  });
});

describe('credentialOf', () => {
  test('knows a token, a code and a whole address apart, however they were copied', () => {
    expect(credentialOf(` ${vector.slice(0, 76)}\n ${vector.slice(76)} \n`)).toEqual({kind: 'token', token: vector});
    expect(credentialOf(`Bearer ${vector}`)).toEqual({kind: 'token', token: vector});
    expect(credentialOf(`"${vector}"`)).toEqual({kind: 'token', token: vector});
    expect(credentialOf('1f0c2a5e-0000-4000-8000-000000000000')).toMatchObject({kind: 'code'});
    expect(credentialOf('wss://lab.example/relay/session/x?code=1f0c')).toEqual({kind: 'address', url: 'wss://lab.example/relay/session/x?code=1f0c'});
  });

  test('takes nothing else', () => {
    for (const bad of ['', 'hello', 'a.b', 'a.b.c.d', 'a..c', 'https://x/?code=1', 'wss://x/', 'a.b.c'.padEnd(20_000, 'c'), 'ä.b.c']) {
      expect(credentialOf(bad), bad.slice(0, 20)).toBeNull();
    }
  });
});

describe('refusalOf', () => {
  const coded = (code: number | string, message: string) => JSON.stringify({code, message});
  const invalid = (why: string) => coded('401', `token invalid: ${why}`);
  const rows: [number, string, RefusalKind][] = [
    [401, '"Token Wrong Topic"\n', 'topic'],
    [401, '"Token Missing Required Claims"\n', 'claims'],
    [401, coded(401, 'unauthenticated for invalid credentials'), 'signature'],
    [500, coded(500, 'token invalid'), 'signature'],
    [500, coded(500, 'aud [https://a.example] does not match this host https://b.example'), 'audience'],
    [400, coded('400', 'empty bookingID field is not permitted'), 'booking'],
    [400, coded('400', 'bookingID has been deny-listed, probably because the session was cancelled'), 'cancelled'],
    [401, coded('401', 'token missing relay:stats scope'), 'scope'],
    [401, coded('401', 'is token missing relay:stats scope? token Missing Required Claims'), 'scope'],
    [401, '"the token is for another topic"', 'topic'],
    [401, '"the token is for another relay"', 'audience'],
    [401, '"the token is not valid yet"', 'early'],
    [401, '"Token used before issued"', 'early'],
    [401, '"the token has expired"', 'expired'],
    [401, '"the signature is invalid"', 'signature'],
    [403, '"the booking was cancelled"', 'cancelled'],
    [401, '"the code is unknown, used or too old"', 'spent'],
    [429, '', 'attempts'],
    [404, coded(404, 'path /session/x was not found'), 'missing'],
    [404, coded(404, 'path /session/expired was not found'), 'missing'],
    [405, coded(405, 'method POST is not allowed'), 'missing'],
    [502, '<html><h1>502 Bad Gateway: token invalid</h1></html>', 'unreachable'],
    [503, '', 'unreachable'],
    [500, coded(500, 'out of memory'), 'unreachable'],
    [401, '', 'other'],
    [401, coded('401', 'aud [https://cancelled.example] does not match this host https://b.example'), 'audience'],
    [401, coded('401', 'token missing relay:admin scope'), 'scope'],
    [400, coded('400', 'the token\'s connection type (prefix) must be session'), 'claims'],
    [400, coded('400', 'the token\'s scopes name neither read nor write'), 'scope'],
    [429, coded('429', 'too many codes of this booking are waiting to be used; use those first'), 'attempts'],
    [503, coded('503', 'too many codes are waiting to be used; try again in half a minute'), 'attempts'],
    [404, coded('404', 'no such connection is open'), 'missing'],
    // src/token/refusal.cpp, as src/access/answers.cpp says them
    [401, invalid('the token is longer than 8 KiB'), 'signature'],
    [401, invalid('this is not a token: three parts with dots between them are expected'), 'signature'],
    [401, invalid('the token cannot be read'), 'signature'],
    [401, invalid('the token says something twice'), 'signature'],
    [401, invalid('the token demands an extension that is not understood here'), 'signature'],
    [401, invalid('the token brings a key, or the address of one; keys are configured'), 'signature'],
    [401, invalid('the token says that it is not a JWT'), 'signature'],
    [401, invalid('the token\'s signature algorithm is not allowed'), 'signature'],
    [401, invalid('no configured key is the one that the token names'), 'signature'],
    [401, invalid('the token\'s signature is not valid'), 'signature'],
    [401, invalid('a claim of the token has the wrong form'), 'claims'],
    [401, invalid('the token does not say when it expires'), 'claims'],
    [401, invalid('the token has expired'), 'expired'],
    [401, invalid('the token is not valid yet'), 'early'],
    [401, invalid('the token was issued in the future'), 'early'],
    [401, invalid('the token is valid for too long'), 'lasting'],
    [401, invalid('the token comes from another issuer'), 'signature'],
    [401, invalid('the token is for another audience'), 'audience'],
    [415, coded(415, 'unsupported media type "text/plain"'), 'other'],
  ];
  test.each(rows)('%s %s', (status, body, kind) => {
    expect(refusalOf(status, body).kind).toBe(kind);
  });

  test('repeats the relay’s words, shortened and on one line', () => {
    expect(refusalOf(400, coded('400', `a\nb\u0007${'c'.repeat(1000)}`)).said).toBe(`a b ${'c'.repeat(196)}`);
    expect(refusalOf(418, '<script>alert(1)</script>').said).toBe('');
  });

  test('waits as long as it is told, within reason', () => {
    const waits = ['7', '0', '99999999', '', null, 'Fri, 27 Nov 2026 00:00:00 GMT'].map(after => refusalOf(429, '', after).waitSeconds);
    expect(waits).toEqual([7, 1, 3600, 30, 30, 30]);
  });
});

describe('refined', () => {
  const facts = {topic: 'x', audience: '', scopes: [], notBefore: 500, expires: 2000};

  test('“token invalid” is an expired or an early one, if the token says so itself', () => {
    const vague = {kind: 'signature', said: 'token invalid'} as const;
    expect(refined(vague, facts, 2000).kind).toBe('expired');
    expect(refined(vague, facts, 1000)).toEqual(vague);
    expect(refined(vague, facts, 400)).toMatchObject({kind: 'early', waitSeconds: 100});
    expect(refined(vague, null, 9999)).toEqual(vague);
  });

  test('silence is that only where a browser may have hidden the answer', () => {
    expect(refined({kind: 'unreachable', said: '', hidden: true}, facts, 3000).kind).toBe('expired');
    expect(refined({kind: 'unreachable', said: '', hidden: false}, facts, 3000).kind).toBe('unreachable');
    expect(refined({kind: 'topic', said: ''}, facts, 3000).kind).toBe('topic');
  });
});

describe('coming back', () => {
  const ended = (code: number, reason = '', wasOpen = true) => ({code, reason, wasOpen, refusal: null});
  const far = 9000;

  test('ends with the token and with the booking, in whatever code it is said', () => {
    for (const code of [1008, 4001, 4403]) {
      expect(verdictOn(refusalBehind(ended(code, 'token expired'), far, 0))).toEqual({again: false});
      expect(refusalBehind(ended(code, 'booking cancelled'), far, 0)?.kind).toBe('cancelled');
    }
    expect(refusalInClosing('going away')).toBeNull();
  });

  test('does not end for other reasons, or because a proxy used such a word', () => {
    for (const ending of [ended(1006), ended(1001), ended(1013, 'too slow'), ended(4007, 'out of order'), ended(1011, 'session expired')]) {
      expect(verdictOn(refusalBehind(ending, far, 0)), ending.reason).toEqual({again: true, leastSeconds: 0});
    }
  });

  test('a line that is cut at the token’s end was cut for that', () => {
    expect(refusalBehind(ended(1006), 1000, 999)?.kind).toBe('expired');
    expect(refusalBehind(ended(1006), 1000, 997)).toBeNull();
    expect(refusalBehind(ended(1006, '', false), 1000, 2000)).toBeNull();
    expect(refusalBehind(ended(1006), null, 2000)).toBeNull();
  });

  test('what only another token can change is not tried again', () => {
    const stops = (['expired', 'topic', 'audience', 'cancelled', 'signature', 'scope', 'claims', 'lasting', 'booking', 'spent', 'none', 'insecure', 'other'] as const)
      .filter(kind => !verdictOn({kind, said: ''}).again);
    expect(stops.length).toBe(13);
  });

  test('what time changes is tried again when it is time', () => {
    expect(verdictOn({kind: 'attempts', said: '', waitSeconds: 30})).toEqual({again: true, leastSeconds: 30});
    expect(verdictOn({kind: 'early', said: '', waitSeconds: 100})).toEqual({again: true, leastSeconds: 101});
    expect(verdictOn({kind: 'early', said: ''})).toEqual({again: false});
    expect(verdictOn({kind: 'unreachable', said: ''})).toEqual({again: true, leastSeconds: 0});
  });
});

describe('what is left', () => {
  test('is said in the two largest units, and never more than there is', () => {
    const rows: [number, string][] = [
      [-5, '0 s'], [0.9, '0 s'], [59.9, '59 s'], [60, '1 min'], [119, '1 min'], [3599, '59 min'], [3600, '1 h'], [7500, '2 h 5 min'],
      [86400, '1 d'], [86400 * 3 + 4 * 3600 + 59, '3 d 4 h'],
    ];
    for (const [seconds, words] of rows) expect(leftInWords(seconds), String(seconds)).toBe(words);
  });

  test('grows urgent five minutes and one minute before the end', () => {
    expect([301, 300, 61, 60, 1, 0, -1].map(urgencyOf)).toEqual(['calm', 'soon', 'soon', 'now', 'now', 'over', 'over']);
  });

  test('is counted on the relay’s clock, unless the difference is only the way', () => {
    const now = Date.parse('2026-11-27T12:00:00Z') / 1000;
    expect(skewOf('Fri, 27 Nov 2026 13:00:00 GMT', now)).toBe(3600);
    expect(skewOf('Fri, 27 Nov 2026 11:59:59 GMT', now)).toBe(0);
    expect([skewOf(null, now), skewOf('yesterday', now)]).toEqual([0, 0]);
  });
});

describe('sentencesFor', () => {
  const kinds: RefusalKind[] = ['expired', 'early', 'topic', 'audience', 'cancelled', 'signature', 'scope', 'claims', 'lasting', 'booking', 'spent', 'attempts',
    'missing', 'unreachable', 'insecure', 'none', 'other'];

  test('every kind has a label and a title of its own, and says what to do', () => {
    const all = kinds.map(kind => sentencesFor({kind, said: 'because'}, 'cam'));
    expect(new Set(all.map(words => words.label)).size).toBe(kinds.length);
    expect(new Set(all.map(words => words.title)).size).toBe(kinds.length);
    for (const words of all.filter(({label}) => label !== 'Not reachable')) expect(words.detail.length, words.label).toBeGreaterThan(5);
  });

  test('names the topic that the token is for', () => {
    const facts = {topic: 'rig02-st-video', audience: '', scopes: [], expires: null, notBefore: null};
    expect(sentencesFor({kind: 'topic', said: ''}, 'rig01-st-video', facts).detail).toContain('It opens rig02-st-video, not rig01-st-video.');
  });

  test('the relay’s closing words come first, and its codes are words too', () => {
    expect(closingWords(1008, 'too many frames')).toBe('The relay ended the connection: too many frames.');
    expect(closingWords(4007, '')).toBe('The relay ended the connection, with code 4007.');
    expect([closingWords(1006, ''), closingWords(1000, '')]).toEqual(['', '']);
    for (const code of [1001, 1008, 1009, 1011, 1012, 1013]) expect(closingWords(code, ''), String(code)).not.toBe('');
  });
});
