import {describe, expect, test} from 'vitest';

import {addressOf, codeAddress, prefixOf, securedTopicOf} from './address';
import {DataLog, hexDump} from './data_log';
import {Lateness, Rate} from './meter';
import {Health} from './state';
import {wordsFor} from './words';

const page = (pathname: string, search = '', protocol = 'http:') => addressOf({protocol, host: 'lab.example.org:8080', pathname, search});

describe('addressOf', () => {
  test('the name after /view/ lies under /out/', () => {
    expect(page('/view/video0')).toEqual({path: '/out/video0', topic: '/out/video0', url: 'ws://lab.example.org:8080/out/video0'});
    expect(page('/view/lab/front/').path).toBe('/out/lab/front');
    expect(page('/view/a%20b%2Fc')).toMatchObject({path: '/out/a%20b%2Fc', topic: '/out/a b/c'});
  });

  test('a secure page uses a secure socket', () => {
    expect(page('/view/x', '', 'https:').url).toBe('wss://lab.example.org:8080/out/x');
  });

  test('?topic= names any topic, other parameters go to the socket', () => {
    expect(page('/view/', '?topic=/foo/b%20r')).toMatchObject({path: '/foo/b%20r', topic: '/foo/b r'});
    expect(page('/view/x', '?topic=foo&start=wait').url).toBe('ws://lab.example.org:8080/foo?start=wait');
    expect(page('/view/x', '?topic=/a?b%23c').path).toBe('/a%3Fb%23c');
  });

  test('a page without a topic says so', () => {
    for (const path of ['/view', '/view/', '/view//']) expect(page(path).path).toBeNull();
  });

  test('a broken percent sign is shown as it is', () => {
    expect(page('/view/50%').topic).toBe('/out/50%');
  });
});

describe('behind a reverse proxy', () => {
  test('what stands before /view/ stands before the topic’s address', () => {
    expect(page('/lab/relay/view/video0')).toEqual({path: '/out/video0', topic: '/out/video0', url: 'ws://lab.example.org:8080/lab/relay/out/video0'});
    expect(['/view/x', '/lab/relay/view/x', '/lab/stats', '/stats', '/view', '/view/a/view/b', '/elsewhere'].map(prefixOf)).toEqual(
      ['', '/lab/relay', '/lab', '', '', '', '']);
  });
});

describe('securedTopicOf', () => {
  const topicAt = (pathname: string, node: {open: boolean; secure: boolean}, hasCredential = false, search = '') =>
    securedTopicOf({protocol: 'https:', host: 'lab.example.org', pathname, search}, {...node, token: false, access: ''}, hasCredential);
  const secure = {open: false, secure: true};
  const both = {open: true, secure: true};

  test('on a node that has no other topics every name is one, with and without /session/', () => {
    expect(topicAt('/view/rig01-st-video', secure)).toBe('rig01-st-video');
    expect(topicAt('/view/session/rig01-st-video/', secure)).toBe('rig01-st-video');
    expect(topicAt('/lab/relay/view/session/a/b%20c', secure)).toBe('a/b c');
    expect(topicAt('/view/', secure, false, '?topic=/session/x')).toBe('x');
    expect(topicAt('/view/', secure)).toBeNull();
    expect(topicAt('/view/session/', secure)).toBe('session');
  });

  test('on a node that has both, those under /session/, and those for which the viewer brings a key', () => {
    expect(topicAt('/view/session/x', both)).toBe('x');
    expect(topicAt('/view/x', both)).toBeNull();
    expect(topicAt('/view/x', both, true)).toBe('x');
  });

  test('on an open node none is', () => {
    expect(topicAt('/view/session/x', {open: true, secure: false}, true)).toBeNull();
  });

  test('a code opens it at the same place', () => {
    const location = {protocol: 'https:', host: 'lab.example.org', pathname: '/lab/view/a/b c', search: ''};
    expect(codeAddress(location, 'a/b c', '1f0c')).toBe('wss://lab.example.org/lab/session/a/b%20c?code=1f0c');
  });
});

describe('DataLog', () => {
  test('keeps the newest and counts all', () => {
    const log = new DataLog();
    for (let i = 1; i <= 500; i++) log.add(`message ${i}`, new Date(0));
    expect(log.total).toBe(500);
    expect(log.newest.length).toBe(60);
    expect(log.newest[0]).toMatchObject({number: 500, shown: 'message 500', bytes: 11, kind: 'text', cut: false});
  });

  test('JSON is laid out, other text is not touched, long ones are cut', () => {
    const log = new DataLog();
    log.add('{"a":[1]}', new Date(0));
    expect(log.newest[0].shown).toBe('{\n  "a": [\n    1\n  ]\n}');
    log.add('{broken', new Date(0));
    expect(log.newest[0].shown).toBe('{broken');
    log.add('x'.repeat(100_000), new Date(0));
    expect(log.newest[0]).toMatchObject({bytes: 100_000, cut: true});
    expect(log.newest[0].shown.length).toBe(4000);
  });

  test('binary messages are shown as bytes unless they are words', () => {
    const log = new DataLog();
    log.add(Uint8Array.from([0, 255, 65]), new Date(0));
    expect(log.newest[0].shown).toMatch(/^0000 {2}00 ff 41 .*\.\.A$/);
    log.add(new TextEncoder().encode('21.5 °C'), new Date(0));
    expect(log.newest[0]).toMatchObject({kind: 'binary', shown: '21.5 °C'});
    log.add(new Uint8Array(0), new Date(0));
    expect(log.newest[0]).toMatchObject({bytes: 0, shown: ''});
  });

  test('a dump has sixteen bytes a line', () => {
    expect(hexDump(new Uint8Array(33)).split('\n').map(line => line.slice(0, 4))).toEqual(['0000', '0010', '0020']);
  });
});

describe('Rate', () => {
  test('is the mean of the last three seconds', () => {
    const rate = new Rate();
    for (let i = 0; i < 250; i++) rate.add(1, i * 0.04);
    expect(rate.perSecond(10)).toBeCloseTo(25, 0);
    expect(rate.perSecond(20)).toBe(0);
  });
});

describe('Lateness', () => {
  test('is how much later than the best of the last minute the newest came', () => {
    const late = new Lateness();
    for (let i = 0; i < 100; i++) late.add(i * 0.04, 7 + i * 0.04);
    expect(late.seconds).toBeCloseTo(0);
    expect(late.newest).toBeCloseTo(0);
    late.add(4, 11.5);
    expect(late.seconds).toBeCloseTo(0.5);
    expect(late.newest).toBeCloseTo(0.5);
    late.add(4.04, 11.54 - 0.4);
    expect(late.newest).toBeCloseTo(0.1);
  });

  test('follows clocks that drift apart', () => {
    const late = new Lateness();
    // A source that is 1 in 10,000 slow: 0.36 s in an hour, and none of it is delay.
    for (let i = 0; i < 3600; i++) late.add(i, i * 1.0001);
    expect(late.seconds).toBeLessThan(0.01);
  });
});

describe('Health', () => {
  const fresh = () => {
    const health = new Health();
    health.opened(0);
    return health;
  };

  test('goes from connecting through waiting and key frame to live', () => {
    const health = new Health();
    expect(health.state(0).kind).toBe('connecting');
    health.opened(1);
    expect(health.state(1).kind).toBe('waiting');
    health.received(2);
    expect(health.state(2).kind).toBe('key');
    health.showing();
    expect(health.state(2).kind).toBe('live');
  });

  test('a silent source is lost, one that is slow by nature is not', () => {
    const health = fresh();
    health.received(1);
    health.showing();
    expect(health.state(3).kind).toBe('live');
    expect(health.state(11)).toEqual({kind: 'lost', forSeconds: 10});
    const slow = fresh();
    for (let now = 0; now < 50; now += 5) slow.received(now);
    slow.showing();
    expect(slow.state(45 + 9).kind).toBe('live');
    expect(slow.state(45 + 14).kind).toBe('lost');
  });

  test('counts down to the next attempt', () => {
    const health = fresh();
    health.closed(14.2);
    expect(health.state(10)).toEqual({kind: 'unreachable', inSeconds: 5});
    expect(health.state(20)).toEqual({kind: 'unreachable', inSeconds: 0});
  });

  test('says what the relay said at the end, and why it let nobody in', () => {
    const health = fresh();
    health.closed(14, 'The relay is stopping.');
    expect(health.state(10)).toEqual({kind: 'unreachable', inSeconds: 4, said: 'The relay is stopping.'});
    const refusal = {kind: 'expired', said: ''} as const;
    health.closed(null, '', refusal);
    expect(health.state(10)).toEqual({kind: 'refused', refusal, inSeconds: null});
    health.closed(40, '', {kind: 'attempts', said: ''});
    expect(health.state(10)).toMatchObject({kind: 'refused', inSeconds: 30});
    health.closed(40, '', {kind: 'unreachable', said: ''});
    expect(health.state(10)).toEqual({kind: 'unreachable', inSeconds: 30});
    health.opened(50);
    expect(health.state(50).kind).toBe('waiting');
  });

  test('what cannot be played is said while it comes', () => {
    const health = fresh();
    health.received(1);
    health.unplayable('MPEG-2 video');
    expect(health.state(1)).toEqual({kind: 'unplayable', reason: 'MPEG-2 video'});
    health.playable();
    expect(health.state(1).kind).toBe('key');
  });

  test('dials anew after long silence, at growing intervals', () => {
    const health = fresh();
    health.received(0);
    const dialled: number[] = [];
    for (let now = 0; now < 1000; now++) {
      if (!health.shouldRedial(now)) continue;
      dialled.push(now);
      health.opened(now);
    }
    expect(dialled).toEqual([20, 60, 140, 300, 600, 900]);
  });

  test('a topic that never carried anything is not dialled anew', () => {
    expect(fresh().shouldRedial(1e6)).toBe(false);
  });
});

describe('wordsFor', () => {
  test('every state has a label', () => {
    const labels = [
      {kind: 'connecting'}, {kind: 'waiting'}, {kind: 'key'}, {kind: 'live'}, {kind: 'data'}, {kind: 'lost', forSeconds: 90},
      {kind: 'unreachable', inSeconds: 3, said: 'Stopping.'}, {kind: 'unplayable', reason: 'because'},
      {kind: 'refused', refusal: {kind: 'attempts', said: ''}, inSeconds: 30}, {kind: 'refused', refusal: {kind: 'early', said: ''}, inSeconds: 7200},
      {kind: 'refused', refusal: {kind: 'expired', said: ''}, inSeconds: null},
    ] as const;
    expect(new Set(labels.map(state => wordsFor(state, '/out/x').label)).size).toBe(labels.length);
    expect(wordsFor(labels[6], '').detail).toBe('Stopping. Trying again in 3 s.');
    expect(wordsFor(labels[8], '').detail).toMatch(/Trying again in 30 s\.$/);
    expect(wordsFor(labels[9], '').detail).toMatch(/Next attempt in 2 h\.$/);
    expect(wordsFor(labels[10], '').detail).not.toMatch(/again in|attempt/);
    expect(wordsFor(labels[5], '').detail).toContain('1 min');
    expect(wordsFor(labels[7], '').detail).toBe('because');
  });
});
