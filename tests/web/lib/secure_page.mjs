// A page in front of a node whose topics need tokens, and what is done with it.

import {openBrowser, openPage} from './browser.mjs';
import {hasFfmpeg, publishTo, recipes} from './publisher.mjs';
import {hasSecureNode} from './secure_node.mjs';

export const base = process.env.CROSSPOINT_URL?.replace(/\/$/, '');
export const options = {
  timeout: 120_000,
  skip: !base || !hasSecureNode ? 'CROSSPOINT_URL or CROSSPOINT_SECURE_URL is not set' : !hasFfmpeg ? 'ffmpeg is not installed' : false,
};

let topics = 0;
export const newTopic = () => `web-secure-${process.pid}-${++topics}`;
export const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

/** Publishes to a topic of its own, and opens its page with `token(topic)` in the fragment. */
export async function watch(t, node, {token = topic => node.token(topic), path = topic => `/view/${topic}`, ...browser} = {}) {
  const topic = newTopic();
  const source = await publishTo(t, node.senderAddress(topic), recipes.mpeg1());
  const context = await openBrowser(t, browser);
  const sockets = [];
  context.on('page', page => page.on('websocket', socket => sockets.push(socket.url())));
  const given = token(topic);
  const opened = await openPage(context, `${node.base}${path(topic)}${given ? `#token=${given}` : ''}`);
  return {...opened, topic, source, context, sockets, given};
}

export const give = async (page, text, button) => {
  await page.locator('input[name=token]').fill(text);
  await page.getByRole('button', {name: button, exact: true}).click();
};

/** Everything of the page, and of what it keeps for later visits, that somebody might read a token in. */
export const readable = page => page.evaluate(() => [
  document.documentElement.outerHTML, document.title, location.href, JSON.stringify({...localStorage}), document.cookie,
].join('\n'));
