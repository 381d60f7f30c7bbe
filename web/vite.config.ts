import {readFileSync} from 'node:fs';

import {defineConfig, type Plugin} from 'vite';

// jsmpeg's player adds a style sheet for its own buttons when its module is loaded. We use only its decoders, and
// the content security policy of these pages allows no inline style: leave that line out of the bundle.
const withoutInlineStyle: Plugin = {
  name: 'jsmpeg-without-inline-style',
  transform(code, id) {
    if (!id.includes('jsmpeg-player')) return null;
    const line = 'styleInject(css_248z);';
    if (code.split(line).length !== 2) throw new Error('jsmpeg-player changed: look for its inline style anew');
    return {code: code.replace(line, ''), map: null};
  },
};

// The pages load their icon from beside their scripts; whoever asks for /favicon.ico finds it here.
const iconAtItsUsualPlace: Plugin = {
  name: 'icon-at-its-usual-place',
  generateBundle() {
    this.emitFile({type: 'asset', fileName: 'favicon.svg', source: readFileSync('src/shared/favicon.svg')});
  },
};

// `npm run dev`: pages from here, topics and statistics from a running crosspoint.
const relay = process.env.CROSSPOINT ?? 'http://127.0.0.1:8080';
const devPages: Plugin = {
  name: 'pages',
  configureServer(server) {
    server.middlewares.use((request, _response, next) => {
      if (/^\/view(\/|\?|$)/.test(request.url ?? '')) request.url = '/view.html';
      if (/^\/stats(\?|$)/.test(request.url ?? '')) request.url = '/stats.html';
      next();
    });
  },
};

export default defineConfig({
  // Relative: a reverse proxy may put anything before /view and /stats.
  base: './',
  plugins: [withoutInlineStyle, iconAtItsUsualPlace, devPages],
  esbuild: {jsx: 'automatic', jsxImportSource: 'preact'},
  server: {proxy: {'^/(out|in|ws|session|status)(/|$)|^/view-config.json$': {target: relay, ws: true}}},
  build: {
    target: 'es2020',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: {polyfill: false},
    chunkSizeWarningLimit: 600,
    rollupOptions: {input: {view: 'view.html', stats: 'stats.html'}},
  },
  test: {include: ['src/**/*_test.ts'], environment: 'node'},
} as Parameters<typeof defineConfig>[0]);
