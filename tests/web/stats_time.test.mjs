// How soon the statistics page shows what happens (CROSSPOINT_URL): for a machine that does nothing else.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import WebSocket from 'ws';

import {openBrowser, openPage} from './lib/browser.mjs';
import {openGate} from './lib/gate.mjs';
import {openSender} from './lib/publisher.mjs';

const base = process.env.CROSSPOINT_URL?.replace(/\/$/, '');
const options = {timeout: 60_000, skip: base ? false : 'CROSSPOINT_URL is not set'};
const topic = `web-stats-time-${process.pid}`;

const titles = (page, table) => page.locator(`section[aria-labelledby="${table}"] thead th`).allInnerTexts()
  .then(texts => texts.map(text => text.replace(/\W+$/, '')));
const rowsOf = (page, table) => page.locator(`section[aria-labelledby="${table}"] tbody tr`, {hasText: topic});

/** A sender and a viewer of one topic; the sender has sent five messages of 1000 bytes. */
async function twoClients(t) {
  const sender = await openSender(t, base, topic);
  const viewer = new WebSocket(`${base.replace(/^http/, 'ws')}/out/${topic}`, {headers: {'User-Agent': '<i id="injected">viewer</i>'}});
  await new Promise((resolve, reject) => viewer.once('open', resolve).once('error', reject));
  t.after(() => viewer.terminate());
  for (let i = 0; i < 5; i++) sender.send(Buffer.alloc(1000));
}

// Over http at an address of a network: at one that begins with 127.0.0.1 the page that this one replaces worked, too.
test('F29: rows appear within two seconds, the titles stay, and it refreshes', options, async t => {
  await twoClients(t);
  const gate = await openGate(t, base, '127.0.0.2');
  const context = await openBrowser(t);
  const {page, complaints} = await openPage(context, `${gate.base}/stats`);

  await rowsOf(page, 'Broadcasters').first().waitFor({timeout: 2_000});
  await rowsOf(page, 'Receivers').first().waitFor({timeout: 2_000});

  assert.equal(await page.locator('h1').innerText(), 'Crossbar stats');
  const shared = ['last', 'FPS', 'Connected', 'remoteAddr', 'userAgent'];
  const broadcasters = ['topic', 'last', 'Avg Bytes', ...shared.slice(1)];
  const receivers = ['topic', 'last', 'Avg size', ...shared.slice(1)];
  assert.deepEqual(await titles(page, 'Broadcasters'), broadcasters);
  assert.deepEqual(await titles(page, 'Receivers'), receivers);
  assert.match(await rowsOf(page, 'Broadcasters').first().innerText(), /1000 B/);
  assert.equal(await page.locator('#injected').count(), 0, 'a user agent is text, not markup');

  const third = await openSender(t, base, `${topic}-late`);
  await page.getByText(`${topic}-late`).first().waitFor({timeout: 7_000});
  third.terminate();
  await page.getByText(`${topic}-late`).first().waitFor({state: 'detached', timeout: 7_000});
  assert.deepEqual(await titles(page, 'Broadcasters'), broadcasters);
  assert.deepEqual(complaints, []);
});
