// What a page reads in a token without being able to verify it: only so that it can speak of it in advance. Whether
// a token is good is the relay's to say, and the page never refuses one by itself.

export interface TokenFacts {
  topic: string;
  /** The only one, or the first of several; empty if the token does not say. */
  audience: string;
  scopes: string[];
  /** Seconds since 1970; null if the token does not say. */
  expires: number | null;
  notBefore: number | null;
}

/** What somebody pasted: a token, a one-time code, or the whole address that the access exchange answers. */
export type Credential =
  | {kind: 'token'; token: string}
  | {kind: 'code'; code: string}
  | {kind: 'address'; url: string};

export const credentialCharactersMax = 16 * 1024;

const part = '[A-Za-z0-9_-]+';
const tokenShape = new RegExp(`^${part}\\.${part}\\.${part}$`);
const codeShape = /^[A-Za-z0-9_-]{16,128}$/;

/** null if it is none of the three. White space within comes from mail programs that break lines. */
export function credentialOf(pasted: string): Credential | null {
  if (pasted.length > credentialCharactersMax) return null;
  const text = pasted.trim().replace(/^Bearer\s+/i, '').replace(/^"(.*)"$/s, '$1').replace(/\s+/g, '');
  if (tokenShape.test(text)) return {kind: 'token', token: text};
  if (codeShape.test(text)) return {kind: 'code', code: text};
  return /^wss?:\/\/[^/]+\/.*[?&]code=[^&]+/.test(text) ? {kind: 'address', url: text} : null;
}

/** null if the payload cannot be read. */
export function readToken(token: string): TokenFacts | null {
  try {
    const claims: unknown = JSON.parse(decodePart(token.split('.')[1]));
    return typeof claims === 'object' && claims !== null && !Array.isArray(claims) ? factsOf(claims as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function factsOf(claims: Record<string, unknown>): TokenFacts {
  return {
    topic: textOf(claims.topic),
    audience: textOf(Array.isArray(claims.aud) ? claims.aud[0] : claims.aud),
    scopes: Array.isArray(claims.scopes) ? claims.scopes.filter(scope => typeof scope === 'string') : [],
    expires: moment(claims.exp),
    notBefore: moment(claims.nbf),
  };
}

const textOf = (claim: unknown) => typeof claim === 'string' ? claim : '';

/** Relays take a number in quotes as well, and drop fractions. */
function moment(claim: unknown): number | null {
  const seconds = typeof claim === 'string' && claim !== '' ? Number(claim) : claim;
  return typeof seconds === 'number' && Number.isFinite(seconds) ? Math.trunc(seconds) : null;
}

/** base64url (RFC 4648 section 5) of UTF-8. */
function decodePart(text: string): string {
  const bytes = Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0));
  return new TextDecoder('utf-8', {fatal: true}).decode(bytes);
}
