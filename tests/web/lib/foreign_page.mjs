// Pages as other people write them: a player as its makers give it away, an address, and nothing of ours.

import {readFile} from 'node:fs/promises';
import http from 'node:http';

const packages = new URL('../../../web/node_modules/', import.meta.url);

const players = {
  jsmpeg: {script: '@cycjimmy/jsmpeg-player/dist/jsmpeg-player.umd.min.js', screen: 'canvas'},
  mpegts: {script: 'mpegts.js/dist/mpegts.js', screen: 'video'},
};

/** `body` may use what the player's script defines; resolves to the page's address, until the test ends. */
export async function serveForeignPage(t, player, body) {
  const script = await readFile(new URL(players[player].script, packages));
  const page = `<!doctype html><title>${player}</title><script src="player.js"></script>${body}`;
  const server = http.createServer(({url}, response) => {
    const [type, bytes] = url === '/' ? ['text/html', page] : url === '/player.js' ? ['text/javascript', script] : ['text/plain', ''];
    response.writeHead(200, {'Content-Type': type}).end(bytes);
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {url: `http://127.0.0.1:${server.address().port}/`, screen: players[player].screen};
}

export const bodies = {
  /** As the README of @cycjimmy/jsmpeg-player has it. */
  videoElement: (address, options = {}) => `<div id="videoWrapper" style="width: 640px; height: 360px"></div>
    <script>new JSMpeg.VideoElement('#videoWrapper', ${JSON.stringify(address)}, ${JSON.stringify({autoplay: true, ...options})})</script>`,
  /** As view-stream.html beside jsmpeg's own relay has it. */
  viewStream: address => `<canvas id="video-canvas"></canvas>
    <script>new JSMpeg.Player(${JSON.stringify(address)}, {canvas: document.getElementById('video-canvas')})</script>`,
  /** As mpegts.js's documentation begins. */
  mpegts: address => `<video id="videoElement" muted></video>
    <script>
      const player = mpegts.createPlayer({type: 'mse', isLive: true, url: ${JSON.stringify(address)}});
      player.attachMediaElement(document.getElementById('videoElement'));
      player.load();
      player.play();
    </script>`,
};
