import {render} from 'preact';

import {takeFromAddress} from '../access/keep';
import '../shared/base.css';
import {App} from './app';
import './stats.css';

const given = takeFromAddress();
const root = document.getElementById('app')!;
root.replaceChildren();
render(<App given={given} />, root);
