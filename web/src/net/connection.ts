// One WebSocket that comes back by itself. It never sends anything unless asked: on a relay, whatever a player
// sends would reach the others on its topic.

import {type Refusal, Refused} from '../access/refusal';
import {Backoff} from './backoff';

/** An address, and where the relay is shown a token beside it, the subprotocols that say so. */
export type Target = string | {url: string; protocols: string[]};

/** Where to dial next: asked before each attempt, because a code in an address works once. May throw `Refused`. */
export type Dialer = () => Promise<Target>;

/** How a connection, or an attempt at one, ended. */
export interface Ending {
  code: number;  // RFC 6455 section 7.4; 1006 if there was no close frame or no connection
  reason: string;
  wasOpen: boolean;
  refusal: Refusal | null;  // from the dialer
}

export type Verdict = {again: true; leastSeconds: number} | {again: false};

export interface ConnectionEvents {
  opened(): void;
  message(data: string | ArrayBuffer): void;
  /** Lost, refused or never reached: come back, and not before when? */
  ended(ending: Ending): Verdict;
  /** After `ended`: the next attempt begins at `retryAt` (of `performance.now()`, milliseconds); null if none does. */
  closed(retryAt: number | null, ending: Ending): void;
  connecting(): void;
}

const connectMillisecondsMax = 10_000;
// A connection that holds this long was a good one: the next loss begins with the shortest wait again.
const steadyMilliseconds = 5_000;
// Whatever else was said, ask again after so long.
const waitMillisecondsMax = 3_600_000;
const neverOpened: Ending = {code: 1006, reason: '', wasOpen: false, refusal: null};

export class Connection {
  private socket: WebSocket | null = null;
  private timer = 0;
  private steady = 0;
  private readonly backoff = new Backoff();
  private stopped = true;
  private waiting = false;  // for the timer of the next attempt
  private attempt = 0;      // what an earlier attempt still says is not heard
  private readonly onOnline = () => { if (this.waiting) this.retryNow(); };

  constructor(private readonly dialer: Dialer, private readonly events: ConnectionEvents) {}

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

  /** Does not wait for the timer; also after the verdict was not to come back. */
  retryNow(): void {
    if (!this.stopped && !this.isOpen) this.redial();
  }

  /** Gives the present connection up, because nothing has come through it for long, and dials anew. */
  redial(): void {
    if (this.stopped) return;
    this.drop();
    clearTimeout(this.timer);
    this.dial();
  }

  private dial(): void {
    const attempt = ++this.attempt;
    this.waiting = false;
    this.events.connecting();
    this.timer = window.setTimeout(() => this.lost(neverOpened), connectMillisecondsMax);
    this.dialer().then(
      target => { if (attempt === this.attempt) this.open(target); },
      error => {
        if (attempt === this.attempt) this.lost({...neverOpened, refusal: error instanceof Refused ? error.refusal : null});
      });
  }

  private open(target: Target): void {
    let socket: WebSocket;
    try {
      socket = typeof target === 'string' ? new WebSocket(target) : new WebSocket(target.url, target.protocols);
    } catch {
      return this.lost(neverOpened);
    }
    this.socket = socket;
    socket.binaryType = 'arraybuffer';
    let opened = false;
    socket.onopen = () => {
      opened = true;
      clearTimeout(this.timer);
      this.steady = window.setTimeout(() => this.backoff.reset(), steadyMilliseconds);
      this.events.opened();
    };
    socket.onmessage = event => this.events.message(event.data as string | ArrayBuffer);
    socket.onclose = ({code, reason}) => this.lost({code, reason, wasOpen: opened, refusal: null});
  }

  private lost(ending: Ending): void {
    clearTimeout(this.timer);
    this.drop();
    const verdict = this.events.ended(ending);
    if (!verdict.again) return this.events.closed(null, ending);
    const wait = Math.min(Math.max(this.backoff.next(), verdict.leastSeconds) * 1000, waitMillisecondsMax);
    this.waiting = true;
    this.timer = window.setTimeout(() => this.dial(), wait);
    this.events.closed(performance.now() + wait, ending);
  }

  private drop(): void {
    this.attempt++;
    clearTimeout(this.steady);
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
    socket.close();
  }
}
