import {describe, expect, test} from 'vitest';

import {clientsIn} from './reports';
import {sparkPoints, Window} from './window';

// As the old relay wrote them (secure relay, /status and topic `stats`), and as ours does.
const oldStatus = JSON.parse(`[{"can_read":true,"can_write":true,"connected_at":"2026-11-20T23:59:42Z","expires_at":"1970-01-01T00:00:00Z",
  "remote_addr":"internal","scopes":["read","stats","write"],"topic":"stats","user_agent":"crossbar"},
  {"can_write":true,"connected_at":"2026-11-20T23:59:42Z","expires_at":"2026-11-21T00:59:42Z","remote_addr":"192.0.2.7","scopes":["write"],
  "topic":"rig01-st-video","user_agent":"probe/1"}]`);
const oldReport = JSON.parse(`[{"canRead":true,"canWrite":false,"connected":"2026-11-21T00:01:40Z","expiresAt":"2026-11-21T01:01:40Z","remoteAddr":"",
  "scopes":["read"],"topic":"stats","userAgent":"statsclient","stats":{"tx":{"last":"2.903s","size":5,"fps":20.5},"rx":{"last":"Never","size":0,"fps":0}}}]`);
const counted = (bytesIn: number, more: object = {}) => clientsIn([{
  topic: 'cam', id: 7, canRead: true, canWrite: true, scopes: ['read', 'write'], messagesIn: bytesIn / 1000, bytesIn, messagesOut: 0, bytesOut: 0,
  dropped: 2, waitingBytes: 900, media: 'h264', ...more,
}]);

describe('clientsIn', () => {
  test('reads both spellings of the old relay, and knows what it does not say', () => {
    const [generator, camera] = clientsIn(oldStatus);
    expect(generator).toMatchObject({topic: 'stats', reads: true, writes: true, expires: null, scopes: ['read', 'stats', 'write'], remoteAddr: 'internal'});
    expect(camera).toMatchObject({topic: 'rig01-st-video', reads: false, writes: true, dropped: null, waitingBytes: null, userAgent: 'probe/1'});
    expect(camera.expires?.toISOString()).toBe('2026-11-21T00:59:42.000Z');
    expect(clientsIn(oldReport)[0]).toMatchObject({topic: 'stats', sent: {messages: null, bytes: null, meanPerSecond: 20.5, meanBytes: 5}});
  });

  test('reads our own fields in either spelling', () => {
    const snake = clientsIn([{topic: 'cam', messages_in: 5, bytes_in: 6, messages_out: 7, bytes_out: 8, waiting_bytes: 9, dropped: 10, id: 'c1'}])[0];
    expect(snake).toMatchObject({key: 'c1', sent: {messages: 5, bytes: 6}, delivered: {messages: 7, bytes: 8}, waitingBytes: 9, dropped: 10});
    expect(counted(5000)[0]).toMatchObject({key: '7', sent: {messages: 5, bytes: 5000}, waitingBytes: 900, media: 'h264'});
  });

  test('leaves out what is no connection', () => {
    expect(clientsIn([null, 7, 'x', [], {}, {topic: 5}])).toEqual([]);
    for (const bad of [null, {}, 'x', 7]) expect(clientsIn(bad)).toEqual([]);
  });
});

describe('Window', () => {
  test('rates are over the last half minute, not over the connection’s life', () => {
    const window = new Window();
    for (let at = 0; at <= 100; at += 5) window.add(counted(at < 50 ? 0 : (at - 50) * 10_000), at);
    expect(window.clients[0].incoming).toEqual({messages: 10, bits: 80_000, lifelong: false});
  });

  test('one report has no rate, and a relay that began anew starts over', () => {
    const window = new Window();
    window.add(counted(9_000_000), 0);
    expect(window.clients[0].incoming).toBeNull();
    window.add(counted(1000), 5);
    expect(window.clients[0].incoming).toBeNull();
    window.add(counted(6000), 10);
    expect(window.clients[0].incoming?.bits).toBe(8000);
  });

  test('where nobody counts, the mean since the beginning is said to be one', () => {
    const window = new Window();
    window.add(clientsIn(oldReport), 0);
    expect(window.clients[0].incoming).toEqual({messages: 20.5, bits: 820, lifelong: true});
    window.add(clientsIn(oldStatus), 5);
    expect(window.clients[1].incoming).toBeNull();
  });

  test('topics are sums, with the newest points of their line', () => {
    const window = new Window();
    const second = (bytesOut: number) => counted(0, {id: 8, canWrite: false, media: '', bytesOut, messagesOut: bytesOut, dropped: 5});
    for (let i = 0; i < 100; i++) window.add([...counted(i * 5000), ...second(i * 5000)], i * 5);
    expect(window.topics).toHaveLength(1);
    expect(window.topics[0]).toMatchObject({
      topic: 'cam', senders: 1, receivers: 2, dropped: 7, waitingBytes: 1800, media: 'h264', incoming: {bits: 8000}, outgoing: {bits: 8000}});
    expect(window.topics[0].history).toHaveLength(61);  // five minutes, at one report every 5 s
    window.add([], 1000);
    expect([window.topics, window.clients]).toEqual([[], []]);
  });
});

describe('a topic’s history', () => {
  test('is bounded, however often the relay reports', () => {
    const window = new Window();
    for (let i = 0; i < 700; i++) window.add(counted(i * 1000), i / 10);
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
