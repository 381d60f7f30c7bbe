// Tokens as the booking system makes them (HS256).

import {createHmac, timingSafeEqual} from 'node:crypto';

const part = value => Buffer.from(JSON.stringify(value)).toString('base64url');
const signature = (text, secret) => createHmac('sha256', secret).update(text).digest('base64url');

export const nowSeconds = () => Math.floor(Date.now() / 1000);

/** A token for `topic` that is good for an hour, unless `claims` say otherwise; `lifetime` in seconds. */
export function makeToken(secret, audience, {topic, lifetime = 3600, ...claims}) {
  const now = nowSeconds();
  const payload = {
    booking_id: 'booking-1', topic, prefix: 'session', scopes: ['read'], aud: [audience],
    exp: now + lifetime, nbf: now - 1, iat: now - 1, ...claims,
  };
  const text = `${part({alg: 'HS256', typ: 'JWT'})}.${part(payload)}`;
  return `${text}.${signature(text, secret)}`;
}

/** The claims; null if the token is damaged or somebody else's. */
export function verified(token, secret) {
  const parts = String(token ?? '').split('.');
  if (parts.length !== 3) return null;
  const [wanted, given] = [signature(`${parts[0]}.${parts[1]}`, secret), parts[2]].map(text => Buffer.from(text));
  if (wanted.length !== given.length || !timingSafeEqual(wanted, given)) return null;
  return JSON.parse(Buffer.from(parts[1], 'base64url').toString());
}
