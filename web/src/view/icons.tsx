const line = {fill: 'none', stroke: 'currentColor', 'stroke-width': 2, 'stroke-linecap': 'round', 'stroke-linejoin': 'round'} as const;

export const SoundOn = () => (
  <svg viewBox="0 0 24 24" aria-hidden="true" {...line}>
    <path d="M4 9v6h4l5 4V5L8 9z" /><path d="M16.5 8.5a5 5 0 0 1 0 7M19 6a8.5 8.5 0 0 1 0 12" />
  </svg>
);
export const SoundOff = () => (
  <svg viewBox="0 0 24 24" aria-hidden="true" {...line}>
    <path d="M4 9v6h4l5 4V5L8 9z" /><path d="m17 9.5 5 5m0-5-5 5" />
  </svg>
);
export const Expand = () => (
  <svg viewBox="0 0 24 24" aria-hidden="true" {...line}><path d="M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5" /></svg>
);
export const Shrink = () => (
  <svg viewBox="0 0 24 24" aria-hidden="true" {...line}><path d="M9 4v5H4M20 9h-5V4M15 20v-5h5M4 15h5v5" /></svg>
);
/** Two lines that meet: the crosspoint. */
export const Mark = () => (
  <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
    <path d="M3 11h26M3 21h26M11 3v26M21 3v26" fill="none" stroke="currentColor" stroke-opacity=".35" stroke-width="2.5" stroke-linecap="round" />
    <circle cx="21" cy="11" r="5" fill="#e4572e" />
  </svg>
);
