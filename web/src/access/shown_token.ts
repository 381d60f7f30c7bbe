// A token that opens an open relay's topic: shown with each handshake, as a subprotocol. In the address it would work as
// well, but addresses are what proxies write down. The relay takes it or closes with its reason; it extends nothing, so
// a new one is for the next connection.

import type {Dialer, Ending, Target, Verdict} from '../net/connection';
import type {Keyholder, Renewal} from './admission';
import {type Refusal, refined, refusalOfShown} from './refusal';
import {verdictOn} from './rules';
import {type Credential, readToken, type TokenFacts} from './token';

const policyViolation = 1008;  // RFC 6455 section 7.4.1

/** The subprotocol behind which the relay looks for a token. */
export const targetWith = (url: string, token: string): Target => ({url, protocols: ['bearer', token]});

export class ShownToken implements Keyholder {
  readonly kindHeld = 'token';
  readonly extends = false;
  private facts: TokenFacts | null;
  private shown: string;  // when the living connection was opened

  /** `now`: seconds since 1970. */
  constructor(readonly topic: string, private readonly url: string, private token: string, private readonly now: () => number) {
    this.shown = token;
    this.facts = readToken(token);
  }

  get tokenHeld(): string {
    return this.token;
  }

  /** These tokens name what they open as their audience. */
  get claims(): TokenFacts | null {
    return this.facts && {...this.facts, topic: this.facts.audience};
  }

  get secondsLeft(): number | null {
    const expires = this.facts?.expires ?? null;
    return expires === null ? null : expires - this.now();
  }

  readonly dial: Dialer = async () => {
    this.shown = this.token;
    return targetWith(this.url, this.token);
  };

  judge(ending: Ending): {refusal: Refusal | null; verdict: Verdict} {
    const said = ending.code === policyViolation ? refusalOfShown(ending.reason) : null;
    // The one that came meanwhile opens the next connection.
    const unused = said?.kind === 'expired' && this.token !== this.shown;
    const refusal = said === null || unused ? null : refined(said, this.facts, this.now());
    return {refusal, verdict: verdictOn(refusal)};
  }

  async renew(credential: Credential, living: boolean): Promise<Renewal> {
    if (credential.kind !== 'token') return {kind: 'refused', refusal: {kind: 'none', said: ''}};
    this.token = credential.token;
    this.facts = readToken(credential.token);
    return {kind: living ? 'later' : 'redial'};
  }
}
