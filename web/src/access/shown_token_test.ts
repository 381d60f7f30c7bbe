import {describe, expect, test} from 'vitest';

import {ShownToken} from './shown_token';

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const tokenWith = (claims: object) => `${part({alg: 'HS256'})}.${part(claims)}.c2ln`;
const url = 'wss://lab.example/out/video0?join=wait';
const now = 1000;
const audience = 'wss://lab.example/out/video0';
const closed = (code = 1006, reason = '') => ({code, reason, wasOpen: true, refusal: null});
const holder = (claims: object = {aud: audience, exp: now + 60}) => new ShownToken('/out/video0', url, tokenWith(claims), () => now);

describe('a token that is shown with the handshake', () => {
  test('stands in no address', async () => {
    const shown = holder();
    expect(await shown.dial()).toEqual({url, protocols: ['bearer', shown.tokenHeld]});
    expect([shown.kindHeld, shown.secondsLeft, shown.claims?.topic]).toEqual(['token', 60, audience]);
  });

  const refusals: [string, string, boolean][] = [
    ['Denied - not permitted to access /out/video0 with token for wss://lab.example/out/other', 'topic', false],
    ['Denied - not permitted to access /out/expired with token for cancelled', 'topic', false],
    ['Error reading token Token is expired', 'expired', false],
    ['Error reading token signature is invalid', 'signature', false],
    ['Error reading token token contains an invalid number of segments', 'signature', false],
    ['Error reading token Unexpected signing method: none', 'signature', false],
    ['token expired', 'expired', false],
  ];
  test.each(refusals)('“%s” is %s, and is not tried again', (reason, kind, again) => {
    expect(holder().judge(closed(1008, reason))).toMatchObject({refusal: {kind}, verdict: {again}});
  });

  test('one for later is waited for', () => {
    const early = holder({aud: audience, nbf: now + 9, exp: now + 60});
    expect(early.judge(closed(1008, 'Error reading token Token is not valid yet')))
      .toMatchObject({refusal: {kind: 'early', waitSeconds: 9}, verdict: {again: true, leastSeconds: 10}});
  });

  test('a connection that is lost, or closed for another reason, comes back', () => {
    for (const ending of [closed(), closed(1001), closed(1008, 'too many control frames'), closed(1013, 'too slow'), closed(1000, 'token expired')]) {
      expect(holder().judge(ending)).toEqual({refusal: null, verdict: {again: true, leastSeconds: 0}});
    }
  });

  test('a new one is for the next connection, and the end of the old one is then no refusal', async () => {
    const shown = holder();
    await shown.dial();
    const next = tokenWith({aud: audience, exp: now + 600});
    expect(await shown.renew({kind: 'token', token: next}, true)).toEqual({kind: 'later'});
    expect(shown.judge(closed(1008, 'token expired'))).toEqual({refusal: null, verdict: {again: true, leastSeconds: 0}});
    expect(await shown.dial()).toEqual({url, protocols: ['bearer', next]});
    expect(shown.judge(closed(1008, 'token expired')).verdict).toEqual({again: false});
  });

  test('where nothing lives a new one is shown at once, and a code is none', async () => {
    const shown = holder();
    const before = shown.tokenHeld;
    expect(await shown.renew({kind: 'code', code: 'x'}, false)).toMatchObject({kind: 'refused'});
    expect(shown.tokenHeld).toBe(before);
    expect(await shown.renew({kind: 'token', token: tokenWith({})}, false)).toEqual({kind: 'redial'});
  });
});
