// Topics that need tokens: the player page and the statistics page, in front of a node that serves such topics, or, for
// what ours does not do, of a stand-in (lib/secure_node.mjs).

import assert from 'node:assert/strict';
import {test} from 'node:test';

import {openBrowser, openPage, phone, scrollsSideways, stateOf, waitForMovingPicture, waitForState} from './lib/browser.mjs';
import {hasProgram, startHost, startSplitNode} from './lib/program.mjs';
import {hasFfmpeg, post, publishTo, recipes} from './lib/publisher.mjs';
import {hasSecureNode, helpersFor, openSecureNode, secret} from './lib/secure_node.mjs';
import {nowSeconds} from './lib/tokens.mjs';

const base = process.env.CROSSPOINT_URL?.replace(/\/$/, '');
const options = {
  timeout: 120_000,
  skip: !base || !hasSecureNode ? 'CROSSPOINT_URL or CROSSPOINT_SECURE_URL is not set' : !hasFfmpeg ? 'ffmpeg is not installed' : false,
};
const withProgram = {...options, skip: options.skip || (hasProgram ? false : 'CROSSPOINT_PROGRAM is not set')};
let topics = 0;
const newTopic = () => `web-secure-${process.pid}-${++topics}`;
const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

/** Publishes to a topic of its own, and opens its page with `token(topic)` in the fragment. */
async function watch(t, node, {token = topic => node.token(topic), path = topic => `/view/${topic}`, ...browser} = {}) {
  const topic = newTopic();
  const source = await publishTo(t, node.senderAddress(topic), recipes.mpeg1());
  const context = await openBrowser(t, browser);
  const sockets = [];
  context.on('page', page => page.on('websocket', socket => sockets.push(socket.url())));
  const given = token(topic);
  const opened = await openPage(context, `${node.base}${path(topic)}${given ? `#token=${given}` : ''}`);
  return {...opened, topic, source, context, sockets, given};
}

const give = async (page, text, button) => {
  await page.locator('input[name=token]').fill(text);
  await page.getByRole('button', {name: button, exact: true}).click();
};

/** Everything of the page, and of what it keeps for later visits, that somebody might read a token in. */
const readable = page => page.evaluate(() => [
  document.documentElement.outerHTML, document.title, location.href, JSON.stringify({...localStorage}), document.cookie,
].join('\n'));

test('a token in the fragment opens the topic, and is seen nowhere afterwards', options, async t => {
  const node = await openSecureNode(t, base);
  const {page, complaints, given, topic, sockets} = await watch(t, node);
  await waitForMovingPicture(page);
  await waitForState(page, 'Live');
  assert.equal(page.url(), `${node.base}/view/${topic}`);
  assert.equal(await page.locator('.topic').innerText(), topic);
  assert.match(await page.locator('.access').innerText(), /Your access lasts another 59 min\./);
  assert.ok(!(await readable(page)).includes(given.slice(-20)), 'the token stands somewhere');
  assert.ok(!sockets.join().includes(given.slice(-20)));
  assert.equal(sockets.length, 1);
  assert.deepEqual(complaints, []);
});

test('a picture that the host sent with a token of its own plays, is extended, and ends with the booking', withProgram, async t => {
  const node = await openSecureNode(t, base);
  const host = await startHost(t);
  const [topic, booking] = [newTopic(), `host-${process.pid}`];
  await host.addDestination({
    id: '0', stream: 'front', destination: `${node.base}/session/${topic}`, token: node.token(topic, {scopes: ['write'], booking_id: 'experiment'}),
  });
  post(t, host.feed('front'), recipes.mpeg1());
  const {page, complaints} = await openPage(await openBrowser(t), 'about:blank');
  const sockets = [];
  page.on('websocket', socket => sockets.push(socket));
  await page.goto(`${node.base}/view/session/${topic}#token=${node.token(topic, {booking_id: booking, lifetime: 30})}`);
  await waitForMovingPicture(page);
  await page.getByText(/Your access ends in \d+ s\. With a new token you stay/).waitFor();
  await give(page, node.token(topic, {booking_id: booking}), 'Extend');
  await page.getByText('Your access was extended.').waitFor();
  await pause(30_000);
  await waitForMovingPicture(page);
  assert.equal(await stateOf(page), 'Live');
  assert.deepEqual(sockets.map(socket => socket.isClosed()), [false], 'the same socket all the time');

  await node.deny(booking);
  await waitForState(page, 'Booking cancelled');
  assert.match(await page.locator('.veil').innerText(), /Make a new booking/);
  assert.deepEqual(complaints, []);
});

test('the pages need no other address where the access service has a port of its own', withProgram, async t => {
  const audience = 'https://lab.example/access';
  const split = await startSplitNode(t, secret, audience);
  const node = helpersFor(split.base, audience, null);
  const {page, context, complaints, topic, sockets} = await watch(t, node);
  await waitForMovingPicture(page);
  assert.match(sockets[0], /^ws:\/\/localhost:/, 'the topics are on another origin than the page');
  await page.getByRole('button', {name: 'New token'}).click();
  await give(page, node.token(topic, {lifetime: 7200}), 'Extend');
  await page.getByText('Your access was extended.').waitFor();
  const stats = await openPage(context, `${node.base}/stats#token=${node.token('', {scopes: ['relay:stats']})}`);
  await stats.page.getByText(topic).first().waitFor();
  assert.deepEqual([complaints, stats.complaints], [[], []]);
});

test('/view/session/TOPIC is the same topic', options, async t => {
  const node = await openSecureNode(t, base);
  const {page} = await watch(t, node, {path: topic => `/view/session/${topic}`});
  await waitForMovingPicture(page);
});

test('a token stays for a reload of the tab, until it is forgotten', options, async t => {
  const node = await openSecureNode(t, base);
  const {page, sockets} = await watch(t, node);
  await waitForState(page, 'Live');
  await page.reload();
  await waitForState(page, 'Live');
  assert.equal(new Set(sockets).size, 2, 'each connection has a code of its own');
  await page.getByRole('button', {name: 'Forget token'}).click();
  await page.getByText('A token, please').waitFor();
  assert.equal(await page.evaluate(() => JSON.stringify({...sessionStorage}).includes('.')), false);
  await page.reload();
  await page.getByText('A token, please').waitFor();
});

test('a token is asked for, taken by the keyboard alone, and what is none is called that', options, async t => {
  const node = await openSecureNode(t, base);
  const {page, topic, complaints} = await watch(t, node, {token: () => ''});
  await page.getByText('A token, please').waitFor();
  assert.equal(await page.locator('input[name=token]').getAttribute('type'), 'password');
  await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'token');
  await page.keyboard.type('hello m f');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('neither a token nor a one-time code').waitFor();
  await page.locator('input[name=token]').fill(node.token(topic));
  await page.keyboard.press('Enter');
  await waitForMovingPicture(page);
  assert.deepEqual(complaints, []);
});

test('a one-time code opens the topic directly, once', options, async t => {
  const node = await openSecureNode(t, base);
  const {page, topic, context} = await watch(t, node, {token: () => ''});
  const code = new URL(await node.addressOf(topic)).searchParams.get('code');
  await page.goto(`${node.base}/view/${topic}?code=${code}`);
  await waitForMovingPicture(page);
  assert.equal(page.url(), `${node.base}/view/${topic}`, 'a spent code does not stay in the address');
  const second = await openPage(context, `${node.base}/view/${topic}?code=${code}`);
  await waitForState(second.page, 'Code used');
  await give(second.page, node.token(topic), 'Go on');
  await waitForMovingPicture(second.page);
});

const refusals = [
  ['an expired token', (node, topic) => node.token(topic, {exp: nowSeconds() - 5}), 'Token expired', /Get a new token/],
  ['a token for another topic', node => node.token('elsewhere'), 'Token for another topic', /It opens elsewhere, not /],
  ['a token of another relay’s', (node, topic) => node.foreignToken(topic), 'Token not accepted', /Copy the whole token once more/],
  ['a token for another address', (node, topic) => node.token(topic, {aud: ['https://other.example']}), 'Token for another relay', /Check that the address/],
];
for (const [what, token, label, advice] of refusals) {
  test(`${what} is refused in words, and a good one goes on from there`, options, async t => {
    const node = await openSecureNode(t, base);
    const {page, topic, sockets} = await watch(t, node, {token: topic => token(node, topic)});
    await waitForState(page, label);
    assert.match(await page.locator('.veil').innerText(), advice);
    await pause(2500);
    assert.deepEqual([await stateOf(page), sockets], [label, []], 'it does not try again');
    await give(page, node.token(topic), 'Go on');
    await waitForMovingPicture(page);
  });
}

test('a token for later is waited for', options, async t => {
  const node = await openSecureNode(t, base);
  const {page} = await watch(t, node, {token: topic => node.token(topic, {nbf: nowSeconds() + 9})});
  await waitForState(page, 'Not valid yet');
  assert.match(await page.locator('.veil').innerText(), /Trying again in \d+ s/);
  await waitForMovingPicture(page);
});

test('a new token keeps the living connection', options, async t => {
  const node = await openSecureNode(t, base);
  const {page, topic, sockets, complaints} = await watch(t, node, {token: topic => node.token(topic, {lifetime: 25})});
  await waitForMovingPicture(page);
  await page.getByText(/Your access ends in \d+ s\. With a new token you stay/).waitFor();
  await give(page, node.token(topic), 'Extend');
  await page.getByText('Your access was extended.').waitFor();
  assert.match(await page.locator('.access').innerText(), /Your access lasts another 59 min\./);
  await pause(25_000);
  await waitForMovingPicture(page);
  assert.equal(await stateOf(page), 'Live');
  assert.equal(sockets.length, 1, 'the same socket all the time');
  assert.deepEqual(complaints, []);
});

test('a token that cannot extend leaves the viewers where they are', options, async t => {
  const node = await openSecureNode(t, base);
  const {page, topic, sockets} = await watch(t, node);
  await waitForState(page, 'Live');
  await page.getByRole('button', {name: 'New token'}).click();
  await give(page, node.token('elsewhere'), 'Extend');
  await page.getByRole('alert').getByText('This token is for another topic').waitFor();
  assert.equal(await stateOf(page), 'Live');
  // A good one may come in the address bar as well.
  await page.evaluate(fragment => { location.hash = fragment; }, `#token=${node.token(topic)}`);
  await page.getByText('Your access was extended.').waitFor();
  assert.equal(page.url(), `${node.base}/view/${topic}`);
  assert.equal(sockets.length, 1);
});

test('an embedding page extends it by posting a token', options, async t => {
  const node = await openSecureNode(t, base);
  const {page, topic, context} = await watch(t, node, {token: () => ''});
  // A page of the same host, as the pages' frame-ancestors wants it.
  await context.route(`${node.base}/embedding`, route => route.fulfill({contentType: 'text/html', body: '<iframe width=900 height=700></iframe>'}));
  await page.goto(`${node.base}/embedding`);
  await page.evaluate(address => {
    window.wanted = [];
    addEventListener('message', event => window.wanted.push(event.data));
    document.querySelector('iframe').src = address;
  }, `${node.base}/view/${topic}`);
  await page.waitForFunction(() => window.wanted.length > 0);
  assert.deepEqual(await page.evaluate(() => window.wanted[0]), {type: 'crosspoint-token-wanted', topic});
  const post = token => page.evaluate(
    value => document.querySelector('iframe').contentWindow.postMessage({type: 'crosspoint-token', token: value}, '*'), token);
  await post(node.token(topic, {lifetime: 60}));
  const frame = page.frameLocator('iframe');
  await frame.locator('.state', {hasText: 'Live'}).waitFor();
  await frame.getByText(/Your access ends in \d+ s/).waitFor();
  await post(node.token(topic));
  await frame.getByText('Your access was extended.').waitFor();
});

test('when the token ends the page says so, stops, and goes on with a new one', options, async t => {
  const node = await openSecureNode(t, base);
  const {page, topic, sockets} = await watch(t, node, {token: topic => node.token(topic, {lifetime: 20})});
  await waitForMovingPicture(page);
  await waitForState(page, 'Token expired');
  await pause(4000);
  assert.equal(await stateOf(page), 'Token expired');
  assert.equal(sockets.length, 1, 'it does not come back without a new token');
  await give(page, node.token(topic), 'Go on');
  await waitForState(page, 'Live');
  await waitForMovingPicture(page);
});

test('when the booking is cancelled the page says so and stops', options, async t => {
  const node = await openSecureNode(t, base);
  const booking = `cancelled-${process.pid}`;
  const {page, topic, sockets} = await watch(t, node, {token: topic => node.token(topic, {booking_id: booking})});
  await waitForMovingPicture(page);
  await node.deny(booking);
  await waitForState(page, 'Booking cancelled');
  assert.match(await page.locator('.veil').innerText(), /Make a new booking/);
  await pause(4000);
  assert.equal(sockets.length, 1);
  await page.reload();
  await waitForState(page, 'Booking cancelled');
  await give(page, node.token(topic, {booking_id: `${booking}-again`}), 'Go on');
  await waitForMovingPicture(page);
});

test('too many attempts are said to be that, and tried again', options, async t => {
  const node = await openSecureNode(t, base, {});
  const {page, topic} = await watch(t, node);
  await waitForState(page, 'Live');
  node.standIn.busy = {status: 429, body: 'slow down', headers: {'Retry-After': '3'}};
  await page.reload();
  await waitForState(page, 'Too many attempts');
  node.standIn.busy = null;
  await waitForState(page, 'Live');
  assert.equal(await page.locator('.topic').innerText(), topic);
});

test('a lost connection comes back with a fresh code', options, async t => {
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
});

test('closing words that are about something else are shown, and it comes back', options, async t => {
  const node = await openSecureNode(t, base, {});
  const {page} = await watch(t, node);
  await waitForState(page, 'Live');
  for (const {socket, claims} of node.standIn.members) if (claims.scopes.includes('read')) socket.close(4007, 'the rig is being cleaned');
  await page.getByText('The relay ended the connection: the rig is being cleaned.').waitFor();
  await waitForState(page, 'Live');
});

test('a relay that extends nothing gets the new token with the next connection', options, async t => {
  const node = await openSecureNode(t, base, {});
  const {page, topic, sockets} = await watch(t, node, {token: topic => node.token(topic, {lifetime: 20})});
  await waitForMovingPicture(page);
  await give(page, node.token(topic), 'Extend');
  await page.getByText('The relay does not extend this connection').waitFor();
  await page.getByText(/Your access lasts another 59 min/).waitFor({timeout: 40_000});
  await waitForState(page, 'Live');
  assert.equal(sockets.length, 2);
});

test('behind a reverse proxy’s prefix everything is found', options, async t => {
  const node = await openSecureNode(t, base, {prefix: '/lab/relay'});
  const {page, complaints} = await watch(t, node, {path: topic => `/view/session/${topic}`});
  await waitForMovingPicture(page);
  await page.getByRole('link', {name: 'Statistics'}).click();
  await page.getByText('Topics behind tokens').waitFor();
  assert.equal(page.url(), `${node.base}/stats`);
  assert.ok(node.standIn.asked.every(path => path.startsWith('/lab/relay/') || path === '/favicon.ico'), node.standIn.asked.join(' '));
  assert.deepEqual(complaints, []);
});

const statsTokens = [
  ['polled with relay:stats', node => node.token('', {scopes: ['relay:stats'], topic: undefined}), 'Refreshed every 5 s'],
  ['heard on the topic stats', node => node.token('stats'), 'As the relay reports'],
];
for (const [how, token, label] of statsTokens) {
  test(`statistics, ${how}`, options, async t => {
    const node = await openSecureNode(t, base);
    const topic = newTopic();
    await publishTo(t, node.senderAddress(topic), recipes.mpeg1());
    const context = await openBrowser(t);
    const {page, complaints} = await openPage(context, `${node.base}/stats`);
    await give(page, token(node), 'Show');
    await page.getByText(label).waitFor();
    const row = page.locator('section[aria-labelledby=Topics] tbody tr', {hasText: topic});
    await row.locator('[data-column=in]', {hasText: /bit\/s/}).waitFor({timeout: 20_000});
    await row.locator('svg').waitFor({timeout: 20_000});
    const client = page.locator('section[aria-labelledby=Connections] tbody tr', {hasText: topic});
    assert.equal(await client.locator('[data-column=scopes]').innerText(), 'write');
    assert.match(await client.locator('[data-column=expires]').innerText(), /in 59 min/);
    assert.equal(await page.getByText('Broadcasters').count(), 0, 'a node without open topics has no table of them');
    assert.ok(!(await readable(page)).includes(token(node).slice(-20)));
    assert.deepEqual(complaints, []);
    await page.getByRole('button', {name: 'Forget token'}).click();
    await page.getByText('Topics behind tokens').waitFor();
  });
}

test('statistics say why a token does not open them', options, async t => {
  const node = await openSecureNode(t, base);
  const context = await openBrowser(t);
  const {page} = await openPage(context, `${node.base}/stats#token=${node.token('elsewhere')}`);
  await page.getByText('This token does not allow that').waitFor();
  await give(page, node.token('', {scopes: ['relay:stats']}), 'Show');
  await page.getByText('Refreshed every 5 s').waitFor();
});

test('on a phone the secure pages fit, in both colour schemes', options, async t => {
  const node = await openSecureNode(t, base);
  const {page, context, topic} = await watch(t, node, {viewport: phone, touch: true, token: topic => node.token(topic, {lifetime: 100})});
  await waitForState(page, 'Live');
  const stats = await openPage(context, `${node.base}/stats#token=${node.token('', {scopes: ['relay:stats']})}`);
  await stats.page.getByText(topic).first().waitFor();
  const asking = await openPage(context, `${node.base}/view/${newTopic()}`);
  await asking.page.getByText('A token, please').waitFor();
  const refused = await openPage(context, `${node.base}/view/${topic}-other#token=${node.token(topic)}`);
  await waitForState(refused.page, 'Token for another topic');
  for (const shown of [page, stats.page, asking.page, refused.page]) {
    for (const colorScheme of ['light', 'dark']) {
      await shown.emulateMedia({colorScheme});
      assert.equal(await scrollsSideways(shown), false, shown.url());
    }
  }
  assert.ok((await refused.page.getByRole('button', {name: 'Go on'}).boundingBox()).height >= 44, 'a finger finds the button');
});
