#pragma once
// The table: the one place where an option exists. To add one, add a row; everything else follows (option.h
// says how).
//
// Names: the word that code, log and documentation use; the unit or qualifier last; no abbreviations.

#include <array>
#include <cstddef>
#include <string_view>

#include "config/option.h"

namespace crosspoint::config {

// clang-format off: a row reads best with its short fields side by side.
inline constexpr auto options = std::to_array<Option>({
    {.key = "config", .commands = "serve host demo bench token status top", .group = "Configuration", .placeholder = "FILE",
     .help = "read settings from this TOML file",
     .more = "Flags go before variables, variables before the file, the file before defaults.",
     .in_file = false},

    // What every service says, and where.
    {.key = "log.level", .type = ValueType::choice, .commands = "serve host demo bench", .group = "Log",
     .initial = "info", .choices = "trace debug info warning=warn error=fatal=panic off=none",
     .help = "the least that is written",
     .aliases = {{{.name = "VW_LOG_LEVEL", .commands = "host", .otherwise = "info"},
                  {.name = "VW_LOGLEVEL", .commands = "host", .otherwise = "info"}}}},
    {.key = "log.format", .type = ValueType::choice, .commands = "serve host demo bench", .group = "Log",
     .initial = "text", .choices = "text json",
     .help = "one line of text, or one JSON object, an event"},
    {.key = "log.file", .commands = "serve host demo bench", .group = "Log", .placeholder = "FILE",
     .help = "append to this file instead of standard error",
     .aliases = {{{.name = "--log", .commands = "serve"}}}},

    // serve: the node.
    {.key = "serve.listen", .type = ValueType::endpoint, .commands = "serve", .group = "Node",
     .initial = "127.0.0.1:8080",
     .help = "where clients connect",
     .more = "`:8080` listens on every address of the machine; port 0 takes a free one, which the log "
             "names.",
     .aliases = {{{.name = "CROSSBAR_LISTEN", .commands = "serve"}}}},
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
     .help = "for developers: log everything, as text",
     .more = "Sets `log.level` to `trace` and `log.format` to `text`, unless they are set as well.",
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
     .more = "The audience of a token must be this followed by the path it is for.",
     .aliases = {{{.name = "CROSSBAR_AUDIENCE", .commands = "serve"}}}},
    {.key = "serve.allow-origin", .type = ValueType::list, .commands = "serve", .group = "Access",
     .initial = "*", .placeholder = "ORIGIN",
     .help = "web pages that may connect; * is any",
     .more = "Compared whole with the Origin field, as in `https://lab.example.org`. Clients that send no "
             "Origin are not browsers, and are let in."},

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
     .help = "what may wait to be written to one client"},
    {.key = "serve.outbox-age-max", .type = ValueType::duration, .commands = "serve", .group = "Limits",
     .initial = "2s", .least = "10ms", .most = "1h",
     .help = "how long it may wait"},
    {.key = "serve.write-time-max", .type = ValueType::duration, .commands = "serve", .group = "Limits",
     .initial = "5s", .least = "100ms", .most = "1h",
     .help = "a client that takes nothing for so long is cut off"},
    {.key = "serve.receive-bytes-per-second-max", .type = ValueType::bytes, .commands = "serve",
     .group = "Limits", .initial = "0", .zero = "no limit",
     .help = "read no faster than this from one client"},
    {.key = "serve.receive-messages-per-second-max", .type = ValueType::integer, .commands = "serve",
     .group = "Limits", .initial = "0", .least = "1", .most = "1000000000", .zero = "no limit",
     .help = "the same, in messages"},
    {.key = "serve.topics-max", .type = ValueType::integer, .commands = "serve", .group = "Limits",
     .initial = "100000", .least = "1", .most = "100000000", .zero = "no limit",
     .help = "topics at once"},
    {.key = "serve.connections-max", .type = ValueType::integer, .commands = "serve", .group = "Limits",
     .initial = "100000", .least = "1", .most = "100000000", .zero = "no limit",
     .help = "connections at once"},

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
     .help = "a ws or wss address to be controlled through (feed `api`)",
     .more = "A two-way topic of a relay. Whoever may send there may change the rules.",
     .aliases = {{{.name = "VW_API", .commands = "host"}}}},
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
    {.key = "top.interval", .type = ValueType::duration, .commands = "top", .group = "View",
     .initial = "2s", .least = "200ms", .most = "1h",
     .help = "how often the relay is asked and the view drawn"},

    // bench: load and latency of a running node.
    {.key = "bench.mode", .type = ValueType::choice, .commands = "bench", .group = "Load",
     .initial = "fanout", .choices = "fanout pingpong",
     .help = "one sender to many, or pairs that answer each other"},
    {.key = "bench.url", .commands = "bench", .group = "Load", .initial = "ws://127.0.0.1:8080/bench",
     .placeholder = "URL",
     .help = "the topic to load"},
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
     .help = "messages under way before the sender waits for the slowest"},
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

inline constexpr auto retired_names = std::to_array<RetiredName>({
    {.name = "--buffer", .type = ValueType::integer, .commands = "serve",
     .note = "has no effect: queues are bounded by serve.outbox-bytes-max and serve.outbox-age-max",
     .was = "size of a buffer"},
    {.name = "--cpuprofile", .commands = "serve", .note = "has no effect: use perf(1)",
     .was = "file for a CPU profile"},
    {.name = "VW_CPUPROFILE", .commands = "host", .note = "has no effect: use perf(1)",
     .was = "file for a CPU profile"},
    {.name = "VW_MUXBUFFERLENGTH", .type = ValueType::integer, .commands = "host", .note = "",
     .was = "messages in a queue"},
    {.name = "VW_CLIENTBUFFERLENGTH", .type = ValueType::integer, .commands = "host", .note = "",
     .was = "messages in a queue"},
    {.name = "VW_CLIENTTIMEOUTMS", .type = ValueType::integer, .commands = "host", .note = "",
     .was = "milliseconds"},
    {.name = "VW_HTTPFLUSHMS", .type = ValueType::integer, .commands = "host", .note = "",
     .was = "milliseconds"},
    {.name = "VW_HTTPTIMEOUTMS", .type = ValueType::integer, .commands = "host", .note = "",
     .was = "milliseconds"},
    {.name = "VW_HTTPWAITMS", .type = ValueType::integer, .commands = "host", .note = "",
     .was = "milliseconds"},
});
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
