// From the page's address to a viewer: which topic, whether it lies behind the relay's door, and who has the key.

import {useEffect, useState} from 'preact/hooks';

import '../access/access.css';
import {Admission} from '../access/admission';
import type {NodeConfig} from '../access/config';
import {browserWire} from '../access/exchange';
import {forget, keep, kept, takeFromAddress} from '../access/keep';
import {askEmbeddingPage, listenForOffers} from '../access/offers';
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
    const credential = given ?? (secured === null ? null : takeFromAddress(true));
    return {secured, credential, open: addressOf(location)};
  });
  if (place.secured !== null) return <Secured topic={place.secured} config={config} given={place.credential} />;
  return place.open.path ? <Viewer door={place.open.url} topic={place.open.topic} /> : <AskForTopic />;
}

function Secured({topic, config, given}: {topic: string; config: NodeConfig; given: Credential | null}) {
  const admit = (credential: Credential) => {
    if (credential.kind === 'token') keep(topic, credential.token);
    const addressWith = (code: string) => codeAddress(location, topic, code);
    return new Admission(browserWire(), {topic, access: config.access, addressWith}, credential);
  };
  const [admission, setAdmission] = useState(() => {
    const credential = given ?? kept(topic);
    return credential && admit(credential);
  });
  const leave = () => {
    forget(topic);
    setAdmission(null);
  };
  if (admission) return <Viewer door={admission} topic={topic} leave={leave} />;
  return <AskForToken topic={topic} give={credential => setAdmission(admit(credential))} />;
}

function AskForToken({topic, give}: {topic: string; give: (credential: Credential) => void}) {
  useEffect(() => {
    document.title = `${topic} · Token needed`;
    askEmbeddingPage(topic);
    return listenForOffers(give);
  }, [topic]);
  return (
    <main class="ask">
      <h1>A token, please</h1>
      <p><b class="name">{topic}</b> is open to those who hold a token for it, or a one-time code. You got it with your booking.</p>
      <TokenForm label="Token or code" button="Open" focus give={give} />
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
