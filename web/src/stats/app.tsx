import type {Credential} from '../access/token';
import {useNodeConfig} from '../access/use_config';
import {prefixOf} from '../view/address';
import {Head} from './head';
import {OpenTables} from './open_tables';
import {SecureTables} from './secure_tables';

const base = location.origin + prefixOf(location.pathname);

/** `given`: a token out of the page's address. */
export function App({given}: {given: Credential | null}) {
  const {config, waiting} = useNodeConfig(base);
  return (
    <main class="page">
      {!config && <Head label={waiting ? 'Not reachable, trying again' : 'Connecting'} />}
      {config?.open && <OpenTables base={base} />}
      {config && !config.open && <Head />}
      {config?.secure && <SecureTables access={config.access} given={given} />}
    </main>
  );
}
