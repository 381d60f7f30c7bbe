import {describe, expect, test} from 'vitest';

import {clientsIn} from './reports';
import {countsInWords, wampIn} from './wamp';
import {sparkPoints, Window} from './window';

// As the old relay wrote them (secure relay, /status and topic `stats`), and as ours does.
const oldStatus = JSON.parse(`[{"can_read":true,"can_write":true,"connected_at":"2026-11-20T23:59:42Z","expires_at":"1970-01-01T00:00:00Z",
  "remote_addr":"internal","scopes":["read","stats","write"],"topic":"stats","user_agent":"crossbar"},
  {"can_write":true,"connected_at":"2026-11-20T23:59:42Z","expires_at":"2026-11-21T00:59:42Z","remote_addr":"192.0.2.7","scopes":["write"],
  "topic":"rig01-st-video","user_agent":"probe/1"}]`);
const oldReport = JSON.parse(`[{"canRead":true,"canWrite":false,"connected":"2026-11-21T00:01:40Z","expiresAt":"2026-11-21T01:01:40Z","remoteAddr":"",
  "scopes":["read"],"topic":"stats","userAgent":"statsclient","stats":{"tx":{"last":"2.903s","size":5,"fps":20.5},"rx":{"last":"Never","size":0,"fps":0}}}]`);
// As src/relay/connection_list.cpp writes it.
const report = (bytesPerSecond: number, more: object = {}) => clientsIn([{
  topic: 'cam', canRead: true, canWrite: true, connected: '2026-11-21T00:01:40Z', expiresAt: '2026-11-21T01:01:40Z', remoteAddr: '192.0.2.7',
  scopes: ['read', 'write'], userAgent: 'probe/1', stats: {tx: {last: '1s', size: 5, fps: 20.5}, rx: {last: 'Never', size: 0, fps: 0}},
  traffic: {tx: {messages: 7, bytes: 7000, messagesPerSecond: 10, bytesPerSecond}, rx: {messages: 0, bytes: 0, messagesPerSecond: 0, bytesPerSecond: 0}},
  dropped: 2, waitingBytes: 900, media: 'h264', ...more,
}]);

describe('clientsIn', () => {
  test('reads both spellings of the old relay, and knows what it does not say', () => {
    const [generator, camera] = clientsIn(oldStatus);
    expect(generator).toMatchObject({topic: 'stats', reads: true, writes: true, expires: null, scopes: ['read', 'stats', 'write'], remoteAddr: 'internal'});
    expect(camera).toMatchObject({topic: 'rig01-st-video', reads: false, writes: true, dropped: null, waitingBytes: null, userAgent: 'probe/1'});
    expect(camera.expires?.toISOString()).toBe('2026-11-21T00:59:42.000Z');
    expect(clientsIn(oldReport)[0]).toMatchObject({topic: 'stats', userAgent: 'statsclient'});
  });

  test('reads our own fields in either spelling', () => {
    const snake = clientsIn([{topic: 'cam', waiting_bytes: 9, dropped: 10, stats: {tx: {fps: 1, size: 1}, rx: {fps: 1, size: 1}}, traffic: {
      tx: {messages: 5, bytes: 6, messages_per_second: 7, bytes_per_second: 8}, rx: {messages: 1, bytes: 2, messages_per_second: 3, bytes_per_second: 4}}}])[0];
    const rates = {incoming: {messages: 7, bits: 64, lifelong: false}, outgoing: {messages: 3, bits: 32, lifelong: false}};
    expect(snake).toMatchObject({...rates, waitingBytes: 9, dropped: 10});
    expect(report(1000)[0]).toMatchObject({incoming: {messages: 10, bits: 8000, lifelong: false}, outgoing: {bits: 0}, waitingBytes: 900, media: 'h264'});
  });

  test('where a relay has no rates, the mean since the beginning is said to be one', () => {
    expect(clientsIn(oldReport)[0].incoming).toEqual({messages: 20.5, bits: 820, lifelong: true});
    expect(clientsIn(oldStatus)[1].incoming).toBeNull();
  });

  test('tells connections apart that are alike in everything', () => {
    const keys = clientsIn([1, 2, 3].map(() => ({topic: 'cam', remoteAddr: '192.0.2.7'}))).map(client => client.key);
    expect(new Set(keys).size).toBe(3);
  });

  test('leaves out what is no connection', () => {
    expect(clientsIn([null, 7, 'x', [], {}, {topic: 5}])).toEqual([]);
    for (const bad of [null, {}, 'x', 7]) expect(clientsIn(bad)).toEqual([]);
  });
});

describe('wampIn', () => {
  // As src/management/wamp_report.cpp writes it.
  const wamp = {sessions: 12, sessions_ever: 40, realms: 3, realms_left_out: 2, logins_refused: 8, events_lost: {slow_subscriber: 5, too_large: 0},
    sessions_ended: {lost: 4, too_slow: 1}, by_realm: [{realm: 'realm1', sessions: 2, subscriptions: 3, registrations: 4, calls_in_flight: 1,
      logins_refused: 5, calls_per_second: 1.5, publications_per_second: 2, events_per_second: 30, calls_refused: {not_authorized: 1, no_such_procedure: 2},
      registrations_refused: {invalid_uri: 4}, events_lost: {too_large: 6}}, 7, {}]};

  test('reads realms, and sums what was refused and lost', () => {
    expect(wampIn([{topic: 'stats', wamp}])).toEqual({
      sessions: 12, realmsLeftOut: 2, loginsRefused: 8, eventsLost: [['slow_subscriber', 5]], sessionsEnded: [['lost', 4], ['too_slow', 1]],
      byRealm: [{realm: 'realm1', sessions: 2, subscriptions: 3, registrations: 4, callsInFlight: 1, callsPerSecond: 1.5, publicationsPerSecond: 2,
        eventsPerSecond: 30, refused: 12, eventsLost: 6}]});
  });

  test('a node without a router says nothing of realms, and what is no number is 0', () => {
    for (const none of [null, {}, [], [7], [{topic: 'stats'}], [{wamp: 7}], [{}, {wamp}]]) expect(wampIn(none)).toBeNull();
    expect(wampIn([{wamp: {sessions: -1, by_realm: 7, events_lost: []}}])).toEqual({
      sessions: 0, realmsLeftOut: 0, loginsRefused: 0, eventsLost: [], sessionsEnded: [], byRealm: []});
    expect(wampIn([{wamp: {by_realm: Array(2000).fill({realm: 'r'})}}])?.byRealm).toHaveLength(1000);
  });

  test('causes are told in words', () => {
    expect(countsInWords([['lost', 4], ['too_slow', 1]])).toBe('4 lost, 1 too slow');
    expect(countsInWords([])).toBe('');
  });
});

describe('Window', () => {
  test('topics are sums, with the newest points of their line', () => {
    const window = new Window();
    const second = report(500, {canWrite: false, media: '', dropped: 5});
    for (let i = 0; i < 100; i++) window.add([...report(1000), ...second], i * 5);
    expect(window.topics).toHaveLength(1);
    expect(window.topics[0]).toMatchObject({
      topic: 'cam', senders: 1, receivers: 2, dropped: 7, waitingBytes: 1800, media: 'h264', incoming: {bits: 12_000, messages: 20}, outgoing: {bits: 0}});
    expect(window.topics[0].history).toHaveLength(61);  // five minutes, at one report every 5 s
    window.add([], 1000);
    expect([window.topics, window.clients]).toEqual([[], []]);
  });

  test('a topic’s history is bounded, however often the relay reports', () => {
    const window = new Window();
    for (let i = 0; i < 700; i++) window.add(report(i), i / 10);
    expect(window.topics[0].history).toHaveLength(600);
  });
});

describe('sparkPoints', () => {
  test('the newest is at the right edge, the highest at the top', () => {
    const line = (...points: [number, number][]) => sparkPoints(points.map(([at, bits]) => ({at, bits})), 120, 28);
    expect(line([700, 0], [850, 10], [1000, 5])).toBe('0.0,27.0 60.0,1.0 120.0,14.0');
    expect(line([995, 0], [1000, 0])).toBe('118.0,27.0 120.0,27.0');
  });
});
