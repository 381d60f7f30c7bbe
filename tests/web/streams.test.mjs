// Streams of every kind that the player page is given: what it plays, and its words for what it does not.

import assert from 'node:assert/strict';

import {openBrowser, openPage, readout, stateOf, waitForMovingPicture, waitForState} from './lib/browser.mjs';
import {hasFfmpeg, publish, recipes} from './lib/publisher.mjs';
import {together} from './lib/together.mjs';

const base = process.env.CROSSPOINT_URL?.replace(/\/$/, '');
const options = {
  timeout: 120_000,
  skip: !base ? 'CROSSPOINT_URL is not set' : !hasFfmpeg ? 'ffmpeg is not installed' : false,
};

async function open(t, kind, prepare = () => {}) {
  const name = `web-kind-${kind}-${process.pid}`;
  await publish(t, base, name, recipes[kind]());
  const context = await openBrowser(t);
  await prepare(context);
  return openPage(context, `${base}/view/${name}`);
}

const countPieces = context => context.addInitScript(() => {
  window.pieces = 0;
  const {start} = AudioBufferSourceNode.prototype;
  AudioBufferSourceNode.prototype.start = function (when) {
    if (Math.max(...this.buffer.getChannelData(0)) > 0.01 && this.context.state === 'running') window.pieces++;
    return start.call(this, when);
  };
});

async function soundOnly(page, codec) {
  await page.getByText('Sound only').waitFor();
  await waitForState(page, 'Live');
  assert.match(await readout(page, 'Carries'), codec);
  assert.equal(await readout(page, 'Picture'), '–');
  await page.getByRole('button', {name: 'Sound on'}).click();
}

together(options, [
  ['MPEG-2 video is named as what cannot be played', async t => {
    const {page, complaints} = await open(t, 'mpeg2');
    await waitForState(page, 'Cannot be played here');
    assert.match(await page.locator('.veil').innerText(), /MPEG-2 video/);
    assert.deepEqual(complaints, []);
  }],

  ['H.265 plays where the browser decodes it, and is named where it does not', async t => {
    const {page, complaints} = await open(t, 'h265');
    if (await page.evaluate(() => MediaSource.isTypeSupported('video/mp4; codecs="hvc1.1.6.L93.B0"'))) {
      await waitForMovingPicture(page);
    } else {
      await waitForState(page, 'Cannot be played here');
      assert.match(await page.locator('.veil').innerText(), /H\.265 \(HEVC\) is not supported by this browser/);
    }
    assert.match(await readout(page, 'Carries'), /H\.265/);
    assert.deepEqual(complaints, []);
  }],

  ['MP2 sound without a picture is heard after a click', async t => {
    const {page, complaints} = await open(t, 'mp2Only', countPieces);
    await soundOnly(page, /^MP2 audio 44\.1 kHz$/);
    await page.waitForFunction(() => window.pieces > 20);
    assert.equal(await stateOf(page), 'Live');
    assert.deepEqual(complaints, []);
  }],

  ['AAC sound without a picture is heard after a click', async t => {
    const {page, complaints} = await open(t, 'aacOnly');
    await soundOnly(page, /^AAC/);
    const decoded = () => page.evaluate(() => {
      const {currentTime, muted, webkitAudioDecodedByteCount} = document.querySelector('video');
      return {currentTime, muted, bytes: webkitAudioDecodedByteCount};
    });
    const before = await decoded();
    assert.equal(before.muted, false);
    await page.waitForFunction(({currentTime, bytes}) => {
      const video = document.querySelector('video');
      return video.currentTime > currentTime + 1 && video.webkitAudioDecodedByteCount > bytes;
    }, before);
    assert.equal(await stateOf(page), 'Live');
    assert.deepEqual(complaints, []);
  }],
]);
