// Sessions of npm's autobahn for the time of one test.

import autobahn from 'autobahn';

/**
 * Joins a realm with these options of autobahn.Connection (realm1 unless they say otherwise), and leaves when the test is over.
 * `details` are the router's, `closed` is why the session ended; rejects with that where it does not come to be.
 */
export function joined(t, options) {
  const connection = new autobahn.Connection({realm: 'realm1', max_retries: 0, ...options});
  const closed = new Promise(resolve => {
    connection.onclose = (reason, details) => {
      resolve([reason, details?.reason]);
      return true;
    };
  });
  t.after(() => connection.isOpen && connection.close());
  return new Promise((resolve, reject) => {
    connection.onopen = (session, details) => resolve({session, details, connection, closed});
    closed.then(why => reject(new Error(why.join(' '))));
    connection.open();
  });
}
