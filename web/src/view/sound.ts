// Whether the viewer wants sound, and how loud: remembered from visit to visit.

import type {Sound} from '../players/player';

const key = 'crosspoint.sound';

export function rememberedSound(): Sound {
  try {
    const {muted, volume} = JSON.parse(localStorage.getItem(key) ?? '') as Partial<Sound>;
    return {muted: muted !== false, volume: typeof volume === 'number' && volume >= 0 && volume <= 1 ? volume : 1};
  } catch {
    return {muted: true, volume: 1};  // browsers let nothing sound before a click anyway
  }
}

export function rememberSound(sound: Sound): void {
  try {
    localStorage.setItem(key, JSON.stringify(sound));
  } catch {
    // a private window may refuse; then it is forgotten
  }
}
