// Tokens that reach a page while it is open: from the page that embeds it, or with a new fragment in the address bar.
//
//   frame.contentWindow.postMessage({type: 'crosspoint-token', token}, origin)
//
// The embedding page is told when one is wanted: {type: 'crosspoint-token-wanted', topic}.

import {takeFromAddress} from './keep';
import {credentialOf, type Credential} from './token';

/** From the embedding page or from this page itself: any window that knows ours can post to it. */
export function offeredIn(event: {data: unknown; source: unknown; origin: string}, page: {parent: unknown; own: unknown; origin: string}): Credential | null {
  const fromEmbedding = event.source === page.parent && page.parent !== page.own;
  if (!fromEmbedding && event.origin !== page.origin) return null;
  const {type, token} = (event.data ?? {}) as Record<string, unknown>;
  const credential = type === 'crosspoint-token' && typeof token === 'string' ? credentialOf(token) : null;
  return credential?.kind === 'token' ? credential : null;
}

/** Until the function that it returns is called. */
export function listenForOffers(taken: (credential: Credential) => void): () => void {
  const onMessage = (event: MessageEvent) => {
    const credential = offeredIn(event, {parent: window.parent, own: window, origin: location.origin});
    if (credential) taken(credential);
  };
  const onFragment = () => {
    const credential = takeFromAddress();
    if (credential) taken(credential);
  };
  window.addEventListener('message', onMessage);
  window.addEventListener('hashchange', onFragment);
  return () => {
    window.removeEventListener('message', onMessage);
    window.removeEventListener('hashchange', onFragment);
  };
}

/** Only pages of this very host may embed us (frame-ancestors), so only they need to hear it. */
export function askEmbeddingPage(topic: string): void {
  if (window.parent !== window) window.parent.postMessage({type: 'crosspoint-token-wanted', topic}, location.origin);
}
