// From the page's address to a viewer: which topic, whether it lies behind the relay's door, and who has the key.

import {useEffect, useState} from 'preact/hooks';

import '../access/access.css';
import {Admission, type Keyholder} from '../access/admission';
import type {NodeConfig} from '../access/config';
import {browserWire} from '../access/exchange';
import {forget, keep, kept, takeFromAddress} from '../access/keep';
import {askEmbeddingPage, listenForOffers} from '../access/offers';
import {ShownToken} from '../access/shown_token';
import type {Credential} from '../access/token';
import {TokenForm} from '../access/token_form';
import {useNodeConfig} from '../access/use_config';
import {addressOf, codeAddress, prefixOf, securedTopicOf} from './address';
import {Viewer} from './viewer';

const prefix = prefixOf(location.pathname);

/** `given`: what came in the fragment of the page's address. */
export function Entrance({given}: {given: Credential | null}) {
  const {config, waiting} = useNodeConfig(location.origin + prefix);
  if (config) return <Placed config={config} given={given} />;
  return waiting ? (
    <main class="ask">
      <h1>Not reachable</h1>
      <p class="state" role="status" data-state="unreachable">Trying again</p>
    </main>
  ) : null;
}

function Placed({config, given}: {config: NodeConfig; given: Credential | null}) {
  const [place] = useState(() => {
    const hasCode = new URLSearchParams(location.search).has('code');
    const secured = securedTopicOf(location, config, given !== null || hasCode);
    // On an open relay `code` is a parameter like any other, and goes where they go.
    const inQuery = secured !== null ? 'code' : config.token ? 'token' : null;
    const credential = given ?? takeFromAddress(inQuery);
    return {secured, credential, open: addressOf(location)};
  });
  const {secured, credential, open} = place;
  if (secured !== null) {
    const addressWith = (code: string) => codeAddress(location, secured, code);
    const admit = (shown: Credential) => new Admission(browserWire(), {topic: secured, access: config.access, addressWith}, shown);
    return <Behind topic={secured} given={credential} admit={admit} codes />;
  }
  if (!open.path) return <AskForTopic />;
  if (!config.token) return <Viewer door={open.url} topic={open.topic} />;
  const admit = (shown: Credential) =>
    shown.kind === 'token' ? new ShownToken(open.topic, open.url, shown.token, () => Date.now() / 1000) : null;
  return <Behind topic={open.topic} given={credential} admit={admit} codes={false} />;
}

/** A topic that needs a key. `admit` is null for what is none there. */
function Behind({topic, given, admit, codes}: {
  topic: string; given: Credential | null; admit: (credential: Credential) => Keyholder | null; codes: boolean;
}) {
  const admitAndKeep = (credential: Credential) => {
    if (credential.kind === 'token') keep(topic, credential.token);
    return admit(credential);
  };
  const [admission, setAdmission] = useState(() => {
    const credential = given ?? kept(topic);
    return credential && admitAndKeep(credential);
  });
  const leave = () => {
    forget(topic);
    setAdmission(null);
  };
  if (admission) return <Viewer door={admission} topic={topic} leave={leave} />;
  return <AskForToken topic={topic} codes={codes} give={credential => setAdmission(admitAndKeep(credential))} />;
}

function AskForToken({topic, codes, give}: {topic: string; codes: boolean; give: (credential: Credential) => void}) {
  useEffect(() => {
    document.title = `${topic} · Token needed`;
    askEmbeddingPage(topic);
    return listenForOffers(give);
  }, [topic]);
  return (
    <main class="ask">
      <h1>A token, please</h1>
      <p>
        <b class="name">{topic}</b> is open to those who hold a token for it
        {codes ? ', or a one-time code. You got it with your booking.' : '. Ask for one where you got this address.'}
      </p>
      <TokenForm label={codes ? 'Token or code' : 'Token'} button="Open" focus codes={codes} give={give} />
      <p class="foot">It goes to this relay and nowhere else, and is forgotten when you close this tab.</p>
    </main>
  );
}

function AskForTopic() {
  return (
    <main class="ask">
      <h1>Which topic?</h1>
      <p>A player’s address is <code>/view/</code> and the topic’s name, for example <code>/view/video0</code>.</p>
      <form
        class="topic-form"
        onSubmit={event => {
          event.preventDefault();
          const name = new FormData(event.currentTarget).get('topic')?.toString().replace(/^\/+/, '') ?? '';
          if (name) location.href = `${prefix}/view/${name.split('/').map(encodeURIComponent).join('/')}`;
        }}
      >
        <input name="topic" aria-label="Topic" placeholder="video0" autocomplete="off" autocapitalize="none" spellcheck={false} required />
        <button class="primary">Show</button>
      </form>
    </main>
  );
}
