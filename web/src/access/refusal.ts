// Why a relay let nobody in, out of the many shapes in which relays say so: a JSON string ("Token Wrong Topic"),
// {"code":401,"message":"…"}, {"code":"400","message":"…"}, or nothing that can be read.

import type {TokenFacts} from './token';

export type RefusalKind =
  | 'expired' | 'early' | 'topic' | 'audience' | 'cancelled' | 'signature' | 'scope' | 'claims' | 'booking' | 'spent'
  | 'lasting'      // longer than the relay lets any token be valid
  | 'attempts'     // too many of them: later it may go well
  | 'missing'      // there is no such service at that address
  | 'unreachable'  // no answer, or one from a proxy that found no relay
  | 'insecure'     // the relay answers with an address that this page may not open
  | 'none'         // the page has nothing to show the relay
  | 'other';

export interface Refusal {
  kind: RefusalKind;
  /** The relay's own words, cut to a readable length; may be empty. */
  said: string;
  /** The relay asked to be left alone for so long, or the token begins then. */
  waitSeconds?: number;
  /** The relay is on another host, and the browser may have kept its answer from us. */
  hidden?: boolean;
}

/** What asking to be let in throws. */
export class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.kind);
  }
}

const saidCharactersMax = 200;
const retryAfterSeconds = {least: 1, unsaid: 30, most: 3600};

/** An answer that is no success, as one of the kinds. */
export function refusalOf(status: number, body: string, retryAfter: string | null = null): Refusal {
  const said = wordsIn(body);
  if (status === 429) return {kind: 'attempts', said, waitSeconds: retryAfterOf(retryAfter)};
  if (status === 404 || status === 405) return {kind: 'missing', said};  // its words repeat the path, whatever that says
  const kind = kindOf(said);
  if (kind) return {kind, said};
  if (status >= 500 || status === 408) return {kind: 'unreachable', said};
  return {kind: 'other', said};
}

// The first row that fits counts. `token invalid` is all that the old relay says of a token that is damaged, expired,
// too early or signed by somebody else: `refined` looks closer.
const rows: [RegExp, RefusalKind][] = [
  [/not permitted to access/i, 'topic'],  // repeats route and audience
  [/does not match this host/i, 'audience'],  // repeats the token's audience, whatever that says
  [/deny.?list|denied|cancel/i, 'cancelled'],
  [/too many/i, 'attempts'],
  [/(wrong|another|other|different) topic/i, 'topic'],
  [/\baud\b|audience|(another|other|different) relay/i, 'audience'],
  [/not (valid )?yet|too early|not.?before|before issued|in the future/i, 'early'],
  [/\bcode\b.*(unknown|used|old|expired|invalid)|(unknown|used|invalid|expired|missing) code/i, 'spent'],
  [/expired/i, 'expired'],
  [/booking.?id.*(empty|not permitted|missing)|(empty|missing|no) booking/i, 'booking'],
  [/scope/i, 'scope'],
  [/valid for too long/i, 'lasting'],
  [/claim|does not say when it expires|connection type/i, 'claims'],
  [/signature|signing method|number of segments|not signed|another key|unauthenticated|token (is )?(invalid|malformed|not jwt)|malformed|(invalid|bad) token/i, 'signature'],
];

function kindOf(said: string): RefusalKind | null {
  return rows.find(([pattern]) => pattern.test(said))?.[1] ?? null;
}

/** Why a living connection was ended, out of its closing words; null if they are about something else. */
export function refusalInClosing(reason: string): Refusal | null {
  const kind = kindOf(reason);
  return kind === 'expired' || kind === 'cancelled' ? {kind, said: reason} : null;
}

/** Why the token that was shown with the handshake is no good, or no longer; null if the closing words are about something else. */
export function refusalOfShown(reason: string): Refusal | null {
  if (!/^(error reading token |denied - )/i.test(reason)) return refusalInClosing(reason);
  return {kind: kindOf(reason) ?? 'other', said: trimmed(reason)};
}

/** With what the token says of itself, where the relay said less. `now` in seconds of the relay's clock. */
export function refined(refusal: Refusal, facts: TokenFacts | null, now: number): Refusal {
  if (!facts) return refusal;
  const {expires, notBefore} = facts;
  const vague = refusal.kind === 'signature' || (refusal.kind === 'unreachable' && refusal.hidden === true);
  if (vague && expires !== null && expires <= now) return {...refusal, kind: 'expired'};
  const early = refusal.kind === 'early' || refusal.kind === 'signature';
  if (early && notBefore !== null && notBefore > now) return {...refusal, kind: 'early', waitSeconds: notBefore - now};
  return refusal;
}

/** What a person would call the message in an error's body. */
function wordsIn(body: string): string {
  return trimmed(messageIn(body)).slice(0, saidCharactersMax);
}

function messageIn(body: string): string {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'string') return value;
    const {message, error} = (value ?? {}) as Record<string, unknown>;
    return typeof message === 'string' ? message : typeof error === 'string' ? error : '';
  } catch {
    return /^\s*</.test(body) ? '' : body;  // a proxy's page is not for reading here
  }
}

// eslint-disable-next-line no-control-regex
const trimmed = (text: string) => text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();

function retryAfterOf(field: string | null): number {
  const seconds = field === null || field.trim() === '' ? NaN : Number(field);
  if (!Number.isFinite(seconds)) return retryAfterSeconds.unsaid;
  return Math.min(Math.max(seconds, retryAfterSeconds.least), retryAfterSeconds.most);
}
