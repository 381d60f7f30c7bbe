#pragma once
// The table: the one place where an option exists. To add one, add a row; everything else follows (option.h
// says how).
//
// The rows of call, publish, subscribe and register are in wamp_command_options.h.
//
// Names: the word that code, log and documentation use; the unit or qualifier last; no abbreviations.

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "config/option.h"
#include "config/wamp_command_options.h"

namespace crosspoint::config {

// clang-format off: a row reads best with its short fields side by side.
inline constexpr auto general_options = std::to_array<Option>({
    {.key = "config", .commands = "serve host demo bench token status top file", .group = "Configuration", .placeholder = "FILE",
     .help = "read settings from this TOML file",
     .more = "Flags go before variables, variables before the file, the file before defaults.",
     .in_file = false},

    // What every service says, and where.
    {.key = "log.level", .type = ValueType::choice, .commands = "serve host demo bench file", .group = "Log",
     .initial = "info", .choices = "trace debug info warning=warn error=fatal=panic off=none",
     .help = "the least that is written",
     .more = "Lines that say who changed what have \"audit\" in the place of a level, and are written at every level but off.",
     .aliases = {{{.name = "VW_LOG_LEVEL", .commands = "host", .otherwise = "info"},
                  {.name = "VW_LOGLEVEL", .commands = "host", .otherwise = "info"},
                  {.name = "RELAY_LOG_LEVEL", .commands = "serve"}}}},
    {.key = "log.format", .type = ValueType::choice, .commands = "serve host demo bench file", .group = "Log",
     .initial = "text", .choices = "text json",
     .help = "one line of text, or one JSON object, an event",
     .aliases = {{{.name = "RELAY_LOG_FORMAT", .commands = "serve"}}}},
    {.key = "log.file", .commands = "serve host demo bench file", .group = "Log", .placeholder = "FILE",
     .help = "append to this file instead of standard error",
     .more = "`stdout` is standard output.",
     .aliases = {{{.name = "--log", .commands = "serve"}, {.name = "RELAY_LOG_FILE", .commands = "serve"}}}},

    {.key = "process.core-dumps", .type = ValueType::boolean, .commands = "serve host", .group = "Log", .initial = "false",
     .help = "let a crash write the memory to a core dump, for debugging",
     .more = "It holds secrets, tokens and what people send. Without it there is no core dump, and no other program of "
             "the same user can look into the memory (root can)."},

    // serve: the node.
    {.key = "serve.listen", .type = ValueType::endpoint, .commands = "serve", .group = "Node",
     .initial = "127.0.0.1:8080",
     .help = "where clients connect",
     .more = "`:8080` listens on every address of the machine; port 0 takes a free one, which the log "
             "names. With token topics the default is `:3001`.",
     .aliases = {{{.name = "CROSSBAR_LISTEN", .commands = "serve"},
                  {.name = "RELAY_PORT_RELAY", .commands = "serve", .reading = Reading::port_everywhere}}}},
    {.key = "serve.rawsocket-listen", .commands = "serve", .group = "Node", .placeholder = "ADDRESS",
     .help = "where WAMP clients connect that speak RawSocket only",
     .more = "They may come to `serve.listen` as well. An address and a port, with TLS where there is a certificate, or "
             "`unix:/path/of/socket`, without."},
    {.key = "serve.tls-certificate", .type = ValueType::list, .commands = "serve", .group = "TLS",
     .placeholder = "FILE",
     .help = "speak TLS (https, wss), and show the certificate in this PEM file",
     .more = "The file holds the server's certificate, then those that lead up to an authority. Several files, "
             "each with its key: a client is shown the one for the name that it asks for, or else the first. "
             "Files that change are read again within a minute, or on SIGHUP at once; nobody is dropped."},
    {.key = "serve.tls-key", .type = ValueType::list, .commands = "serve", .group = "TLS",
     .placeholder = "FILE",
     .help = "its private key, as PEM without a pass phrase",
     .more = "As many files as `serve.tls-certificate` names, in the same order."},
    {.key = "serve.ktls", .type = ValueType::boolean, .commands = "serve", .group = "TLS",
     .initial = "false",
     .help = "let the kernel encrypt, where it can (kTLS, module tls)",
     .more = "For TLS 1.3 with AES; other connections, and kernels without it, are encrypted by the program as "
             "ever."},
    {.key = "serve.loops", .type = ValueType::integer, .commands = "serve", .group = "Node", .initial = "0",
     .least = "1", .most = "1024", .zero = "one per core",
     .help = "event loops, each with a thread"},
    {.key = "serve.dev", .type = ValueType::boolean, .commands = "serve", .group = "Node", .initial = "false",
     .help = "for developers: log everything, and route WAMP for everybody",
     .more = "Sets `log.level` to `trace` and `log.format` to `text`, unless they are set as well. On a loopback address or a "
             "Unix socket, any WAMP realm may be joined without a name, and everything done in it.",
     .implies = "log.level=trace log.format=text",
     .aliases = {{{.name = "CROSSBAR_DEVELOPMENT", .commands = "serve"}}}},
    {.key = "serve.echo", .type = ValueType::boolean, .commands = "serve", .group = "Node",
     .initial = "false",
     .help = "mount an echo service on /echo, for conformance tests",
     .more = "It takes messages up to 16 MiB, in any number of fragments. Not for a public node."},
    {.key = "serve.stats", .type = ValueType::boolean, .commands = "serve", .group = "Node",
     .initial = "true",
     .help = "serve the page /stats and the statistics on /ws",
     .more = "They show topics, addresses and browsers of everybody connected to anybody who asks."},

    // Who may come in.
    {.key = "serve.secret", .type = ValueType::secret, .commands = "serve", .group = "Access",
     .help = "clients must show a token signed with this; unset: open",
     .more = "Any user of the machine can read the flags of a running program: prefer the variable, or "
             "the file.",
     .aliases = {{{.name = "CROSSBAR_SECRET", .commands = "serve"}}}},
    {.key = "serve.audience", .commands = "serve", .group = "Access", .placeholder = "URL",
     .help = "what a token's audience begins with",
     .more = "The audience of a token must be this followed by the path it is for. It is shown in the handshake (`bearer, TOKEN` in "
             "Sec-WebSocket-Protocol, or `?token=` in the address, which proxies log), or as the first message.",
     .aliases = {{{.name = "CROSSBAR_AUDIENCE", .commands = "serve"}}}},
    {.key = "serve.jsmpeg-secret", .type = ValueType::secret, .commands = "serve", .group = "Access",
     .help = "take ffmpeg's stream on /SECRET, as jsmpeg's relay did",
     .more = "Letters, digits and `-._~`, at least 4. Others can read the flags of a running program: prefer the variable, or the file."},
    {.key = "serve.jsmpeg-topic", .commands = "serve", .group = "Access", .initial = "/", .placeholder = "PATH",
     .help = "the topic that this stream is published on",
     .more = "`/` is where pages written for jsmpeg's relay look for it. With `/out/video0` it is on `/view/video0` too."},
    {.key = "serve.allow-origin", .type = ValueType::list, .commands = "serve", .group = "Access",
     .initial = "*", .placeholder = "ORIGIN",
     .help = "web pages that may connect; * is any",
     .more = "Compared whole with the Origin field, as in `https://lab.example.org`. Clients that send no "
             "Origin are not browsers, and are let in."},

    {.key = "serve.trusted-proxies", .type = ValueType::list, .commands = "serve", .group = "Access",
     .initial = "loopback", .placeholder = "NETWORK",
     .help = "proxies that are believed who the client is",
     .more = "Addresses, networks (`10.0.0.0/8`) or `loopback`. From these, X-Forwarded-For names the client "
             "whose failed attempts are counted; reports show the field whoever sent it."},

    // Topics that tokens open, and the service that takes the tokens.
    {.key = "serve.secure", .type = ValueType::boolean, .commands = "serve", .group = "Token topics",
     .initial = "false",
     .help = "topics under /session/, opened by signed tokens",
     .more = "Needs `access.audience`, `access.url` and a key; setting one of these switches it on as well."},
    {.key = "serve.open-topics", .type = ValueType::choice, .commands = "serve", .group = "Token topics",
     .initial = "auto", .choices = "auto yes no",
     .help = "topics that need no token, on every other path",
     .more = "`auto`: yes, unless there are token topics."},
    {.key = "access.listen", .type = ValueType::endpoint, .commands = "serve", .group = "Token topics",
     .initial = ":3000",
     .help = "where tokens are traded for codes",
     .more = "The same as `serve.listen` puts everything on one port.",
     .aliases = {{{.name = "RELAY_PORT_ACCESS", .commands = "serve", .reading = Reading::port_everywhere}}}},
    {.key = "access.url", .commands = "serve", .group = "Token topics", .placeholder = "URL",
     .help = "the topics' address as clients see it",
     .more = "`wss://lab.example/relay`, without a final slash; codes are handed out with it.",
     .aliases = {{{.name = "RELAY_URL", .commands = "serve"}}}},
    {.key = "access.audience", .commands = "serve", .group = "Token topics", .placeholder = "TEXT",
     .help = "what a token's `aud` must contain, exactly",
     .more = "By convention the address of the access service: `https://lab.example/access`.",
     .aliases = {{{.name = "RELAY_AUDIENCE", .commands = "serve"}}}},
    {.key = "access.secret", .type = ValueType::secret, .commands = "serve", .group = "Token topics",
     .help = "the secret that tokens are signed with",
     .more = "At least 4 characters, better 32 and more. Any user of the machine can read the flags of a running program: "
             "prefer the variable, or the file. The file's is read again on SIGHUP: tokens signed with the one before are "
             "refused from then on, who is connected stays.",
     .aliases = {{{.name = "RELAY_SECRET", .commands = "serve"}}}},
    {.key = "access.key-file", .commands = "serve", .group = "Token topics", .placeholder = "FILE",
     .help = "public keys of who signs tokens, instead of a secret",
     .more = "A PEM public key, or a JSON Web Key Set. Read again when it was replaced, and on SIGHUP. Nothing is ever "
             "fetched."},
    {.key = "access.algorithms", .type = ValueType::list, .commands = "serve", .group = "Token topics",
     .initial = "auto",
     .placeholder = "NAME",
     .help = "signatures that are accepted",
     .more = "HS256, HS384, HS512, RS256, ES256, EdDSA. `auto`: the three of HMAC with a secret, the others with "
             "a key file. What a token says itself never widens this."},
    {.key = "access.issuer", .commands = "serve", .group = "Token topics", .placeholder = "TEXT",
     .help = "what a token's `iss` must be; left out: anything"},
    {.key = "access.leeway", .type = ValueType::duration, .commands = "serve", .group = "Token topics",
     .initial = "5s", .least = "1s", .most = "5m", .zero = "none",
     .help = "how far the clock of who signs may be ahead",
     .more = "For `nbf` and `iat`; a token ends when `exp` says, to the second."},
    {.key = "access.token-lifetime-max", .type = ValueType::duration, .commands = "serve", .group = "Token topics",
     .initial = "0", .least = "1s", .most = "87600h", .zero = "no limit",
     .help = "refuse tokens that are valid for longer"},
    {.key = "access.allow-no-booking-id", .type = ValueType::boolean, .commands = "serve",
     .group = "Token topics", .initial = "false",
     .help = "accept tokens without a booking, which cannot be cancelled",
     .aliases = {{{.name = "RELAY_ALLOW_NO_BOOKING_ID", .commands = "serve"}}}},
    {.key = "access.code-time-to-live", .type = ValueType::duration, .commands = "serve", .group = "Token topics",
     .initial = "30s", .least = "1s", .most = "1h",
     .help = "how long a code may wait to be used"},
    {.key = "access.codes-per-booking-max", .type = ValueType::integer, .commands = "serve",
     .group = "Token topics", .initial = "32", .least = "1", .most = "1000000",
     .help = "unused codes of one booking; more is 429"},
    {.key = "access.codes-max", .type = ValueType::integer, .commands = "serve", .group = "Token topics",
     .initial = "100000", .least = "1", .most = "100000000",
     .help = "unused codes in all, on each loop; more is 503"},
    {.key = "access.bad-codes-per-minute-max", .type = ValueType::integer, .commands = "serve",
     .group = "Token topics", .initial = "10", .least = "1", .most = "1000000", .zero = "no limit",
     .help = "codes that are no good from one address; more is 429"},
    {.key = "access.state-file", .commands = "serve", .group = "Token topics", .initial = "auto",
     .placeholder = "FILE",
     .help = "where cancelled bookings are remembered",
     .more = "`auto`: access.db in $STATE_DIRECTORY, /var/lib/crosspoint (root) or ~/.local/state/crosspoint. `none`: "
             "nowhere, so that a restart makes cancelled bookings valid again."},
    {.key = "access.allow-origin", .type = ValueType::list, .commands = "serve", .group = "Token topics",
     .initial = "none",
     .placeholder = "ORIGIN",
     .help = "pages that may trade tokens from elsewhere (CORS)",
     .more = "As in `https://lab.example.org`; `*` is any, `none` sends no such fields. Leave it so where a proxy adds these fields: two of "
             "them make browsers refuse."},
    {.key = "access.only-tls", .type = ValueType::duration, .commands = "serve", .group = "Token topics",
     .initial = "8760h", .least = "1s", .most = "87600h", .zero = "never",
     .help = "for how long browsers insist on TLS, where there is TLS",
     .more = "The field Strict-Transport-Security (HSTS) on what the access service answers. It is for the whole host "
             "name, every port of it: `0` where something else there speaks plain HTTP, `1s` to take it back."},
    {.key = "access.old-statuses", .type = ValueType::boolean, .commands = "serve", .group = "Token topics",
     .initial = "false",
     .help = "answer bad tokens with 500, as the older relay did"},
    {.key = "access.tidy-every", .type = ValueType::duration, .commands = "serve", .group = "Token topics",
     .initial = "5m", .least = "1s", .most = "24h",
     .help = "how often bookings that are over are forgotten",
     .aliases = {{{.name = "RELAY_TIDY_EVERY", .commands = "serve"}}}},
    {.key = "access.stats-every", .type = ValueType::duration, .commands = "serve", .group = "Token topics",
     .initial = "5s", .least = "1ms", .most = "24h",
     .help = "how often topic `stats` reports, at most once a second",
     .aliases = {{{.name = "RELAY_STATS_EVERY", .commands = "serve"}}}},

    // How topics behave.
    {.key = "serve.in-strictly-sends", .type = ValueType::boolean, .commands = "serve", .group = "Topics",
     .initial = "false",
     .help = "clients on /in/ only send, and do not hear each other"},
    {.key = "serve.slow-viewer", .type = ValueType::choice, .commands = "serve", .group = "Topics",
     .initial = "auto", .choices = "auto video latest reliable",
     .help = "what happens to a viewer that cannot keep up",
     .more = "`video` jumps to the newest picture that stands alone, `latest` keeps the newest message, "
             "`reliable` closes with 1013 rather than lose one. `auto` is `video` where a topic carries "
             "MPEG-TS, otherwise `reliable`."},
    {.key = "serve.late-join", .type = ValueType::choice, .commands = "serve", .group = "Topics",
     .initial = "auto", .choices = "auto burst wait",
     .help = "what a viewer that joins a running video gets first",
     .more = "`burst`: the tables and the pictures since the last one that stands alone, at once; `wait`: "
             "the next picture that stands alone. `auto` chooses."},

    // Limits of the node.
    {.key = "serve.message-bytes-max", .type = ValueType::bytes, .commands = "serve", .group = "Limits",
     .initial = "10 MiB", .least = "125", .most = "1 GiB",
     .help = "largest message from a client; a larger one closes with 1009"},
    {.key = "serve.outbox-bytes-max", .type = ValueType::bytes, .commands = "serve", .group = "Limits",
     .initial = "4 MiB", .least = "4 KiB", .most = "16 GiB",
     .help = "what may wait to be written to one client of a topic",
     .more = "WAMP has bounds of its own, of bytes and age: `waiting-bytes-max` and `waiting-age-max` of `[wamp]`."},
    {.key = "serve.outbox-age-max", .type = ValueType::duration, .commands = "serve", .group = "Limits",
     .initial = "1500ms", .least = "10ms", .most = "1h",
     .help = "how long it may wait there"},
    {.key = "serve.write-time-max", .type = ValueType::duration, .commands = "serve", .group = "Limits",
     .initial = "5s", .least = "100ms", .most = "1h",
     .help = "a client that takes nothing for so long is cut off",
     .more = "Whatever it may miss: it is not slow, but gone. A WAMP session ends as too slow, with a second for the reason."},
    {.key = "serve.receive-bytes-per-second-max", .type = ValueType::bytes, .commands = "serve",
     .group = "Limits", .initial = "0", .zero = "no limit",
     .help = "read no faster than this from one client",
     .more = "Of topics and of WAMP, but for its long-poll: HTTP requests are not held back."},
    {.key = "serve.receive-messages-per-second-max", .type = ValueType::integer, .commands = "serve",
     .group = "Limits", .initial = "0", .least = "1", .most = "1000000000", .zero = "no limit",
     .help = "the same, in messages"},
    {.key = "serve.topics-max", .type = ValueType::integer, .commands = "serve", .group = "Limits",
     .initial = "100000", .least = "1", .most = "100000000", .zero = "no limit",
     .help = "topics at once, on each loop"},
    {.key = "serve.connections-max", .type = ValueType::integer, .commands = "serve", .group = "Limits",
     .initial = "100000", .least = "1", .most = "100000000", .zero = "no limit",
     .help = "clients at once: of topics on each loop, and of WAMP in all",
     .more = "WAMP's are counted apart, over all its transports together. Past it: 503, or RawSocket's error 4."},
    {.key = "serve.crypto-share", .type = ValueType::integer, .commands = "serve", .group = "Limits",
     .initial = "25", .least = "1", .most = "100", .placeholder = "PERCENT",
     .help = "of each loop's time, for handshakes and for verifying tokens",
     .more = "Whoever floods the node with either waits; those who are connected do not."},

    // How a lost client is noticed.
    {.key = "serve.ping-every", .type = ValueType::duration, .commands = "serve", .group = "Liveness",
     .initial = "54s", .least = "100ms", .most = "1h", .zero = "never",
     .help = "how often clients are sent a ping"},
    {.key = "serve.dead-after", .type = ValueType::duration, .commands = "serve", .group = "Liveness",
     .initial = "60s", .least = "200ms", .most = "24h",
     .help = "a client that sends nothing for so long, no pong either, is gone"},
    {.key = "serve.dead-link-after", .type = ValueType::duration, .commands = "serve", .group = "Liveness",
     .initial = "15s", .least = "1s", .most = "1h",
     .help = "sent bytes not acknowledged (by TCP) for so long: the link is dead"},
    {.key = "serve.deflate", .type = ValueType::boolean, .commands = "serve", .group = "Node",
     .initial = "false",
     .help = "compress messages for clients that offer it",
     .more = "permessage-deflate, RFC 7692. Video does not get smaller, and every viewer costs memory and "
             "time."},

    // host: beside the experiment.
    {.key = "host.listen", .type = ValueType::endpoint, .commands = "host", .group = "Host",
     .initial = "127.0.0.1:8888",
     .help = "where ffmpeg, programs and the REST API connect",
     .more = "The API asks nobody who they are: leave it on loopback unless the network is yours.",
     .aliases = {{{.name = "VW_PORT", .commands = "host", .reading = Reading::port},
                  {.name = "VW_BIND", .commands = "host", .reading = Reading::address}}}},
    {.key = "host.api", .commands = "host", .group = "Host", .placeholder = "URL",
     .help = "accepted, and not acted on yet: a relay topic to be controlled through",
     .more = "A start with it says so. Hosts behind NAT are driven from a realm (`host.wamp-url`), others by REST.",
     .aliases = {{{.name = "VW_API", .commands = "host"}}}},
    {.key = "host.wamp-url", .commands = "host", .group = "WAMP", .placeholder = "URL",
     .help = "connect to this WAMP router, to be driven from a realm", .more = "As for `crosspoint call`. Unset: REST alone."},
    {.key = "host.wamp-realm", .commands = "host", .group = "WAMP", .initial = "realm1", .placeholder = "NAME", .help = "the realm to join"},
    {.key = "host.wamp-prefix", .commands = "host", .group = "WAMP", .placeholder = "PREFIX", .help = "what its procedures begin with",
     .more = "`host.rig01.` makes `host.rig01.destination.add`. Unset: `host.` and the name of this machine."},
    {.key = "host.wamp-authid", .commands = "host", .group = "WAMP", .placeholder = "NAME", .help = "who this is"},
    {.key = "host.wamp-ticket-file", .commands = "host", .group = "WAMP", .placeholder = "FILE", .help = "show the ticket in this file"},
    {.key = "host.wamp-secret-file", .commands = "host", .group = "WAMP", .placeholder = "FILE", .help = "or answer challenges with its secret (WAMP-CRA)"},
    {.key = "host.wamp-key-file", .commands = "host", .group = "WAMP", .placeholder = "FILE", .help = "or sign them with its Ed25519 key (cryptosign)"},
    {.key = "host.ca-file", .commands = "host", .group = "Relays", .placeholder = "FILE",
     .help = "trust the authorities in this PEM file, not the system's",
     .more = "For relays whose certificates a laboratory signs itself. There is no way to connect to a `wss` "
             "relay whose certificate nobody vouches for."},
    {.key = "host.http-proxy", .type = ValueType::secret, .commands = "host", .group = "Relays",
     .placeholder = "URL",
     .help = "connect to ws relays through this proxy",
     .more = "`http://proxy.example.org:3128`, with `user:password@` before the host where the proxy asks; "
             "`https://` for TLS to the proxy itself. Loopback is never reached through a proxy.",
     .aliases = {{{.name = "HTTP_PROXY", .commands = "host"}, {.name = "http_proxy", .commands = "host"}}}},
    {.key = "host.https-proxy", .type = ValueType::secret, .commands = "host", .group = "Relays",
     .placeholder = "URL",
     .help = "the same for wss relays",
     .aliases = {{{.name = "HTTPS_PROXY", .commands = "host"}, {.name = "https_proxy", .commands = "host"}}}},
    {.key = "host.no-proxy", .commands = "host", .group = "Relays", .placeholder = "HOSTS",
     .help = "relays that are reached without a proxy",
     .more = "Separated by commas: `example.org` (and all below it), `.example.org` (only those below it), "
             "`192.0.2.0/24`, `example.org:8080`, or `*`.",
     .aliases = {{{.name = "NO_PROXY", .commands = "host"}, {.name = "no_proxy", .commands = "host"}}}},
    {.key = "host.token-directory", .commands = "host", .group = "Relays", .placeholder = "DIRECTORY",
     .help = "where the files are that rules name as `token_file`",
     .more = "Read anew at each attempt; a file that everybody may read is not used. Rules name a file in "
             "this directory and no other, since the API asks nobody who they are. Unset: no token files."},
    {.key = "host.flush-after", .type = ValueType::duration, .commands = "host", .group = "Host",
     .initial = "2ms", .least = "1ms", .most = "1s",
     .help = "a pause of this length in a posted stream ends a message"},
    {.key = "host.feed-message-bytes-max", .type = ValueType::bytes, .commands = "host", .group = "Limits",
     .initial = "1000 KiB", .least = "188", .most = "10 MiB",
     .help = "a longer run of a posted stream is cut here"},
    {.key = "host.outbox-bytes-max", .type = ValueType::bytes, .commands = "host", .group = "Limits",
     .initial = "4 MiB", .least = "4 KiB", .most = "16 GiB",
     .help = "what may wait to be written to one client or destination"},
    {.key = "host.feeds-max", .type = ValueType::integer, .commands = "host", .group = "Limits",
     .initial = "1000", .least = "1", .most = "1000000",
     .help = "feeds at once"},
    {.key = "host.streams-max", .type = ValueType::integer, .commands = "host", .group = "Limits",
     .initial = "1000", .least = "1", .most = "1000000",
     .help = "stream rules at once"},
    {.key = "host.destinations-max", .type = ValueType::integer, .commands = "host", .group = "Limits",
     .initial = "1000", .least = "1", .most = "1000000",
     .help = "destination rules at once"},
    {.key = "host.handshake-time-max", .type = ValueType::duration, .commands = "host", .group = "Limits",
     .initial = "10s", .least = "100ms", .most = "5m",
     .help = "for a destination: name, connection, TLS and answer together"},
    {.key = "host.dead-link-after", .type = ValueType::duration, .commands = "host", .group = "Liveness",
     .initial = "15s", .least = "1s", .most = "1h",
     .help = "sent bytes not acknowledged (by TCP) for so long: the link is dead"},

    // The HTTP server of node and host.
    {.key = "http.head-bytes-max", .type = ValueType::bytes, .commands = "serve host", .group = "HTTP",
     .initial = "8 KiB", .least = "256", .most = "1 MiB",
     .help = "request line and fields together; more is 431"},
    {.key = "http.head-fields-max", .type = ValueType::integer, .commands = "serve host", .group = "HTTP",
     .initial = "64", .least = "8", .most = "10000",
     .help = "fields of one request; more is 431"},
    {.key = "http.target-bytes-max", .type = ValueType::bytes, .commands = "serve host", .group = "HTTP",
     .initial = "4 KiB", .least = "64", .most = "1 MiB",
     .help = "path and query of one request; more is 414"},
    {.key = "http.collected-body-bytes-max", .type = ValueType::bytes, .commands = "serve host",
     .group = "HTTP", .initial = "1 MiB", .least = "1 KiB", .most = "1 GiB",
     .help = "body of one request, streams apart; more is 413"},
    {.key = "http.head-time-max", .type = ValueType::duration, .commands = "serve host", .group = "HTTP",
     .initial = "5s", .least = "100ms", .most = "1h",
     .help = "from connecting to the last byte of the head; then 408"},
    {.key = "http.body-time-max", .type = ValueType::duration, .commands = "serve host", .group = "HTTP",
     .initial = "5s", .least = "100ms", .most = "1h",
     .help = "for the whole body, streams apart; then 408"},
    {.key = "http.write-time-max", .type = ValueType::duration, .commands = "serve host", .group = "HTTP",
     .initial = "5s", .least = "100ms", .most = "1h",
     .help = "an answer that is not taken for so long is given up"},
    {.key = "http.idle-time-max", .type = ValueType::duration, .commands = "serve host", .group = "HTTP",
     .initial = "60s", .least = "100ms", .most = "24h",
     .help = "how long a connection may rest between requests"},
    {.key = "http.waiting-connections-max", .type = ValueType::integer, .commands = "serve host",
     .group = "HTTP", .initial = "4096", .least = "1", .most = "10000000",
     .help = "connections without a whole head yet; the oldest goes first"},
    {.key = "http.waiting-connections-per-host-max", .type = ValueType::integer, .commands = "serve host",
     .group = "HTTP", .initial = "1024", .least = "1", .most = "10000000",
     .help = "the same, of one address"},

    // demo: node and host on loopback.
    {.key = "demo.listen", .type = ValueType::endpoint, .commands = "demo", .group = "Demo",
     .initial = "127.0.0.1:8080",
     .help = "where the node listens"},
    {.key = "demo.host-listen", .type = ValueType::endpoint, .commands = "demo", .group = "Demo",
     .initial = "127.0.0.1:8888",
     .help = "where the host listens"},
    {.key = "demo.source", .type = ValueType::choice, .commands = "demo", .group = "Demo", .initial = "auto",
     .choices = "auto ffmpeg clip",
     .help = "where the picture comes from",
     .more = "`ffmpeg`: a test picture with a clock and a tone; `clip`: a short recording, looped; "
             "`auto`: ffmpeg if it is there."},

    // status, top: who is connected to a relay.
    {.key = "status.url", .commands = "status top", .group = "Relay", .placeholder = "URL",
     .help = "the access service, or the address of topic `stats`",
     .more = "`https://lab.example/access` is asked at `/status`, which needs a token of scope `relay:stats`; "
             "`https://lab.example/access/session/stats` gives an address to listen to, for a token that may "
             "read topic `stats`; a `ws` or `wss` address is listened to as it is."},
    {.key = "status.token", .type = ValueType::secret, .commands = "status top", .group = "Relay",
     .placeholder = "TOKEN",
     .help = "the token to show; the variable or --token-file hides it better",
     .more = "Any user of the machine can read the flags of a running program: prefer the variable, or "
             "the file."},
    {.key = "status.token-file", .commands = "status top", .group = "Relay", .placeholder = "FILE",
     .help = "read the token from this file, anew each time",
     .more = "A file that everybody on the machine may read is refused."},
    {.key = "status.ca-file", .commands = "status top", .group = "Relay", .placeholder = "FILE",
     .help = "trust the authorities in this PEM file, not the system's"},
    {.key = "status.json", .type = ValueType::boolean, .commands = "status", .group = "Report",
     .initial = "true",
     .help = "print the report as it came; --no-json prints a table"},
    {.key = "status.time-max", .type = ValueType::duration, .commands = "status", .group = "Report",
     .initial = "15s", .least = "100ms", .most = "1h",
     .help = "give up when no report has come for so long",
     .more = "A relay that is listened to reports by itself only every few seconds."},
    {.key = "file.url", .commands = "file", .group = "Topic", .placeholder = "URL",
     .help = "what to record",
     .more = "The access address of a topic (`https://lab.example/access/session/rig01-st-data`), with a token; or a "
             "`ws` or `wss` address as it is.",
     .aliases = {{{.name = "RELAY_CLIENT_SESSION", .commands = "file"}}}},
    {.key = "file.token", .type = ValueType::secret, .commands = "file", .group = "Topic",
     .placeholder = "TOKEN",
     .help = "the token to show; the variable or --token-file hides it better",
     .aliases = {{{.name = "RELAY_CLIENT_TOKEN", .commands = "file"}}}},
    {.key = "file.token-file", .commands = "file", .group = "Topic", .placeholder = "FILE",
     .help = "read the token from this file, anew each time",
     .more = "A file that everybody on the machine may read is refused."},
    {.key = "file.ca-file", .commands = "file", .group = "Topic", .placeholder = "FILE",
     .help = "trust the authorities in this PEM file, not the system's"},
    {.key = "file.output", .commands = "file", .group = "File", .initial = "-", .placeholder = "FILE",
     .help = "append to this file; - is standard output",
     .more = "SIGHUP closes it and opens it again by its name.",
     .aliases = {{{.name = "RELAY_CLIENT_FILE", .commands = "file"}}}},
    {.key = "file.mode", .type = ValueType::choice, .commands = "file", .group = "File", .initial = "text",
     .choices = "text binary",
     .help = "lines with the time in front, or the payloads as they are",
     .aliases = {{{.name = "RELAY_CLIENT_MODE", .commands = "file"}}}},
    {.key = "top.interval", .type = ValueType::duration, .commands = "top", .group = "View",
     .initial = "2s", .least = "200ms", .most = "1h",
     .help = "how often the relay is asked and the view drawn"},

    // bench: load and latency of a running node.
    {.key = "bench.mode", .type = ValueType::choice, .commands = "bench", .group = "Load",
     .initial = "fanout", .choices = "fanout pingpong call publish bare-call",
     .help = "one sender to many, or pairs that answer each other",
     .more = "`call` and `publish` are of WAMP; `bare-call` is `call` without sessions, to `bench/raw_call.cpp`."},
    {.key = "bench.url", .commands = "bench", .group = "Load", .initial = "ws://127.0.0.1:8080/bench",
     .placeholder = "URL",
     .help = "the topic to load, or the router: ws://…, rs://…, unix:/…"},
    {.key = "bench.realm", .commands = "bench", .group = "Load", .initial = "realm1",
     .help = "the realm to load, which anybody may enter"},
    {.key = "bench.serializer", .type = ValueType::choice, .commands = "bench", .group = "Load", .initial = "json",
     .choices = "json msgpack cbor ubjson",
     .help = "how messages are spelt"},
    {.key = "bench.callers", .type = ValueType::integer, .commands = "bench", .group = "Load", .initial = "1",
     .least = "1", .most = "10000",
     .help = "sessions that call one callee"},
    {.key = "bench.ca-file", .commands = "bench", .group = "Load", .placeholder = "FILE",
     .help = "for wss: trust the authorities in this PEM file, not the system's"},
    {.key = "bench.subscribers", .type = ValueType::integer, .commands = "bench", .group = "Load",
     .initial = "100", .least = "1", .most = "1000000",
     .help = "connections that receive (pingpong: pairs)"},
    {.key = "bench.size", .type = ValueType::bytes, .commands = "bench", .group = "Load", .initial = "1316",
     .least = "32", .most = "10 MiB",
     .help = "bytes of one message"},
    {.key = "bench.window", .type = ValueType::integer, .commands = "bench", .group = "Load", .initial = "1",
     .least = "1", .most = "1000000",
     .help = "messages under way before the sender waits for the slowest; calls of each caller"},
    {.key = "bench.rate", .type = ValueType::integer, .commands = "bench", .group = "Load", .initial = "0",
     .least = "1", .most = "100000000", .zero = "as fast as the window lets it",
     .help = "messages a second"},
    {.key = "bench.duration", .type = ValueType::duration, .commands = "bench", .group = "Load",
     .initial = "10s", .least = "10ms", .most = "24h",
     .help = "how long to measure"},
    {.key = "bench.spin", .type = ValueType::boolean, .commands = "bench", .group = "Load",
     .initial = "false",
     .help = "never sleep: waking a client makes a server's writes dearer"},
    {.key = "bench.server-pid", .type = ValueType::integer, .commands = "bench", .group = "Report",
     .initial = "0", .least = "1", .most = "4194304", .zero = "none",
     .help = "report the processor time of this process, per message"},
    {.key = "bench.verify", .type = ValueType::boolean, .commands = "bench", .group = "Report",
     .initial = "true",
     .help = "check every byte and the order of everything received"},
    {.key = "bench.json", .type = ValueType::boolean, .commands = "bench", .group = "Report",
     .initial = "false",
     .help = "print one JSON object instead of a table"},

    // token: makes tokens, looks into them, verifies them.
    {.key = "token.audience", .commands = "token", .group = "Token", .placeholder = "URL",
     .help = "whom the token is for: the access service's address",
     .more = "Compared whole: the scheme, the case and a slash at the end count. `token verify` demands it where it is set.",
     .aliases = {{{.name = "RELAY_TOKEN_AUDIENCE", .commands = "token"}}}},
    {.key = "token.secret", .type = ValueType::secret, .commands = "token", .group = "Token",
     .help = "the secret shared with the relay, to sign and to verify with",
     .more = "Any user of the machine can read the flags of a running program: prefer the variable, or the file.",
     .aliases = {{{.name = "RELAY_TOKEN_SECRET", .commands = "token"}}}},
    {.key = "token.key-file", .commands = "token", .group = "Token", .placeholder = "FILE",
     .help = "a key in place of the secret",
     .more = "To make a token: a private key in PEM (RSA, EC on P-256, Ed25519). To verify one: a public key in PEM, or a "
             "JSON Web Key Set."},
    {.key = "token.lifetime", .type = ValueType::duration, .commands = "token", .group = "Token",
     .initial = "0", .least = "1s", .most = "36500d", .zero = "unset",
     .help = "how long the token is good",
     .aliases = {{{.name = "RELAY_TOKEN_LIFETIME", .commands = "token", .reading = Reading::seconds}}}},
    {.key = "token.topic", .commands = "token", .group = "Token",
     .help = "the topic it is for; not needed with --scope-admin",
     .aliases = {{{.name = "RELAY_TOKEN_TOPIC", .commands = "token"}}}},
    {.key = "token.connection-type", .commands = "token", .group = "Token", .initial = "session",
     .help = "the kind of connection; the claim is called `prefix`",
     .aliases = {{{.name = "RELAY_TOKEN_CONNECTION_TYPE", .commands = "token"}}}},
    {.key = "token.booking-id", .commands = "token", .group = "Token", .initial = "relay-token-cli",
     .help = "the booking by which the token can be denied",
     .aliases = {{{.name = "RELAY_TOKEN_BOOKING_ID", .commands = "token"}}}},
    {.key = "token.url", .commands = "token", .group = "Exchange", .placeholder = "URL",
     .help = "trade the token there, and print the address to open",
     .more = "The access service: `https://lab.example/access`. The address that is printed works once, and for "
             "half a minute. Without `token.audience` the token is made for this URL."},
    {.key = "token.ca-file", .commands = "token", .group = "Exchange", .placeholder = "FILE",
     .help = "trust the authorities in this PEM file, not the system's"},
    {.key = "token.scope-read", .type = ValueType::boolean, .commands = "token", .group = "Scopes",
     .initial = "true",
     .help = "it may receive",
     .aliases = {{{.name = "RELAY_TOKEN_SCOPE_READ", .commands = "token", .otherwise = "false"}}}},
    {.key = "token.scope-write", .type = ValueType::boolean, .commands = "token", .group = "Scopes",
     .initial = "true",
     .help = "it may send",
     .aliases = {{{.name = "RELAY_TOKEN_SCOPE_WRITE", .commands = "token", .otherwise = "false"}}}},
    {.key = "token.scope-admin", .type = ValueType::boolean, .commands = "token", .group = "Scopes",
     .initial = "false",
     .help = "it may deny and allow bookings (relay:admin)",
     .aliases = {{{.name = "RELAY_TOKEN_SCOPE_ADMIN", .commands = "token", .otherwise = "false"}}}},
    {.key = "token.scope-other", .commands = "token", .group = "Scopes", .placeholder = "SCOPE",
     .help = "one more: expt, relay:stats",
     .aliases = {{{.name = "RELAY_TOKEN_SCOPE_OTHER", .commands = "token"}}}},
});

template <std::size_t First, std::size_t Second>
constexpr std::array<Option, First + Second> joined(const std::array<Option, First>& first,
                                                    const std::array<Option, Second>& second) {
  std::array<Option, First + Second> all{};
  std::ranges::copy(first, all.begin());
  std::ranges::copy(second, all.begin() + First);
  return all;
}
inline constexpr auto options = joined(general_options, wamp_command_options);

// clang-format on

inline constexpr std::size_t no_option = static_cast<std::size_t>(-1);

// Where the row of this key stands; no_option when there is none.
constexpr std::size_t find_option(std::string_view key) {
  for (std::size_t i = 0; i < options.size(); ++i) {
    if (options[i].key == key) return i;
  }
  return no_option;
}

// A key written in the code: a misspelt one does not compile.
void no_option_has_this_key();
consteval std::size_t option_index(std::string_view key) {
  const std::size_t index = find_option(key);
  if (index == no_option) no_option_has_this_key();
  return index;
}

}  // namespace crosspoint::config
