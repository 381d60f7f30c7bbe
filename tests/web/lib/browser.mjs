// A headless Chromium of the system's, and what a test wants to know of a page.

import {chromium} from 'playwright-core';
import {existsSync} from 'node:fs';
import {after} from 'node:test';

const executables = [process.env.CROSSPOINT_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const flags = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--autoplay-policy=user-gesture-required',
];

export const phone = {width: 390, height: 844};
export const desktop = {width: 1280, height: 800};

// One for all tests of a file: each has a profile of its own in it, empty at first.
let browser = null;
after(async () => (await browser)?.close());

function launch() {
  const executablePath = executables.find(path => path && existsSync(path));
  if (!executablePath) throw new Error('no Chromium found: install it, or name it in CROSSPOINT_CHROMIUM');
  return chromium.launch({executablePath, args: flags});
}

/** A browser for the time of one test, as far as the test can tell: `t` is the test's context. */
export async function openBrowser(t, {viewport = desktop, colorScheme = 'light', touch = false} = {}) {
  browser ??= launch();
  const context = await (await browser).newContext({viewport, colorScheme, hasTouch: touch, deviceScaleFactor: touch ? 2 : 1});
  t.after(() => context.close());
  return context;
}

const mayBeRefused = /\/(view-config\.json|session\/[^/]+(\/refresh)?|status)$/;

/** A page whose errors are kept: `complaints` must stay empty, violations of its security policy among them. */
export async function openPage(context, url) {
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', error => complaints.push(`error: ${error.message}`));
  page.on('console', message => {
    // The browser itself reports each refused connection and request; that is no fault of the page.
    const connection = /WebSocket connection to|net::ERR_/.test(message.text());
    const answer = /responded with a status of/.test(message.text()) && mayBeRefused.test(message.location().url);
    if (message.type() === 'error' && !connection && !answer) complaints.push(message.text());
  });
  await page.goto(url);
  return {page, complaints};
}

/** The state in words, as the page shows it. */
export const stateOf = page => page.locator('.state').innerText();

export async function waitForState(page, words, timeout = 30_000) {
  await page.waitForFunction(
    wanted => document.querySelector('.state')?.textContent?.trim() === wanted, words, {timeout})
    .catch(async error => { throw new Error(`the page says “${await stateOf(page)}”, not “${words}”: ${error.message}`); });
}

/** There is a connection to extend, whether or not a picture has come through it. */
export const connected = page => page.waitForFunction(
  () => ['Waiting for the source', 'Waiting for a key frame', 'Live'].includes(document.querySelector('.state')?.textContent));

/** Inside the page: a number for what `selector` shows right now; null while there is no picture. */
function hashOf(selector) {
  const source = document.querySelector(selector);
  if (!source) return null;
  const [width, height] = source instanceof HTMLVideoElement
    ? [source.videoWidth, source.videoHeight] : [source.width, source.height];
  if (!width || !height) return null;
  const copy = document.createElement('canvas');
  copy.width = 160;
  copy.height = 90;
  const context = copy.getContext('2d', {willReadFrequently: true});
  context.drawImage(source, 0, 0, 160, 90);
  const {data} = context.getImageData(0, 0, 160, 90);
  let hash = 0x811c9dc5;
  let colours = 0;
  for (let i = 0; i < data.length; i += 4) {
    const pixel = (data[i] << 16) | (data[i + 1] << 8) | data[i + 2];
    if (i > 0 && pixel !== ((data[i - 4] << 16) | (data[i - 3] << 8) | data[i - 2])) colours++;
    hash = Math.imul(hash ^ pixel, 0x01000193) >>> 0;
  }
  return colours > 100 ? hash : null;  // one flat colour is no picture
}

export const pictureHash = page => page.evaluate(hashOf, '.screen');

/** Of a page that is not ours: what a player drew with WebGL can be read in the frame in which it drew it, and no later. */
const foreignHash = (page, selector) => page.evaluate(
  ([look, where]) => new Promise(resolve => requestAnimationFrame(() => resolve(new Function(`return (${look})`)()(where)))),
  [hashOf.toString(), selector]);

/** Resolves once the picture has changed `times` times; throws if it does not within `timeout`. */
export const waitForMovingPicture = (page, limits = {}) => waitForChanges(() => pictureHash(page), () => stateOf(page), limits);

/** The same for a page that is not ours. */
export const waitForMovingScreen = (page, selector, limits = {}) =>
  waitForChanges(() => foreignHash(page, selector), () => 'nothing', limits);

async function waitForChanges(look, words, {times = 3, timeout = 45_000}) {
  const until = Date.now() + timeout;
  const seen = new Set();
  while (seen.size <= times) {
    const hash = await look();
    if (hash !== null) seen.add(hash);
    if (seen.size <= times && Date.now() > until) {
      throw new Error(`the picture does not move: ${seen.size} different ones; the page says “${await words()}”`);
    }
    await new Promise(resolve => setTimeout(resolve, 80));
  }
}

/** A figure of the readout, by its title: readout(page, 'Picture') is "640 × 360". */
export const readout = (page, title) => page.evaluate(wanted => {
  const cell = [...document.querySelectorAll('.readout > div')].find(div => div.querySelector('dt')?.firstChild?.textContent === wanted);
  return cell?.querySelector('dd')?.textContent ?? null;
}, title);

export async function waitForReadout(page, title, pattern, timeout = 20_000) {
  const until = Date.now() + timeout;
  let shown = null;
  do {
    shown = await readout(page, title);
    if (pattern.test(shown ?? '')) return shown;
    await new Promise(resolve => setTimeout(resolve, 100));
  } while (Date.now() < until);
  throw new Error(`“${title}” is “${shown}”, not ${pattern}`);
}

export const scrollsSideways = page =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
