// What the node says its pages need, asked until a node answers.

import {useEffect, useState} from 'preact/hooks';

import {Backoff} from '../net/backoff';
import {loadConfig, type NodeConfig} from './config';

/** null until it is known; `waiting` once an attempt failed. */
export function useNodeConfig(base: string): {config: NodeConfig | null; waiting: boolean} {
  const [known, setKnown] = useState<{config: NodeConfig | null; waiting: boolean}>({config: null, waiting: false});
  useEffect(() => {
    const backoff = new Backoff();
    let timer = 0;
    let left = false;
    const ask = async () => {
      const config = await loadConfig((...request) => fetch(...request), base);
      if (left) return;
      setKnown({config, waiting: config === null});
      if (config === null) timer = window.setTimeout(ask, backoff.next() * 1000);
    };
    void ask();
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [base]);
  return known;
}
