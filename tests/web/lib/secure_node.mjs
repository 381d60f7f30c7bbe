// A node whose topics need tokens: the real one that tests/web/run starts, or a stand-in for tests of a relay that does
// what ours never would. Tests ask only for what both have, or say by `options` that they need the stand-in.

import {makeToken, nowSeconds} from './tokens.mjs';
import {StandIn} from './stand_in.mjs';

const real = process.env.CROSSPOINT_SECURE_URL?.replace(/\/$/, '');
export const secret = process.env.CROSSPOINT_SECURE_SECRET ?? 'web-tests-secret';
export const hasSecureNode = Boolean(real);

/** `pages` is the node that has the pages for the stand-in; with `options` (those of StandIn) it is a stand-in. */
export async function openSecureNode(t, pages, options = null) {
  if (options === null) return helpersFor(real, process.env.CROSSPOINT_SECURE_AUDIENCE ?? real, null);
  const standIn = new StandIn({pages, secret, ...options});
  await standIn.start();
  t.after(() => standIn.stop());
  return helpersFor(standIn.base, standIn.audience, standIn);
}

export function helpersFor(base, audience, standIn) {
  const token = (topic, claims = {}) => makeToken(secret, audience, {topic, ...claims});
  /** The answer's `uri`, as any client gets it. */
  const addressOf = async (topic, claims) => {
    const headers = {Authorization: token(topic, claims), 'Content-Type': 'application/json'};
    const answer = await fetch(`${base}/session/${encodeURIComponent(topic)}`, {method: 'POST', headers, body: '{}'});
    if (!answer.ok) throw new Error(`access refused: ${answer.status} ${await answer.text()}`);
    return (await answer.json()).uri;
  };
  return {
    base, token, addressOf, standIn,
    foreignToken: topic => makeToken('the secret of another relay', audience, {topic}),
    senderAddress: topic => () => addressOf(topic, {scopes: ['write'], booking_id: 'experiment'}),
    async deny(booking) {
      const headers = {Authorization: token('', {scopes: ['relay:admin']})};
      const answer = await fetch(`${base}/bids/deny?bid=${booking}&exp=${nowSeconds() + 600}`, {method: 'POST', headers});
      if (answer.status !== 204) throw new Error(`deny: ${answer.status} ${await answer.text()}`);
    },
  };
}
