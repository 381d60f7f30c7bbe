// Whether to come back after a connection ended or was not had. Pure: the moment is an argument.

import type {Ending, Verdict} from '../net/connection';
import {type Refusal, refusalInClosing} from './refusal';

// A relay that counts whole seconds closes up to this long before or after the token's end.
const expirySlackSeconds = 2;
const ownReasonsFrom = 4000;  // RFC 6455 section 7.4.2: codes that a server gives a meaning of its own

/** What stands in the way; null if it was only the network. `expires` and `now` in seconds of the relay's clock. */
export function refusalBehind(ending: Ending, expires: number | null, now: number): Refusal | null {
  if (ending.refusal) return ending.refusal;
  const spoken = ending.code === 1008 || ending.code >= ownReasonsFrom ? refusalInClosing(ending.reason) : null;
  if (spoken) return spoken;
  // The old relay cuts the line at the token's end, and says nothing.
  const over = expires !== null && now >= expires - expirySlackSeconds;
  return ending.wasOpen && over ? {kind: 'expired', said: ending.reason} : null;
}

/** Codes work once and tokens end: what only another token can change is not tried again. */
export function verdictOn(refusal: Refusal | null): Verdict {
  switch (refusal?.kind) {
    case undefined:
    case 'unreachable':
    case 'missing':
      return {again: true, leastSeconds: 0};
    case 'attempts':
      return {again: true, leastSeconds: refusal!.waitSeconds ?? 0};
    case 'early':
      // Without a moment to wait for, somebody else has to say when.
      return refusal!.waitSeconds === undefined ? {again: false} : {again: true, leastSeconds: refusal!.waitSeconds + 1};
    default:
      return {again: false};
  }
}
