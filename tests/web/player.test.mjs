// The player page against a running crosspoint: CROSSPOINT_URL says where, for example http://127.0.0.1:8080.
// Each test publishes a stream of its own, from a real ffmpeg, and looks at what Chromium shows.

import assert from 'node:assert/strict';
import {test} from 'node:test';

import {
  openBrowser, openPage, phone, pictureHash, readout, scrollsSideways, stateOf, waitForMovingPicture, waitForReadout, waitForState,
} from './lib/browser.mjs';
import {openGate} from './lib/gate.mjs';
import {hasFfmpeg, openSender, publish, recipes} from './lib/publisher.mjs';
import {together} from './lib/together.mjs';

const base = process.env.CROSSPOINT_URL?.replace(/\/$/, '');
const options = {
  timeout: 180_000,
  skip: !base ? 'CROSSPOINT_URL is not set' : !hasFfmpeg ? 'ffmpeg is not installed' : false,
};
let topics = 0;
const topic = kind => `web-test-${kind}-${process.pid}-${++topics}`;
const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

/** Publishes, opens the page and waits until the picture moves. */
async function watch(t, recipe, {viewport, touch, through = base, name = topic('stream')} = {}) {
  const source = await publish(t, base, name, recipe);
  const context = await openBrowser(t, {viewport, touch});
  const {page, complaints} = await openPage(context, `${through}/view/${name}`);
  await waitForMovingPicture(page);
  await waitForState(page, 'Live');
  return {page, complaints, source, name, context};
}

together(options, [
  ['F64: MPEG-1 video with MP2 sound plays', async t => {
    const {page, complaints} = await watch(t, recipes.mpeg1('640x360'));
    await waitForReadout(page, 'Frames', /\d \/s/);
    assert.equal(await readout(page, 'Picture'), '640 × 360');
    assert.match(await readout(page, 'Carries'), /MPEG-1 video · MP2 audio 44.1 kHz/);
    await waitForReadout(page, 'Bit rate', /[kM]bit\/s/);
    const frames = Number.parseFloat(await readout(page, 'Frames'));
    // How many of the 25 a busy machine shows is its own affair; more there cannot be.
    assert.ok(frames > 0 && frames < 30, `${frames} frames per second of 25`);
    assert.deepEqual(complaints, []);
  }],

  ['F64: H.264 with AAC plays', async t => {
    const {page, complaints} = await watch(t, recipes.h264('640x360'));
    assert.equal(await readout(page, 'Picture'), '640 × 360');
    assert.match(await readout(page, 'Carries'), /H\.264 · AAC/);
    await waitForReadout(page, 'Delay, estimated', /≈ .* m?s/);
    assert.deepEqual(complaints, []);
  }],

  ['sound goes on with a click and stays on after a reload', async t => {
    const {page} = await watch(t, recipes.h264());
    assert.equal(await page.locator('video').evaluate(video => video.muted), true);
    await page.getByRole('button', {name: 'Sound on'}).click();
    assert.equal(await page.locator('video').evaluate(video => video.muted), false);
    await page.getByRole('slider', {name: 'Volume'}).fill('0.5');
    assert.equal(await page.locator('video').evaluate(video => video.volume), 0.5);
    await page.keyboard.press('m');
    assert.equal(await page.locator('video').evaluate(video => video.muted), true);
    await page.keyboard.press('m');
    // Two keys between which nothing is drawn.
    await page.evaluate(() => ['m', 'm'].forEach(key => document.dispatchEvent(new KeyboardEvent('keydown', {key}))));
    assert.equal(await page.locator('video').evaluate(video => video.muted), false);
    await page.reload();
    await waitForMovingPicture(page);
    assert.equal(await page.evaluate(() => JSON.parse(localStorage.getItem('crosspoint.sound')).muted), false);
  }],

  ['H.264 beside MP2 sound shows its picture', async t => {
    const {page} = await watch(t, recipes.h264Mp2());
    await waitForReadout(page, 'Carries', /H\.264 · MP2 audio/);
  }],
]);

test('MP2 sound is played after a click, piece after piece without a gap', options, async t => {
  const context = await openBrowser(t);
  await context.addInitScript(() => {
    window.pieces = [];
    const {start} = AudioBufferSourceNode.prototype;
    AudioBufferSourceNode.prototype.start = function (when) {
      const peak = Math.max(...this.buffer.getChannelData(0));
      window.pieces.push({when, seconds: this.buffer.duration, peak, late: when < this.context.currentTime});
      return start.call(this, when);
    };
  });
  const name = topic('sound');
  await publish(t, base, name, recipes.mpeg1());
  const {page} = await openPage(context, `${base}/view/${name}`);
  await waitForMovingPicture(page);
  assert.equal(await page.evaluate(() => window.pieces.length), 0, 'nothing sounds before the click');
  await page.getByRole('button', {name: 'Sound on'}).click();
  await pause(3000);
  const pieces = await page.evaluate(() => window.pieces);
  const seams = pieces.slice(1).filter((piece, i) => Math.abs(piece.when - pieces[i].when - pieces[i].seconds) > 1e-6).length;
  assert.ok(pieces.length > 30, `${pieces.length} pieces in 3 s, of 115`);
  assert.ok(pieces.every(piece => piece.peak > 0.01 && !piece.late));
  assert.ok(seams < pieces.length / 10, `${seams} gaps among ${pieces.length} pieces`);
});

together(options, [
  ['reconnects by itself after the server went away and came back', async t => {
    const gate = await openGate(t, base);
    const {page} = await watch(t, recipes.mpeg1(), {through: gate.base});
    await gate.shut();
    await waitForState(page, 'Not reachable');
    assert.match(await page.locator('.veil').innerText(), /Trying again (in \d+ s|now)/);
    await gate.open();
    await waitForState(page, 'Live', 45_000);
    await waitForMovingPicture(page);
  }],

  ['an H.264 player comes back after the server does', async t => {
    const gate = await openGate(t, base);
    const {page} = await watch(t, recipes.h264(), {through: gate.base});
    await gate.shut();
    await waitForState(page, 'Not reachable');
    await gate.open();
    await waitForState(page, 'Live', 45_000);
    await waitForMovingPicture(page);
  }],

  ['F65: sound that is left out while the tables promise it stops neither a viewer nor a new one', async t => {
    const {page, source, name, context} = await watch(t, recipes.h264());
    source.muteRaw(true);
    await page.getByText('The stream announces sound, but none arrives.').waitFor();
    await waitForMovingPicture(page, {times: 10});
    const second = await openPage(context, `${base}/view/${name}`);
    await waitForMovingPicture(second.page);
    source.muteRaw(false);
    for (const viewer of [page, second.page]) {
      await viewer.bringToFront();
      await viewer.getByRole('button', {name: 'Sound on'}).waitFor();
      await waitForMovingPicture(viewer, {times: 10});
    }
  }],

  ['what changes its codec on a running topic is followed', async t => {
    const {page, source, name} = await watch(t, recipes.mpeg1());
    await source.stop();
    await publish(t, base, name, recipes.h264());
    await page.waitForSelector('video.screen');
    await page.waitForFunction(() => !document.querySelector('canvas.screen'), null, {timeout: 45_000});
    await waitForMovingPicture(page);
    assert.match(await readout(page, 'Carries'), /H\.264/);
  }],
]);

together(options, ['mpeg1', 'h264'].flatMap(kind => [
  [`F63: ${kind} goes on without a reload when the sender is started again, in another size too`, async t => {
    const {page, source, name} = await watch(t, recipes[kind]());
    await source.stop();
    await waitForState(page, 'Source lost');
    const second = await publish(t, base, name, recipes[kind]());
    await waitForState(page, 'Live');
    await waitForMovingPicture(page);
    await second.stop();
    await publish(t, base, name, recipes[kind]('320x240'));
    await page.waitForFunction(
      () => document.querySelector('.readout dd')?.textContent === '320 × 240', null, {timeout: 45_000});
    await waitForMovingPicture(page);
  }],

  [`C.4: a text message on the topic does not stop ${kind}`, async t => {
    const {page, source} = await watch(t, recipes[kind]());
    for (let i = 0; i < 5; i++) {
      source.sendText('{"muted":true}');
      await pause(100);
    }
    await waitForMovingPicture(page, {times: 5});
    assert.equal(await stateOf(page), 'Live');
  }],
]));

test('the delay of an H.264 stream does not grow', options, async t => {
  const {page} = await watch(t, recipes.h264Silent());
  const edge = () => page.evaluate(() => {
    const {buffered, currentTime} = document.querySelector('video');
    const newest = buffered.length > 0 ? buffered.end(buffered.length - 1) : 0;
    return {newest, behind: newest - currentTime};
  });
  const {newest} = await edge();
  // A page that could not run for two seconds has that much in its buffer.
  await page.evaluate(() => { const until = performance.now() + 2000; while (performance.now() < until); });
  const until = Date.now() + 10_000;
  let now = await edge();
  while ((now.newest < newest + 2 || now.behind > 1.2) && Date.now() < until) {
    await pause(200);
    now = await edge();
  }
  assert.ok(now.newest >= newest + 2 && now.behind <= 1.2, `${now.behind} s behind, ${now.newest - newest} s later`);
});

together(options, [
  ['a topic that carries no stream shows its messages, and no markup of theirs', async t => {
    const name = topic('data');
    const context = await openBrowser(t);
    const {page, complaints} = await openPage(context, `${base}/view/${name}`);
    await waitForState(page, 'Waiting for the source');
    const sender = await openSender(t, base, name);
    sender.send('{"temperature":21.5,"unit":"<b id=injected>C</b>"}');
    sender.send(Buffer.from([0x00, 0xff, 0x10, 0x47]));
    await waitForState(page, 'Receiving data');
    await page.waitForFunction(() => document.querySelectorAll('.messages li').length === 2);
    const text = await page.locator('.messages').innerText();
    assert.match(text, /"temperature": 21\.5/);
    assert.match(text, /00 ff 10 47/);
    assert.equal(await page.locator('#injected').count(), 0);
    assert.deepEqual(complaints, []);
  }],

  ['a nested topic, and one that does not lie under /out/', async t => {
    const context = await openBrowser(t);
    const name = `${topic('lab')}/front`;
    const {page} = await openPage(context, `${base}/view/${name}`);
    await waitForState(page, 'Waiting for the source');
    const sender = await openSender(t, base, name);
    sender.send('nested');
    await waitForState(page, 'Receiving data');
    assert.equal(await page.locator('.topic').innerText(), `/out/${name}`);

    const other = `/${topic('both')}`;
    const second = await openPage(context, `${base}/view/?topic=${encodeURIComponent(other)}`);
    await waitForState(second.page, 'Waiting for the source');
    assert.equal(await second.page.locator('.topic').innerText(), other);
  }],

  ['on a phone the page fits, in both colour schemes', async t => {
    const name = `${topic('phone')}/bench-4/overview-camera`;
    const {page, context} = await watch(t, recipes.mpeg1(), {viewport: phone, touch: true, name});
    const heading = await page.locator('.topic').evaluate(({scrollWidth, clientWidth, innerText}) => ({scrollWidth, clientWidth, innerText}));
    assert.equal(heading.innerText, `/out/${name}`);
    assert.ok(heading.scrollWidth <= heading.clientWidth, 'the topic is cut off');
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({colorScheme});
      assert.equal(await scrollsSideways(page), false);
    }
    const button = await page.getByRole('button', {name: 'Sound on'}).boundingBox();
    assert.ok(button.height >= 44, 'a finger finds the button');
    const stats = await openPage(context, `${base}/stats`);
    await stats.page.getByText('web-test').first().waitFor();
    assert.equal(await scrollsSideways(stats.page), false);
  }],

  ['the page asks no other host for anything', async t => {
    const context = await openBrowser(t);
    const asked = [];
    context.on('request', request => asked.push(request.url()));
    const name = topic('hosts');
    await publish(t, base, name, recipes.h264());
    const {page} = await openPage(context, `${base}/view/${name}`);
    await waitForMovingPicture(page);
    const foreign = asked.filter(url => !url.startsWith(base) && !/^(blob|data):/.test(url));
    assert.deepEqual(foreign, []);
    assert.notEqual(await pictureHash(page), null);
  }],
]);
