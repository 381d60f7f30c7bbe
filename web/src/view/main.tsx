import {render} from 'preact';

import {takeFromAddress} from '../access/keep';
import '../shared/base.css';
import {Entrance} from './entrance';
import './view.css';

// Before anything else: a token in the address bar is one that somebody can read over the viewer's shoulder.
const given = takeFromAddress();
render(<Entrance given={given} />, document.getElementById('app')!);
