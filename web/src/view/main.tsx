import {render} from 'preact';

import '../shared/base.css';
import {App} from './app';
import './view.css';

render(<App />, document.getElementById('app')!);
