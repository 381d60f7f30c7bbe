import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';

import {Refused} from '../access/refusal';
import {Connection, type Dialer, type Ending, type Verdict} from './connection';

class Socket {
  static readonly OPEN = 1;
  static made: Socket[] = [];
  readyState = 0;
  binaryType = '';
  onopen: (() => void) | null = null;
  onmessage: ((event: {data: unknown}) => void) | null = null;
  onclose: ((event: {code: number; reason: string}) => void) | null = null;
  onerror = null;

  constructor(readonly url: string) {
    Socket.made.push(this);
  }

  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  end(code: number, reason = ''): void {
    this.readyState = 3;
    this.onclose?.({code, reason});
  }

  close(): void {
    this.readyState = 3;
  }
}

const newest = () => Socket.made[Socket.made.length - 1];
const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1000);
let online: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  Socket.made = [];
  vi.stubGlobal('WebSocket', Socket);
  vi.stubGlobal('window', {
    setTimeout: (...timer: Parameters<typeof setTimeout>) => setTimeout(...timer),
    addEventListener: (_name: string, listener: () => void) => { online = listener; },
    removeEventListener: () => {},
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** A connection, and what it said. */
async function started(verdict: (ending: Ending) => Verdict = () => ({again: true, leastSeconds: 0}), dialer?: Dialer) {
  let codes = 0;
  const endings: Ending[] = [];
  const stops: boolean[] = [];
  const connection = new Connection(dialer ?? (async () => `wss://x/?code=${++codes}`), {
    connecting: () => {}, opened: () => {}, message: () => {},
    ended: ending => { endings.push(ending); return verdict(ending); },
    closed: retryAt => { stops.push(retryAt === null); },
  });
  connection.start();
  await seconds(0);
  return {connection, endings, stops};
}

describe('Connection', () => {
  test('asks for an address before each attempt', async () => {
    await started();
    newest().open();
    newest().end(1006);
    await seconds(1);
    newest().end(1006);
    await seconds(2);
    expect(Socket.made.map(socket => socket.url)).toEqual(['wss://x/?code=1', 'wss://x/?code=2', 'wss://x/?code=3']);
  });

  test('says how it ended, and stays away if it is told to, until it is asked', async () => {
    const {connection, endings, stops} = await started(({code}) => (code === 1008 ? {again: false} : {again: true, leastSeconds: 0}));
    newest().open();
    newest().end(1008, 'token expired');
    expect(endings).toEqual([{code: 1008, reason: 'token expired', wasOpen: true, refusal: null}]);
    await seconds(3600);
    online();
    await seconds(0);
    expect([stops, Socket.made.length]).toEqual([[true], 1]);
    connection.retryNow();
    await seconds(0);
    expect(Socket.made.length).toBe(2);
  });

  test('a refusal is an ending without a connection', async () => {
    const refusal = {kind: 'topic', said: 'Token Wrong Topic'} as const;
    const {endings} = await started(() => ({again: false}), async () => { throw new Refused(refusal); });
    expect(endings).toEqual([{code: 1006, reason: '', wasOpen: false, refusal}]);
    expect(Socket.made).toEqual([]);
  });

  test('waits at least as long as it is told', async () => {
    await started(() => ({again: true, leastSeconds: 30}));
    newest().end(1006);
    await seconds(29);
    expect(Socket.made.length).toBe(1);
    await seconds(1);
    expect(Socket.made.length).toBe(2);
  });

  test('when the network returns it does not wait for the timer', async () => {
    await started();
    newest().end(1006);
    online();
    await seconds(0);
    expect(Socket.made.length).toBe(2);
  });

  test('gives an attempt up after ten seconds, and does not open an address that comes too late', async () => {
    let answer: (url: string) => void = () => {};
    const {endings} = await started(() => ({again: false}), () => new Promise(resolve => { answer = resolve; }));
    await seconds(10);
    expect(endings).toMatchObject([{wasOpen: false, refusal: null}]);
    answer('wss://x/?code=late');
    await seconds(0);
    expect(Socket.made).toEqual([]);
  });

  test('once stopped it neither opens nor speaks', async () => {
    const {connection, endings} = await started();
    const socket = newest();
    connection.stop();
    socket.end(1006);
    await seconds(60);
    expect([endings, Socket.made.length]).toEqual([[], 1]);
  });
});
