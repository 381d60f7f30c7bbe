// Relays as other people run them, for what ours would not do (lib/stand_in.mjs).

import assert from 'node:assert/strict';

import {waitForMovingPicture, waitForState} from './lib/browser.mjs';
import {openSecureNode} from './lib/secure_node.mjs';
import {base, options, watch} from './lib/secure_page.mjs';
import {together} from './lib/together.mjs';

together(options, [
  ['too many attempts are said to be that, and tried again', async t => {
    const node = await openSecureNode(t, base, {});
    const {page, topic} = await watch(t, node);
    await waitForState(page, 'Live');
    node.standIn.busy = {status: 429, body: 'slow down', headers: {'Retry-After': '3'}};
    await page.reload();
    await waitForState(page, 'Too many attempts');
    node.standIn.busy = null;
    await waitForState(page, 'Live');
    assert.equal(await page.locator('.topic').innerText(), topic);
  }],

  ['a lost connection comes back with a fresh code', async t => {
    const node = await openSecureNode(t, base, {});
    const {page, topic, sockets} = await watch(t, node);
    await waitForState(page, 'Live');
    const asked = node.standIn.exchanges;
    for (const member of node.standIn.members) member.socket.terminate();
    await page.waitForFunction(() => /1 ×/.test(document.querySelector('.readout')?.textContent ?? ''));
    await waitForState(page, 'Live');
    assert.ok(node.standIn.exchanges > asked);
    assert.equal(new Set(sockets).size, 2);
    assert.equal(await page.locator('.topic').innerText(), topic);
  }],

  ['closing words that are about something else are shown, and it comes back', async t => {
    const node = await openSecureNode(t, base, {});
    const {page} = await watch(t, node);
    await waitForState(page, 'Live');
    for (const {socket, claims} of node.standIn.members) if (claims.scopes.includes('read')) socket.close(4007, 'the rig is being cleaned');
    await page.getByText('The relay ended the connection: the rig is being cleaned.').waitFor();
    await waitForState(page, 'Live');
  }],

  ['behind a reverse proxy’s prefix everything is found', async t => {
    const node = await openSecureNode(t, base, {prefix: '/lab/relay'});
    const {page, complaints} = await watch(t, node, {path: topic => `/view/session/${topic}`});
    await waitForMovingPicture(page);
    await page.getByRole('link', {name: 'Statistics'}).click();
    await page.getByText('Topics behind tokens').waitFor();
    assert.equal(page.url(), `${node.base}/stats`);
    assert.ok(node.standIn.asked.every(path => path.startsWith('/lab/relay/') || path === '/favicon.ico'), node.standIn.asked.join(' '));
    assert.deepEqual(complaints, []);
  }],
]);
