// How long a viewer may stay: the token's end, more time without a new socket, bookings that are cancelled.

import assert from 'node:assert/strict';

import {connected, openBrowser, openPage, stateOf, waitForMovingPicture, waitForState} from './lib/browser.mjs';
import {hasProgram, startHost} from './lib/program.mjs';
import {post, recipes} from './lib/publisher.mjs';
import {openSecureNode} from './lib/secure_node.mjs';
import {base, give, newTopic, options, pause, watch} from './lib/secure_page.mjs';
import {together} from './lib/together.mjs';
import {nowSeconds} from './lib/tokens.mjs';

const withProgram = {...options, skip: options.skip || (hasProgram ? false : 'CROSSPOINT_PROGRAM is not set')};

together(withProgram, [
  ['a picture that the host sent with a token of its own plays, is extended, and ends with the booking', async t => {
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
    await page.goto(`${node.base}/view/session/${topic}#token=${node.token(topic, {booking_id: booking, lifetime: 20})}`);
    await connected(page);
    await page.getByText(/Your access ends in \d+ s\. With a new token you stay/).waitFor();
    await give(page, node.token(topic, {booking_id: booking}), 'Extend');
    await page.getByText('Your access was extended.').waitFor();
    await pause(20_000);
    await waitForMovingPicture(page);
    assert.equal(await stateOf(page), 'Live');
    assert.deepEqual(sockets.map(socket => socket.isClosed()), [false], 'the same socket all the time');

    await node.deny(booking);
    await waitForState(page, 'Booking cancelled');
    assert.match(await page.locator('.veil').innerText(), /Make a new booking/);
    assert.deepEqual(complaints, []);
  }],

  ['a new token keeps the living connection', async t => {
    const node = await openSecureNode(t, base);
    const {page, topic, sockets, complaints} = await watch(t, node, {token: topic => node.token(topic, {lifetime: 20})});
    await connected(page);
    await page.getByText(/Your access ends in \d+ s\. With a new token you stay/).waitFor();
    await give(page, node.token(topic), 'Extend');
    await page.getByText('Your access was extended.').waitFor();
    assert.match(await page.locator('.access').innerText(), /Your access lasts another 59 min\./);
    await pause(20_000);
    await waitForMovingPicture(page);
    assert.equal(await stateOf(page), 'Live');
    assert.equal(sockets.length, 1, 'the same socket all the time');
    assert.deepEqual(complaints, []);
  }],

  ['when the token ends the page says so, stops, and goes on with a new one', async t => {
    const node = await openSecureNode(t, base);
    const {page, topic, sockets} = await watch(t, node, {token: topic => node.token(topic, {lifetime: 20})});
    await connected(page);
    await waitForState(page, 'Token expired');
    const before = sockets.length;
    await pause(2500);
    assert.equal(await stateOf(page), 'Token expired');
    assert.equal(sockets.length, before, 'it does not come back without a new token');
    await give(page, node.token(topic), 'Go on');
    await waitForState(page, 'Live');
    await waitForMovingPicture(page);
  }],

  ['a relay that extends nothing gets the new token with the next connection', async t => {
    const node = await openSecureNode(t, base, {});
    const {page, topic, sockets} = await watch(t, node, {token: topic => node.token(topic, {lifetime: 20})});
    await connected(page);
    await give(page, node.token(topic), 'Extend');
    await page.getByText('The relay does not extend this connection').waitFor();
    await page.getByText(/Your access lasts another 59 min/).waitFor({timeout: 40_000});
    await waitForState(page, 'Live');
    assert.equal(sockets.length, 2);
  }],

  ['when the booking is cancelled the page says so and stops', async t => {
    const node = await openSecureNode(t, base);
    const booking = `cancelled-${process.pid}`;
    const {page, topic, sockets} = await watch(t, node, {token: topic => node.token(topic, {booking_id: booking})});
    await waitForMovingPicture(page);
    await node.deny(booking);
    await waitForState(page, 'Booking cancelled');
    assert.match(await page.locator('.veil').innerText(), /Make a new booking/);
    const before = sockets.length;
    await pause(2500);
    assert.equal(sockets.length, before);
    await page.reload();
    await waitForState(page, 'Booking cancelled');
    await give(page, node.token(topic, {booking_id: `${booking}-again`}), 'Go on');
    await waitForMovingPicture(page);
  }],

  ['a token for later is waited for', async t => {
    const node = await openSecureNode(t, base);
    const {page} = await watch(t, node, {token: topic => node.token(topic, {nbf: nowSeconds() + 12})});
    await waitForState(page, 'Not valid yet');
    assert.match(await page.locator('.veil').innerText(), /Trying again in \d+ s/);
    await waitForMovingPicture(page);
  }],
], 3);
