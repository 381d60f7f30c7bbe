// The reports of a secure relay: polled from /status with a token that has relay:stats, or heard on the topic `stats`
// with a token for that.

import {Admission} from '../access/admission';
import {requestStatus, type Wire} from '../access/exchange';
import {type Refusal, Refused, refined} from '../access/refusal';
import {verdictOn} from '../access/rules';
import {type Credential, readToken} from '../access/token';
import {Backoff} from '../net/backoff';
import {Connection} from '../net/connection';
import {type Client, clientsIn} from './reports';
import {type Wamp, wampIn} from './wamp';

export interface SecureFeedEvents {
  /** `wamp`: null from a node that routes none. */
  report(clients: Client[], wamp: Wamp | null): void;
  /** `again`: it is tried again by itself. */
  refused(refusal: Refusal, again: boolean): void;
}

export interface SecureFeed {
  readonly how: 'polled' | 'heard';
  start(): void;
  stop(): void;
}

const refreshMilliseconds = 5_000;
const waitMillisecondsMax = 3_600_000;
export const statsTopic = 'stats';

/** The way that the token opens, as far as one can tell from outside. */
export function secureFeed(wire: Wire, access: string, credential: Credential, events: SecureFeedEvents): SecureFeed {
  const facts = credential.kind === 'token' ? readToken(credential.token) : null;
  const polls = credential.kind === 'token' && (facts?.scopes.includes('relay:stats') || facts?.topic !== statsTopic);
  return polls ? new PolledFeed(wire, access, credential.token, events) : new HeardFeed(wire, access, credential, events);
}

class PolledFeed implements SecureFeed {
  readonly how = 'polled';
  private readonly backoff = new Backoff();
  private timer = 0;
  private stopped = false;

  constructor(
    private readonly wire: Wire, private readonly access: string, private readonly token: string, private readonly events: SecureFeedEvents) {}

  start(): void {
    void this.ask();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private async ask(): Promise<void> {
    const wait = await this.once();
    if (!this.stopped && wait !== null) this.timer = window.setTimeout(() => void this.ask(), Math.min(wait, waitMillisecondsMax));
  }

  /** Milliseconds until the next time; null if there is none. */
  private async once(): Promise<number | null> {
    try {
      const report = await requestStatus(this.wire, this.access, this.token);
      if (!this.stopped) this.events.report(clientsIn(report), wampIn(report));
      this.backoff.reset();
      return refreshMilliseconds;
    } catch (error) {
      const found: Refusal = error instanceof Refused ? error.refusal : {kind: 'unreachable', said: ''};
      const refusal = refined(found, readToken(this.token), this.wire.now());
      const verdict = verdictOn(refusal);
      if (!this.stopped) this.events.refused(refusal, verdict.again);
      return verdict.again ? Math.max(this.backoff.next(), verdict.leastSeconds) * 1000 : null;
    }
  }
}

class HeardFeed implements SecureFeed {
  readonly how = 'heard';
  private readonly connection: Connection;
  private refusal: Refusal | null = null;

  constructor(wire: Wire, access: string, credential: Credential, events: SecureFeedEvents) {
    const addressWith = (code: string) => `${access.replace(/^http/, 'ws')}/session/${statsTopic}?code=${encodeURIComponent(code)}`;
    const admission = new Admission(wire, {topic: statsTopic, access, addressWith}, credential);
    this.connection = new Connection(admission.dial, {
      connecting: () => {},
      // Without this the first report may be a minute away. Who may not ask is not heard, and waits.
      opened: () => { if (admission.claims?.scopes.includes('write')) this.connection.send('{"cmd":"update"}'); },
      message: data => {
        const report = typeof data === 'string' ? parsed(data) : null;
        if (Array.isArray(report)) events.report(clientsIn(report), wampIn(report));
      },
      ended: ending => {
        const {refusal, verdict} = admission.judge(ending);
        this.refusal = refusal;
        return verdict;
      },
      closed: retryAt => events.refused(this.refusal ?? {kind: 'unreachable', said: ''}, retryAt !== null),
    });
  }

  start(): void {
    this.connection.start();
  }

  stop(): void {
    this.connection.stop();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
