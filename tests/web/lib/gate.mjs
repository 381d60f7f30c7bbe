// A door on loopback between the browser and the server. Shut, it cuts every connection and refuses new ones: to
// the browser that is a server that was stopped.

import net from 'node:net';

export async function openGate(t, base, address = '127.0.0.1') {
  const target = new URL(base);
  const sockets = new Set();
  let server = null;
  let port = 0;

  const accept = client => {
    const upstream = net.connect(Number(target.port || 80), target.hostname);
    for (const [from, to] of [[client, upstream], [upstream, client]]) {
      sockets.add(from);
      from.on('error', () => {});
      from.on('close', () => { sockets.delete(from); to.destroy(); });
      from.pipe(to);
    }
  };
  const open = () => new Promise((resolve, reject) => {
    server = net.createServer(accept).once('error', reject).listen(port, address, () => {
      port = server.address().port;
      resolve();
    });
  });
  const shut = () => new Promise(resolve => {
    for (const socket of sockets) socket.destroy();
    if (!server) return resolve();
    server.close(() => resolve());
    server = null;
  });
  await open();
  t.after(shut);
  return {base: `http://${address}:${port}`, open, shut};
}
