// How one page gets onto one topic and stays there: it holds the token, trades it for an address before each attempt,
// and has a living connection extended when a new one comes.

import type {Dialer, Ending, Verdict} from '../net/connection';
import {type Admittance, codeIn, requestAddress, requestExtension, type Wire} from './exchange';
import {type Refusal, Refused, refined} from './refusal';
import {refusalBehind, verdictOn} from './rules';
import {type Credential, readToken, type TokenFacts} from './token';

export interface Door {
  topic: string;
  /** The access service's base. */
  access: string;
  /** Where a bare code opens the topic. */
  addressWith(code: string): string;
}

/** What came of a new token while the connection lives. */
export type Renewal =
  | {kind: 'extended'; expires: number | null}
  | {kind: 'later'}    // the relay does not extend this connection: the token is for the next one
  | {kind: 'redial'}   // a code, or nothing lives: it is for a new connection, now
  | {kind: 'refused'; refusal: Refusal};

/** What a page asks of whoever holds its viewer's key. */
export interface Keyholder {
  readonly topic: string;
  readonly kindHeld: 'token' | 'code' | 'nothing';
  /** For the page to keep over a reload; never for it to show. */
  readonly tokenHeld: string | null;
  /** What the token says of itself. */
  readonly claims: TokenFacts | null;
  /** null where nobody said. */
  readonly secondsLeft: number | null;
  /** Does a new token keep the living connection? */
  readonly extends: boolean;
  /** For Connection. */
  readonly dial: Dialer;
  /** What stands in the way of coming back, and whether to try. */
  judge(ending: Ending): {refusal: Refusal | null; verdict: Verdict};
  /** `living`: there is an open connection that should not be lost. */
  renew(credential: Credential, living: boolean): Promise<Renewal>;
}

export class Admission implements Keyholder {
  readonly extends = true;
  private token: string | null = null;
  private facts: TokenFacts | null = null;
  private once: string | null = null;  // an address whose code has not been used
  private connection: string | null = null;
  private skewSeconds = 0;
  private expiresAt: number | null = null;  // of the living connection, or of the next

  constructor(private readonly wire: Wire, private readonly door: Door, credential: Credential | null) {
    if (credential) this.take(credential);
  }

  get topic(): string {
    return this.door.topic;
  }

  get kindHeld(): 'token' | 'code' | 'nothing' {
    return this.token !== null ? 'token' : this.once !== null ? 'code' : 'nothing';
  }

  get tokenHeld(): string | null {
    return this.token;
  }

  get claims(): TokenFacts | null {
    return this.facts;
  }

  get secondsLeft(): number | null {
    return this.expiresAt === null ? null : this.expiresAt - this.now();
  }

  /** An address whose code is fresh. */
  readonly dial: Dialer = async () => {
    if (this.once !== null) {
      const url = this.once;
      this.once = null;
      this.connection = codeIn(url);
      return url;
    }
    if (this.token === null) throw new Refused({kind: 'spent', said: ''});
    const token = this.token;
    const admitted = await this.exchange(token);
    this.connection = admitted.connection;
    this.skewSeconds = admitted.skewSeconds;
    if (token === this.token) this.expiresAt = this.facts?.expires ?? null;
    return admitted.url;
  };

  judge(ending: Ending): {refusal: Refusal | null; verdict: Verdict} {
    const found = refusalBehind(ending, this.expiresAt, this.now());
    // A connection that was opened with a code ends: the token that came meanwhile opens the next.
    const unused = found?.kind === 'expired' && !ending.refusal && this.tokenOutlives();
    const refusal = unused ? null : found;
    return {refusal, verdict: verdictOn(refusal)};
  }

  async renew(credential: Credential, living: boolean): Promise<Renewal> {
    if (!living || credential.kind !== 'token') {
      this.take(credential);
      return {kind: 'redial'};
    }
    try {
      const {expires, connections} = await requestExtension(this.wire, this.door.access, this.topic, credential.token, this.connection);
      if (connections === 0) return this.forLater(credential);
      this.take(credential);
      this.expiresAt = expires ?? this.expiresAt;
      return {kind: 'extended', expires: this.expiresAt};
    } catch (error) {
      const refusal = this.reasonOf(error, readToken(credential.token));
      return refusal.kind === 'missing' ? this.forLater(credential) : {kind: 'refused', refusal};
    }
  }

  private forLater(credential: Credential): Renewal {
    const expires = this.expiresAt;
    this.take(credential);
    this.expiresAt = expires;
    return {kind: 'later'};
  }

  private take(credential: Credential): void {
    if (credential.kind !== 'token') {
      this.once = credential.kind === 'code' ? this.door.addressWith(credential.code) : credential.url;
      this.expiresAt = null;
      return;
    }
    this.token = credential.token;
    this.facts = readToken(credential.token);
    this.expiresAt = this.facts?.expires ?? null;
  }

  private async exchange(token: string): Promise<Admittance> {
    try {
      return await requestAddress(this.wire, this.door.access, this.topic, token);
    } catch (error) {
      throw new Refused(this.reasonOf(error, readToken(token)));
    }
  }

  private reasonOf(error: unknown, facts: TokenFacts | null): Refusal {
    const refusal: Refusal = error instanceof Refused ? error.refusal : {kind: 'unreachable', said: ''};
    return refined(refusal, facts, this.now());
  }

  private tokenOutlives(): boolean {
    const expires = this.facts?.expires ?? null;
    return this.token !== null && expires !== null && this.expiresAt !== expires && expires > this.now();
  }

  /** Seconds since 1970 by the relay's clock, as far as it is known. */
  private now(): number {
    return this.wire.now() + this.skewSeconds;
  }
}
