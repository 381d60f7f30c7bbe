// Players that nobody here wrote, and the demo: what shows the node's topics by an address alone. CROSSPOINT_URL,
// CROSSPOINT_PROGRAM and CROSSPOINT_JSMPEG_SECRET say where.

import assert from 'node:assert/strict';

import {openBrowser, openPage, waitForMovingPicture, waitForMovingScreen, waitForState} from './lib/browser.mjs';
import {bodies, serveForeignPage} from './lib/foreign_page.mjs';
import {hasProgram, start, startHost} from './lib/program.mjs';
import {hasFfmpeg, post, publish, recipes} from './lib/publisher.mjs';
import {together} from './lib/together.mjs';

const base = process.env.CROSSPOINT_URL?.replace(/\/$/, '');
const jsmpegSecret = process.env.CROSSPOINT_JSMPEG_SECRET;
const options = {
  timeout: 120_000,
  skip: !base || !jsmpegSecret || !hasProgram ? 'CROSSPOINT_URL and the like are not set' : !hasFfmpeg ? 'ffmpeg is not installed' : false,
};
const topic = kind => `web-players-${kind}-${process.pid}`;
const sockets = base?.replace(/^http/, 'ws');

async function show(t, player, body) {
  const {url, screen} = await serveForeignPage(t, player, body);
  const {page, complaints} = await openPage(await openBrowser(t), url);
  await waitForMovingScreen(page, screen);
  assert.deepEqual(complaints, []);
}

together(options, [
  ['F52, F64: a page of @cycjimmy/jsmpeg-player shows what ffmpeg posts to a host', async t => {
    const host = await startHost(t);
    const name = topic('host');
    await host.addDestination({id: '0', stream: 'front', destination: `${sockets}/in/${name}`});
    post(t, host.feed('front'), recipes.mpeg1());
    await show(t, 'jsmpeg', bodies.videoElement(`${sockets}/out/${name}`));
  }],

  ['F64: a player of the years that insist on the subprotocol null plays', async t => {
    const name = topic('null');
    await publish(t, base, name, recipes.mpeg1());
    await show(t, 'jsmpeg', bodies.videoElement(`${sockets}/out/${name}`, {protocols: 'null'}));
  }],

  ['C.2, F64: ffmpeg and a page that were written for jsmpeg’s own relay need only another host', async t => {
    post(t, `${base}/${jsmpegSecret}`, recipes.mpeg1());
    await show(t, 'jsmpeg', bodies.viewStream(`${sockets}/`));
  }],

  ['F64: a page of mpegts.js plays H.264 with AAC', async t => {
    const name = topic('mpegts');
    await publish(t, base, name, recipes.h264());
    await show(t, 'mpegts', bodies.mpegts(`${sockets}/out/${name}`));
  }],

  ['the demo’s picture, from ffmpeg through host and node, moves', async t => {
    const demo = await start(t, 'demo', '--listen', '127.0.0.1:0', '--host-listen', '127.0.0.1:0', '--source', 'ffmpeg');
    const {page, complaints} = await openPage(await openBrowser(t), `${demo}/view/demo`);
    await waitForMovingPicture(page, {timeout: 90_000});  // 720 lines, decoded by a busy machine
    await waitForState(page, 'Live');
    assert.deepEqual(complaints, []);
  }],
]);
