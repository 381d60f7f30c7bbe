import {describe, expect, test} from 'vitest';

import {Admission} from './admission';
import {configOf, loadConfig} from './config';
import {requestAddress, requestExtension, requestStatus, type Wire} from './exchange';
import {splitAddress} from './keep';
import {offeredIn} from './offers';
import type {Refused} from './refusal';

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const tokenWith = (claims: object) => `${encoded({alg: 'HS256', typ: 'JWT'})}.${encoded(claims)}.c2lnbmF0dXJl`;

/** A network that answers what it is told, one answer for each request, and keeps what it was asked. */
function network(...answers: (Response | Error)[]) {
  const asked: {url: string; method?: string; authorization: string; body: unknown}[] = [];
  const wire: Wire = {
    now: () => 1000,
    pageOrigin: 'https://lab.example',
    fetch: async (url, request) => {
      asked.push({url: String(url), method: request?.method, authorization: new Headers(request?.headers).get('Authorization') ?? '', body: request?.body});
      const answer = answers.shift() ?? new Error('nothing more was expected');
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  return {wire, asked};
}

const json = (value: unknown, status = 200, headers = {}) => new Response(JSON.stringify(value), {status, headers});
const refusalOfCall = (call: Promise<unknown>) => call.then(() => null, error => (error as Refused).refusal);

const base = 'https://lab.example/access';

describe('the access exchange', () => {
  test('sends the bare token and an empty object, and opens what is answered', async () => {
    const {wire, asked} = network(json({uri: 'wss://lab.example/relay/session/rig01-st-video?code=1f0c'}));
    expect(await requestAddress(wire, base, 'rig01-st-video', 'a.b.c')).toEqual(
      {url: 'wss://lab.example/relay/session/rig01-st-video?code=1f0c', connection: '1f0c', skewSeconds: 0});
    expect(asked).toEqual([{url: `${base}/session/rig01-st-video`, method: 'POST', authorization: 'a.b.c', body: '{}'}]);
  });

  test('a topic of several words is one segment of the path', async () => {
    const {wire, asked} = network(json({uri: 'wss://x/session/a/b?code=1'}));
    await requestAddress(wire, base, 'a/b', 'a.b.c');
    expect(asked[0].url).toBe(`${base}/session/a%2Fb`);
  });

  test('the relay’s clock, and its own name for the connection if it has one, are learnt on the way', async () => {
    const {wire} = network(json({uri: 'wss://x/session/a?code=1', connection: 'c7'}, 200, {Date: new Date(4_600_000).toUTCString()}));
    expect(await requestAddress(wire, base, 'a', 'a.b.c')).toMatchObject({connection: 'c7', skewSeconds: 3600});
  });

  test('a refusal is told with its reason', async () => {
    const {wire} = network(json('Token Wrong Topic', 401), json({code: 429, message: 'slow down'}, 429, {'Retry-After': '7'}));
    expect(await refusalOfCall(requestAddress(wire, base, 'a', 'a.b.c'))).toEqual({kind: 'topic', said: 'Token Wrong Topic'});
    expect(await refusalOfCall(requestAddress(wire, base, 'a', 'a.b.c'))).toMatchObject({kind: 'attempts', waitSeconds: 7});
  });

  test('no answer is a relay that is not reachable, and on another host perhaps one that refused', async () => {
    const {wire} = network(new TypeError('Failed to fetch'), new TypeError('Failed to fetch'));
    expect(await refusalOfCall(requestAddress(wire, base, 'a', 'a.b.c'))).toMatchObject({kind: 'unreachable', hidden: false});
    expect(await refusalOfCall(requestAddress(wire, 'https://lab.example.org', 'a', 'a.b.c'))).toMatchObject({kind: 'unreachable', hidden: true});
  });

  test('an answer that is no address is not opened', async () => {
    for (const answer of [{}, {uri: 7}, {uri: 'javascript:alert(1)'}, {uri: 'https://x/'}, null, []]) {
      const {wire} = network(json(answer));
      expect(await refusalOfCall(requestAddress(wire, base, 'a', 'a.b.c')), JSON.stringify(answer)).toMatchObject({kind: 'missing'});
    }
    const {wire} = network(json({uri: 'ws://x/session/a?code=1'}));
    expect(await refusalOfCall(requestAddress(wire, base, 'a', 'a.b.c'))).toMatchObject({kind: 'insecure'});
  });

  test('more time is asked for one connection, or for all if it has no name', async () => {
    const {wire, asked} = network(json({expires_at: '1970-01-01T01:00:00Z', connections: 1}), json({connections: 0}));
    expect(await requestExtension(wire, base, 'a', 'a.b.c', 'c7')).toEqual({expires: 3600, connections: 1});
    expect(await requestExtension(wire, base, 'a', 'a.b.c', null)).toEqual({expires: null, connections: 0});
    expect(asked.map(({url, body}) => [url, body])).toEqual([[`${base}/session/a/refresh`, '{"connection":"c7"}'], [`${base}/session/a/refresh`, null]]);
  });

  test('the status is a list', async () => {
    const {wire, asked} = network(json([{topic: 'a'}]), json({}));
    expect(await requestStatus(wire, base, 'a.b.c')).toEqual([{topic: 'a'}]);
    expect(await refusalOfCall(requestStatus(wire, base, 'a.b.c'))).toMatchObject({kind: 'missing'});
    expect(asked[0]).toMatchObject({url: `${base}/status`, method: 'GET', authorization: 'a.b.c', body: null});
  });
});

describe('Admission', () => {
  const token = tokenWith({topic: 'cam', scopes: ['read'], exp: 2000});
  const later = tokenWith({topic: 'cam', scopes: ['read'], exp: 9000});
  const door = {topic: 'cam', access: base, addressWith: (code: string) => `wss://lab.example/session/cam?code=${code}`};
  const admitted = (code: number) => json({uri: `wss://x/session/cam?code=${code}`});
  const closed = (code = 1006, reason = '') => ({code, reason, wasOpen: true, refusal: null});

  test('every attempt has a code of its own', async () => {
    const {wire} = network(admitted(1), admitted(2));
    const admission = new Admission(wire, door, {kind: 'token', token});
    expect([await admission.dial(), await admission.dial()]).toEqual(['wss://x/session/cam?code=1', 'wss://x/session/cam?code=2']);
    expect(admission.secondsLeft).toBe(1000);
  });

  test('a code opens once, and then a token is needed', async () => {
    const {wire, asked} = network();
    const admission = new Admission(wire, door, {kind: 'code', code: '1f0c2a5e-0000-4000-8000-000000000000'});
    expect(admission.kindHeld).toBe('code');
    expect(await admission.dial()).toBe('wss://lab.example/session/cam?code=1f0c2a5e-0000-4000-8000-000000000000');
    expect(admission.secondsLeft).toBeNull();
    expect(await refusalOfCall(admission.dial())).toMatchObject({kind: 'spent'});
    expect(asked).toEqual([]);
  });

  test('a new token extends the living connection, by the code that opened it', async () => {
    const {wire, asked} = network(admitted(1), json({expires_at: '1970-01-01T02:30:00Z', connections: 1}));
    const admission = new Admission(wire, door, {kind: 'token', token});
    await admission.dial();
    expect(await admission.renew({kind: 'token', token: later}, true)).toEqual({kind: 'extended', expires: 9000});
    expect(asked[1]).toMatchObject({authorization: later, body: '{"connection":"1"}'});
    expect([admission.secondsLeft, admission.tokenHeld]).toEqual([8000, later]);
  });

  test('a connection that a code opened is extended by that code', async () => {
    const {wire, asked} = network(json({connections: 1}));
    const admission = new Admission(wire, door, {kind: 'address', url: 'wss://x/session/cam?code=a%2Db'});
    await admission.dial();
    expect(await admission.renew({kind: 'token', token: later}, true)).toEqual({kind: 'extended', expires: 9000});
    expect(asked[0].body).toBe('{"connection":"a-b"}');
  });

  test('a token that the relay refuses leaves the connection its old one', async () => {
    const {wire} = network(admitted(1), json('Token Wrong Topic', 401));
    const admission = new Admission(wire, door, {kind: 'token', token});
    await admission.dial();
    expect(await admission.renew({kind: 'token', token: later}, true)).toMatchObject({kind: 'refused', refusal: {kind: 'topic'}});
    expect([admission.secondsLeft, admission.tokenHeld]).toEqual([1000, token]);
  });

  test('where nothing can be extended the new token opens the next connection', async () => {
    const answers = [json({code: 404, message: 'path /session/cam/refresh was not found'}, 404), json({code: '404', message: 'no such connection is open'}, 404),
      json({connections: 0})];
    for (const answer of answers) {
      const {wire, asked} = network(admitted(1), answer, admitted(2));
      const admission = new Admission(wire, door, {kind: 'token', token});
      await admission.dial();
      expect(await admission.renew({kind: 'token', token: later}, true)).toEqual({kind: 'later'});
      expect(admission.secondsLeft).toBe(1000);
      expect(admission.judge(closed(1008, 'token expired'))).toEqual({refusal: null, verdict: {again: true, leastSeconds: 0}});
      await admission.dial();
      expect(asked[2].authorization).toBe(later);
      expect(admission.secondsLeft).toBe(8000);
    }
  });

  test('while nothing lives a new token is for a new connection', async () => {
    const {wire, asked} = network();
    const admission = new Admission(wire, door, {kind: 'token', token});
    expect(await admission.renew({kind: 'token', token: later}, false)).toEqual({kind: 'redial'});
    expect([admission.tokenHeld, asked]).toEqual([later, []]);
  });

  test('after the token’s end it does not come back, after the network’s failure it does', async () => {
    const {wire} = network(admitted(1));
    const admission = new Admission(wire, door, {kind: 'token', token});
    await admission.dial();
    expect(admission.judge(closed())).toEqual({refusal: null, verdict: {again: true, leastSeconds: 0}});
    expect(admission.judge(closed(1008, 'token expired'))).toMatchObject({refusal: {kind: 'expired'}, verdict: {again: false}});
    expect(admission.judge(closed(1008, 'booking cancelled'))).toMatchObject({refusal: {kind: 'cancelled'}, verdict: {again: false}});
  });
});

describe('view-config.json', () => {
  const page = 'https://lab.example/relay';
  const rows: [number, string, object | null][] = [
    [404, '404 page not found\n', {open: true, token: false, secure: false, access: page}],
    [200, '<!doctype html>', {open: true, token: false, secure: false, access: page}],
    [200, 'null', {open: true, token: false, secure: false, access: page}],
    [200, '{"open":true,"secure":false,"access":""}', {open: true, token: false, secure: false, access: page}],
    [200, '{"open":false,"secure":true,"access":""}', {open: false, token: false, secure: true, access: page}],
    [200, '{"open":true,"secure":true,"access":"https://lab.example/access/"}', {open: true, token: false, secure: true, access: base}],
    [200, '{"secure":true,"access":"javascript:1"}', {open: false, token: false, secure: true, access: page}],
    [200, '{"open":true,"token":true,"secure":false,"access":""}', {open: true, token: true, secure: false, access: page}],
    [502, '<html>Bad gateway', null],
  ];
  test.each(rows)('%s %s', (status, text, config) => {
    expect(configOf(status, text, page)).toEqual(config);
  });

  test('is asked for beside the pages, and again if nobody answers', async () => {
    const asked: string[] = [];
    const get = async (url: unknown) => { asked.push(String(url)); throw new TypeError('Failed to fetch'); };
    expect(await loadConfig(get as typeof fetch, page)).toBeNull();
    expect(asked).toEqual(['https://lab.example/relay/view-config.json']);
  });
});

describe('the address bar', () => {
  const bar = (pathname: string, search: string, hash: string) => ({pathname, search, hash});
  const code = '1f0c2a5e-0000-4000-8000-000000000000';

  test('gives its token and keeps the rest', () => {
    expect(splitAddress(bar('/view/x', '?a=1', '#token=a.b.c'), null)).toEqual({credential: {kind: 'token', token: 'a.b.c'}, rest: '/view/x?a=1'});
    expect(splitAddress(bar('/view/x', '', '#t=3&token=a.b.c'), null).rest).toBe('/view/x#t=3');
    expect(splitAddress(bar('/view/x', '', `#code=${code}`), null)).toEqual({credential: {kind: 'code', code}, rest: '/view/x'});
  });

  test('what is no token is taken out all the same', () => {
    expect(splitAddress(bar('/view/x', '', '#token=half.of'), null)).toEqual({credential: null, rest: '/view/x'});
  });

  test('?code= is the relay’s affair until the relay is known to take codes', () => {
    const open = bar('/view/x', `?code=${code}&b=2`, '');
    expect(splitAddress(open, null)).toEqual({credential: null, rest: `/view/x?code=${code}&b=2`});
    expect(splitAddress(open, 'code')).toEqual({credential: {kind: 'code', code}, rest: '/view/x?b=2'});
  });

  test('so is ?token=', () => {
    const open = bar('/view/x', '?token=a.b.c&join=wait', '');
    expect(splitAddress(open, null)).toEqual({credential: null, rest: '/view/x?token=a.b.c&join=wait'});
    expect(splitAddress(open, 'token')).toEqual({credential: {kind: 'token', token: 'a.b.c'}, rest: '/view/x?join=wait'});
  });

  test('an address without either stays as it is, to the letter', () => {
    expect(splitAddress(bar('/view/x', '?topic=/a%20b', '#here'), 'code').rest).toBe('/view/x?topic=/a%20b#here');
  });
});

describe('a token that is posted', () => {
  const own = {}, parent = {}, stranger = {};
  const data = {type: 'crosspoint-token', token: 'a.b.c'};
  const page = {own, parent, origin: 'https://lab.example'};

  test('is taken from the embedding page and from this host, from nobody else', () => {
    expect(offeredIn({data, source: parent, origin: 'https://booking.example'}, page)).toEqual({kind: 'token', token: 'a.b.c'});
    expect(offeredIn({data, source: own, origin: 'https://lab.example'}, page)).not.toBeNull();
    expect(offeredIn({data, source: stranger, origin: 'https://evil.example'}, page)).toBeNull();
    expect(offeredIn({data, source: own, origin: 'https://evil.example'}, {...page, parent: own})).toBeNull();
  });

  test('is a token, in a message of that name', () => {
    for (const other of [null, 'a.b.c', {token: 'a.b.c'}, {...data, type: 'token'}, {...data, token: 7}, {...data, token: 'abcdefghijklmnopqrstuvwx'}]) {
      expect(offeredIn({data: other, source: parent, origin: ''}, page), JSON.stringify(other)).toBeNull();
    }
  });
});
