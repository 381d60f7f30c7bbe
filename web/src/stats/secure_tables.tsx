// What a secure relay tells those who may know: its topics and connections.

import {useEffect, useRef, useState} from 'preact/hooks';

import '../access/access.css';
import {browserWire} from '../access/exchange';
import {leftInWords} from '../access/expiry';
import {forget, keep, kept} from '../access/keep';
import {listenForOffers} from '../access/offers';
import type {Refusal} from '../access/refusal';
import {sentencesFor} from '../access/sentences';
import {type Credential, readToken} from '../access/token';
import {TokenForm} from '../access/token_form';
import {ClientTable, RealmTable, TopicTable} from './secure_rows';
import {type SecureFeed, secureFeed, statsTopic} from './secure_feed';
import type {Wamp} from './wamp';
import {Window} from './window';

const keptAs = ':statistics';  // no topic: a token for relay:stats need not name one

interface Shown {
  window: Window;
  at: Date | null;
  wamp: Wamp | null;
  trouble: {refusal: Refusal; again: boolean} | null;
}

const nothing = (): Shown => ({window: new Window(), at: null, wamp: null, trouble: null});

export function SecureTables({access, given}: {access: string; given: Credential | null}) {
  const [credential, setCredential] = useState(() => given ?? kept(keptAs));
  const [shown, setShown] = useState(nothing);
  const feed = useRef<SecureFeed | null>(null);
  useEffect(() => {
    if (!credential) return;
    if (credential.kind === 'token') keep(keptAs, credential.token);
    const running = secureFeed(browserWire(), access, credential, {
      report: (clients, wamp) => setShown(({window: rates}) => {
        rates.add(clients, performance.now() / 1000);
        return {window: rates, at: new Date(), wamp, trouble: null};
      }),
      refused: (refusal, again) => setShown(before => ({...before, trouble: {refusal, again}})),
    });
    feed.current = running;
    running.start();
    return () => running.stop();
  }, [credential, access]);
  const give = (next: Credential) => {
    setShown(before => ({...before, trouble: null}));
    setCredential(next);
  };
  useEffect(() => listenForOffers(give), []);
  const leave = () => {
    forget(keptAs);
    setCredential(null);
    setShown(nothing());
  };
  if (!credential) return <Ask give={give} />;
  const stopped = shown.trouble !== null && !shown.trouble.again;
  return (
    <>
      <StateLine shown={shown} polled={feed.current?.how === 'polled'} credential={credential} leave={leave} />
      {stopped && <div class="access" data-urgency="over"><TokenForm label="New token" button="Show" give={give} /></div>}
      {shown.at && <TopicTable rows={shown.window.topics} stale={shown.trouble !== null} />}
      {shown.wamp && <RealmTable wamp={shown.wamp} stale={shown.trouble !== null} />}
      {shown.at && <ClientTable rows={shown.window.clients} now={shown.at} stale={shown.trouble !== null} />}
      {shown.at && (
        <footer class="foot">
          Rates are means of the last seconds, those with ≈ of the connection’s life; the lines show five minutes of what came in. In is what clients sent, out what they were given.
        </footer>
      )}
    </>
  );
}

function Ask({give}: {give: (credential: Credential) => void}) {
  return (
    <section class="access ask-stats" aria-labelledby="ask-title">
      <h2 id="ask-title">Topics behind tokens</h2>
      <p>They are shown to those who hold a token with the scope <code>relay:stats</code>, or one to read the topic <code>stats</code>.</p>
      <TokenForm label="Token" button="Show" give={give} />
      <p class="foot">It goes to this relay and nowhere else, and is forgotten when you close this tab.</p>
    </section>
  );
}

function StateLine({shown: {at, trouble}, polled, credential, leave}: {shown: Shown; polled: boolean; credential: Credential; leave: () => void}) {
  const facts = credential.kind === 'token' ? readToken(credential.token) : null;
  const words = trouble && sentencesFor(trouble.refusal, statsTopic, facts);
  const left = facts?.expires != null ? facts.expires - Date.now() / 1000 : null;
  const label = words ? words.label : !at ? 'Asking …' : polled ? 'Refreshed every 5 s' : 'As the relay reports';
  return (
    <section class="secure-head" aria-label="Access">
      <div>
        {words && <p role="alert"><strong>{words.title}.</strong> {words.detail}{trouble?.again ? ' Trying again.' : ''}</p>}
        {!words && at && <p>As of {at.toLocaleTimeString(undefined, {hour12: false})}.{left !== null && left > 0 && ` Your token lasts another ${leftInWords(left)}.`}</p>}
      </div>
      <span class="state" role="status" data-ok={(at && !words) || undefined}>{label}</span>
      <button class="plain" onClick={leave}>Forget token</button>
    </section>
  );
}
