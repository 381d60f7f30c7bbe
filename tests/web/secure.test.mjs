// Topics that need tokens: the player page and the statistics page, in front of a node that serves such topics.

import assert from 'node:assert/strict';

import {openBrowser, openPage, phone, scrollsSideways, stateOf, waitForMovingPicture, waitForState} from './lib/browser.mjs';
import {hasProgram, startSplitNode} from './lib/program.mjs';
import {publishTo, recipes} from './lib/publisher.mjs';
import {helpersFor, openSecureNode, secret} from './lib/secure_node.mjs';
import {base, give, newTopic, options, pause, readable, watch} from './lib/secure_page.mjs';
import {together} from './lib/together.mjs';
import {nowSeconds} from './lib/tokens.mjs';

const withProgram = {...options, skip: options.skip || (hasProgram ? false : 'CROSSPOINT_PROGRAM is not set')};

together(options, [
  ['a token in the fragment opens the topic, and is seen nowhere afterwards', async t => {
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
  }],

  ['/view/session/TOPIC is the same topic', async t => {
    const node = await openSecureNode(t, base);
    const {page} = await watch(t, node, {path: topic => `/view/session/${topic}`});
    await waitForMovingPicture(page);
  }],

  ['a token stays for a reload of the tab, until it is forgotten', async t => {
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
  }],

  ['a token is asked for, taken by the keyboard alone, and what is none is called that', async t => {
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
  }],
]);

together(withProgram, [
  ['the pages need no other address where the access service has a port of its own', async t => {
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
  }],

  ['a one-time code opens the topic directly, once', async t => {
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
  }],

  ['a token that cannot extend leaves the viewers where they are', async t => {
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
  }],

  ['an embedding page extends it by posting a token', async t => {
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
  }],
]);

const refusals = [
  ['an expired token', (node, topic) => node.token(topic, {exp: nowSeconds() - 5}), 'Token expired', /Get a new token/],
  ['a token for another topic', node => node.token('elsewhere'), 'Token for another topic', /It opens elsewhere, not /],
  ['a token of another relay’s', (node, topic) => node.foreignToken(topic), 'Token not accepted', /Copy the whole token once more/],
  ['a token for another address', (node, topic) => node.token(topic, {aud: ['https://other.example']}), 'Token for another relay', /Check that the address/],
];
together(options, refusals.map(([what, token, label, advice]) => [`${what} is refused in words, and a good one goes on from there`, async t => {
  const node = await openSecureNode(t, base);
  const {page, topic, sockets} = await watch(t, node, {token: topic => token(node, topic)});
  await waitForState(page, label);
  assert.match(await page.locator('.veil').innerText(), advice);
  await pause(2500);
  assert.deepEqual([await stateOf(page), sockets], [label, []], 'it does not try again');
  await give(page, node.token(topic), 'Go on');
  await waitForMovingPicture(page);
}]));

const statsTokens = [
  ['polled with relay:stats', node => node.token('', {scopes: ['relay:stats'], topic: undefined}), 'Refreshed every 5 s'],
  ['heard on the topic stats', node => node.token('stats'), 'As the relay reports'],
];
together(options, [
  ['statistics say why a token does not open them', async t => {
    const node = await openSecureNode(t, base);
    const context = await openBrowser(t);
    const {page} = await openPage(context, `${node.base}/stats#token=${node.token('elsewhere')}`);
    await page.getByText('This token does not allow that').waitFor();
    await give(page, node.token('', {scopes: ['relay:stats']}), 'Show');
    await page.getByText('Refreshed every 5 s').waitFor();
  }],

  ['on a phone the secure pages fit, in both colour schemes', async t => {
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
  }],

  ...statsTokens.map(([how, token, label]) => [`statistics, ${how}`, async t => {
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
  }]),
]);
