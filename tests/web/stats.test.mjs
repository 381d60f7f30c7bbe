// The statistics page against a running crosspoint (CROSSPOINT_URL).

import assert from 'node:assert/strict';

import {openBrowser, openPage} from './lib/browser.mjs';
import {openGate} from './lib/gate.mjs';
import {openSender} from './lib/publisher.mjs';
import {together} from './lib/together.mjs';

const base = process.env.CROSSPOINT_URL?.replace(/\/$/, '');
const options = {timeout: 60_000, skip: base ? false : 'CROSSPOINT_URL is not set'};
const topic = `web-stats-${process.pid}`;

together(options, [
  ['the titles sort', async t => {
    for (const name of ['b', 'a', 'c']) await openSender(t, base, `${topic}-sort-${name}`);
    const context = await openBrowser(t);
    const {page} = await openPage(context, `${base}/stats`);
    const rows = page.locator('section[aria-labelledby="Broadcasters"] tbody tr', {hasText: `${topic}-sort-`});
    await rows.nth(2).waitFor();
    const order = async () => (await rows.locator('td[data-column="topic"]').allInnerTexts()).map(text => text.slice(-1)).join('');
    assert.equal(await order(), 'abc');
    await page.locator('section[aria-labelledby="Broadcasters"]').getByRole('button', {name: 'topic'}).click();
    assert.equal(await order(), 'cba');
  }],

  ['the statistics come back after the server does', async t => {
    await openSender(t, base, `${topic}-back`);
    const gate = await openGate(t, base);
    const context = await openBrowser(t);
    const {page} = await openPage(context, `${gate.base}/stats`);
    await page.getByText(`${topic}-back`).first().waitFor();
    await gate.shut();
    await page.getByText('Not reachable').waitFor();
    await gate.open();
    await page.getByText('Refreshed every 5 s').waitFor({timeout: 15_000});
  }],
]);
