// Open topics behind a token (A.8), as the older relay's users make them: the node's secret, and the path as audience.

import assert from 'node:assert/strict';

import {connected, openBrowser, openPage, stateOf, waitForMovingPicture, waitForMovingScreen, waitForState} from './lib/browser.mjs';
import {bodies, serveForeignPage} from './lib/foreign_page.mjs';
import {hasProgram, start} from './lib/program.mjs';
import {hasFfmpeg, publishTo, recipes} from './lib/publisher.mjs';
import {together} from './lib/together.mjs';
import {makeToken, nowSeconds} from './lib/tokens.mjs';

const secret = 'web-tests-older-secret';
const audience = 'wss://lab.example';
const options = {
  timeout: 120_000,
  skip: !hasProgram ? 'CROSSPOINT_PROGRAM is not set' : !hasFfmpeg ? 'ffmpeg is not installed' : false,
};
const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

const tokenFor = (path, claims = {}) => makeToken(secret, '', {aud: audience + path, ...claims});

/** The node, and a picture on its topic `front`; the first that wants them starts them, the last stops them. */
let shared = null;
let users = 0;
async function openNode(t) {
  const cleaning = [];
  shared ??= (async () => {
    const own = {after: step => cleaning.push(step)};
    const base = await start(own, 'serve', '--listen', '127.0.0.1:0', '--secret', secret, '--audience', audience);
    const sockets = base.replace(/^http/, 'ws');
    await publishTo(own, async () => `${sockets}/in/front?token=${tokenFor('/in/front')}`, recipes.mpeg1());
    return {base, sockets, stop: async () => { for (const step of cleaning.reverse()) await step(); }};
  })();
  users++;
  const node = await shared;
  t.after(async () => {
    if (--users > 0) return;
    shared = null;  // whoever comes later starts another
    await node.stop();
  });
  return node;
}

async function watch(t, fragment = '', query = '') {
  const node = await openNode(t);
  const context = await openBrowser(t);
  const dialled = [];
  context.on('page', page => page.on('websocket', socket => dialled.push(socket.url())));
  const opened = await openPage(context, `${node.base}/view/front${query}${fragment}`);
  return {...opened, node, dialled};
}

const give = async (page, text, button) => {
  await page.locator('input[name=token]').fill(text);
  await page.getByRole('button', {name: button, exact: true}).click();
};

together(options, [
  ['A.8: a token in the fragment opens an open topic of a node with a secret, and stands in no address', async t => {
    const token = tokenFor('/out/front');
    const {page, complaints, dialled, node} = await watch(t, `#token=${token}`);
    await waitForMovingPicture(page);
    await waitForState(page, 'Live');
    assert.equal(page.url(), `${node.base}/view/front`);
    assert.deepEqual(dialled, [`${node.sockets}/out/front`]);
    assert.match(await page.locator('.access').innerText(), /Your access lasts another 59 min\./);
    await page.reload();
    await waitForState(page, 'Live');
    assert.ok(!(await page.content()).includes(token.slice(-20)), 'the token stands in the page');
    assert.deepEqual(complaints, []);
  }],

  ['A.8: so does one in the page’s query, which leaves the address bar', async t => {
    const {page, dialled, node} = await watch(t, '', `?token=${tokenFor('/out/front')}&join=burst`);
    await waitForMovingPicture(page);
    assert.equal(page.url(), `${node.base}/view/front?join=burst`);
    assert.deepEqual(dialled, [`${node.sockets}/out/front?join=burst`]);
  }],

  ['A.8: without a token the page asks, says why it refuses one, and goes on with a good one', async t => {
    const {page, complaints, dialled} = await watch(t);
    await page.getByText('A token, please').waitFor();
    await give(page, 'abcdefghijklmnopqrstuvwx', 'Open');
    await page.getByRole('alert').getByText('That is no token.').waitFor();
    await give(page, tokenFor('/out/elsewhere'), 'Open');
    await waitForState(page, 'Token for another topic');
    assert.match(await page.locator('.veil').innerText(), /It opens wss:\/\/lab\.example\/out\/elsewhere, not \/out\/front/);
    await give(page, tokenFor('/out/front', {exp: nowSeconds() - 60}), 'Go on');
    await waitForState(page, 'Token expired');
    await give(page, makeToken('another secret', '', {aud: `${audience}/out/front`}), 'Go on');
    await waitForState(page, 'Token not accepted');
    await pause(2500);
    assert.deepEqual([await stateOf(page), dialled.length], ['Token not accepted', 3], 'it does not try again');
    await give(page, tokenFor('/out/front'), 'Go on');
    await waitForMovingPicture(page);
    assert.deepEqual(complaints, []);
  }],

  ['A.8: when the token ends the page says so, and a new one in time makes it connect anew', async t => {
    const {page, dialled} = await watch(t, `#token=${tokenFor('/out/front', {lifetime: 20})}`);
    await connected(page);
    await page.getByText(/Your access ends in \d+ s\. With a new token the page connects anew then\./).waitFor();
    await give(page, tokenFor('/out/front', {lifetime: 25}), 'Keep');
    await page.getByText('The new token is kept.').waitFor();
    await page.waitForFunction(() => /1 ×/.test(document.querySelector('.readout')?.textContent ?? ''));
    await waitForState(page, 'Token expired');
    assert.ok(dialled.length > 1, 'a new socket for the new token');
  }],

  ['A.8, F64: a page of @cycjimmy/jsmpeg-player with the token in its address plays', async t => {
    const node = await openNode(t);
    const address = `${node.sockets}/out/front?token=${tokenFor('/out/front')}`;
    const {url, screen} = await serveForeignPage(t, 'jsmpeg', bodies.videoElement(address));
    const {page} = await openPage(await openBrowser(t), url);
    await waitForMovingScreen(page, screen);
  }],
]);
