import {render} from 'preact';

import '../shared/base.css';
import {App} from './app';
import './stats.css';

const root = document.getElementById('app')!;
root.replaceChildren();
render(<App />, root);
