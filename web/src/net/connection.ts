// One WebSocket that comes back by itself. It never sends anything unless asked: on a relay, whatever a player
// sends would reach the others on its topic.

import {Backoff} from './backoff';

export interface ConnectionEvents {
  opened(): void;
  message(data: string | ArrayBuffer): void;
  /** Lost, refused or never reached; the next attempt begins at `retryAt` (of `performance.now()`, milliseconds). */
  closed(retryAt: number, code: number, wasOpen: boolean): void;
  connecting(): void;
}

const connectMillisecondsMax = 10_000;
// A connection that holds this long was a good one: the next loss begins with the shortest wait again.
const steadyMilliseconds = 5_000;

export class Connection {
  private socket: WebSocket | null = null;
  private timer = 0;
  private steady = 0;
  private readonly backoff = new Backoff();
  private stopped = true;
  private readonly onOnline = () => this.retryNow();

  constructor(private readonly url: string, private readonly events: ConnectionEvents) {}

  start(): void {
    this.stopped = false;
    window.addEventListener('online', this.onOnline);
    this.dial();
  }

  stop(): void {
    this.stopped = true;
    window.removeEventListener('online', this.onOnline);
    clearTimeout(this.timer);
    this.drop();
  }

  get isOpen(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  send(text: string): void {
    if (this.isOpen) this.socket!.send(text);
  }

  /** Does not wait for the timer. */
  retryNow(): void {
    if (this.stopped || this.socket) return;
    clearTimeout(this.timer);
    this.dial();
  }

  /** Gives the present connection up, because nothing has come through it for long, and dials anew. */
  redial(): void {
    if (this.stopped) return;
    this.drop();
    clearTimeout(this.timer);
    this.dial();
  }

  private dial(): void {
    this.events.connecting();
    let socket: WebSocket;
    try {
      socket = new WebSocket(this.url);
    } catch {
      return this.lost(1006, false);
    }
    this.socket = socket;
    socket.binaryType = 'arraybuffer';
    let opened = false;
    this.timer = window.setTimeout(() => {
      this.drop();
      this.lost(1006, false);
    }, connectMillisecondsMax);
    socket.onopen = () => {
      opened = true;
      clearTimeout(this.timer);
      this.steady = window.setTimeout(() => this.backoff.reset(), steadyMilliseconds);
      this.events.opened();
    };
    socket.onmessage = event => this.events.message(event.data as string | ArrayBuffer);
    socket.onclose = event => {
      this.drop();
      this.lost(event.code, opened);
    };
  }

  private lost(code: number, wasOpen: boolean): void {
    clearTimeout(this.timer);
    const wait = this.backoff.next() * 1000;
    this.timer = window.setTimeout(() => this.dial(), wait);
    this.events.closed(performance.now() + wait, code, wasOpen);
  }

  private drop(): void {
    clearTimeout(this.steady);
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
    socket.close();
  }
}
