#pragma once
// The keys of [wamp], [[wamp.realm]], [[wamp.realm.topic]], [[wamp.realm.delivery]], [[wamp.role]],
// [[wamp.role.permission]], [[wamp.principal]] and [[wamp.authenticator]]: their types, defaults and bounds.
// Read by read_settings.cpp, and by nobody else.

#include "config/option.h"

namespace crosspoint::wamp::auth::rows {

using config::Option;
using config::ValueType;

// clang-format off: a row reads best on few lines.

// [wamp]
inline constexpr Option opening_timeout{.key = "opening-timeout", .type = ValueType::duration, .initial = "10s", .least = "1s", .most = "1m",
    .help = "from HELLO to WELCOME; a challenge is good for as long"};
inline constexpr Option decisions_max{.key = "decisions-max", .type = ValueType::integer, .initial = "10000", .least = "0", .most = "10000000",
    .help = "answers of authorizers that a realm remembers"};
inline constexpr Option decision_age_max{.key = "decision-age-max", .type = ValueType::duration, .initial = "5m", .least = "1s", .most = "1d",
    .help = "how long it remembers one"};
inline constexpr Option authorizer_timeout{.key = "authorizer-timeout", .type = ValueType::duration, .initial = "5s", .least = "100ms", .most = "1m",
    .help = "for a procedure to decide who may do what; its session waits meanwhile"};
inline constexpr Option waiting_bytes_max{.key = "waiting-bytes-max", .type = ValueType::bytes, .initial = "8 MiB", .least = "64 KiB", .most = "4 GiB",
    .help = "what may wait for one client"};
inline constexpr Option waiting_age_max{.key = "waiting-age-max", .type = ValueType::duration, .initial = "30s", .least = "100ms", .most = "1d",
    .help = "how long the oldest of it may wait"};
inline constexpr Option slow_subscriber{.key = "slow-subscriber", .type = ValueType::choice, .initial = "close", .choices = "close drop",
    .help = "a client for whom more waits, or longer: its session ends, or it misses the oldest events that wait (answers never)"};
inline constexpr Option ubjson{.key = "ubjson", .type = ValueType::choice, .initial = "draft-12", .choices = "draft-12 bjdata",
    .help = "what \"ubjson\" in a handshake means, which its bytes do not tell: Draft 12 (Autobahn before 26), or BJData (Autobahn since); looked at when the node starts"};
inline constexpr Option cookies_max{.key = "cookies-max", .type = ValueType::integer, .initial = "10000", .least = "0", .most = "10000000",
    .help = "browsers that are recognised by their cookie"};
inline constexpr Option cookie_age_max{.key = "cookie-age-max", .type = ValueType::duration, .initial = "7d", .least = "1m", .most = "365d",
    .help = "how long a cookie is good for"};
inline constexpr Option long_poll{.key = "long-poll", .initial = "/lp",
    .help = "path of sessions over HTTP requests, for clients that have no WebSocket; empty: none"};
inline constexpr Option router_key_file{.key = "router-key-file",
    .help = "Ed25519 key (PEM) with which the router proves itself to cryptosign clients"};
inline constexpr Option history_database{.key = "history-database",
    .help = "SQLite file for the histories that outlast a restart"};
inline constexpr Option management_realm{.key = "management-realm",
    .help = "realm in which the node itself answers: relay.* tells of topics and clients, and changes them; empty: none"};

// [[wamp.realm]]
inline constexpr Option realm_name{.key = "name", .help = "the realm's URI"};
inline constexpr Option name_pattern{.key = "name-pattern", .help = "instead: realms of these names come into being when needed (\"lab.*\")"};
inline constexpr Option realms_max{.key = "realms-max", .type = ValueType::integer, .initial = "100", .least = "1", .most = "100000",
    .help = "with name-pattern: how many at one time"};
inline constexpr Option uri_check{.key = "uri-check", .type = ValueType::choice, .initial = "loose", .choices = "loose strict",
    .help = "strict: a-z, 0-9 and _ only"};
inline constexpr Option strict_request_ids{.key = "strict-request-ids", .type = ValueType::boolean, .initial = "false",
    .help = "a gap in a client's request ids ends its session"};
inline constexpr Option disclose_me{.key = "disclose-me", .type = ValueType::boolean, .initial = "true",
    .help = "clients may say who they are, with disclose_me; if not, subscribers and callees (disclose_caller) are told only by a permission's disclose"};
inline constexpr Option plain_tickets{.key = "plain-tickets", .type = ValueType::boolean, .initial = "false",
    .help = "take tickets and tokens also over connections that others can read"};
inline constexpr Option cookie{.key = "cookie", .type = ValueType::boolean, .initial = "false",
    .help = "recognise browsers by their cookie"};
inline constexpr Option anonymous_role{.key = "anonymous-role", .help = "role of those who do not say who they are; empty: they stay out"};
inline constexpr Option token_role{.key = "token-role", .help = "role of those who bring a relay's token; empty: tokens open nothing"};
inline constexpr Option token_uri_prefix{.key = "token-uri-prefix", .initial = "topic.",
    .help = "a token's topic follows it: its URI, and all below, are what the token opens"};

inline constexpr Option slow_subscriber_of_realm{.key = "slow-subscriber", .type = ValueType::choice, .choices = "close drop",
    .help = "the same for events of this realm; unset: what [wamp] says"};

// [[wamp.realm.delivery]]
inline constexpr Option delivery_uri{.key = "uri", .help = "a topic, or pattern of topics; without match, \"com.lab.*\" is a prefix"};
inline constexpr Option delivery_match{.key = "match", .type = ValueType::choice, .choices = "exact prefix wildcard", .help = "how uri is compared"};
inline constexpr Option slow_subscriber_of_topics{.key = "slow-subscriber", .type = ValueType::choice, .choices = "close drop",
    .help = "the same for events of these topics"};

// [[wamp.realm.topic]]
inline constexpr Option topic_uri{.key = "uri", .help = "a topic, or pattern of topics; without match, \"com.lab.*\" is a prefix"};
inline constexpr Option topic_match{.key = "match", .type = ValueType::choice, .choices = "exact prefix wildcard", .help = "how uri is compared"};
inline constexpr Option history_events_max{.key = "history-events-max", .type = ValueType::integer, .initial = "1000", .least = "1", .most = "10000000",
    .zero = "no history", .help = "events that are kept, for wamp.subscription.get_events"};
inline constexpr Option history_bytes_max{.key = "history-bytes-max", .type = ValueType::bytes, .initial = "16 MiB", .least = "1 KiB", .most = "64 GiB",
    .help = "memory that they may take; past either, the oldest are forgotten"};
inline constexpr Option history_age_max{.key = "history-age-max", .type = ValueType::duration, .initial = "0", .least = "1s", .most = "36500d",
    .zero = "however old", .help = "how long an event is kept"};
inline constexpr Option history_store{.key = "history-store", .type = ValueType::choice, .initial = "memory", .choices = "memory database",
    .help = "database: the history outlasts a restart"};
inline constexpr Option retain{.key = "retain", .type = ValueType::boolean, .initial = "false",
    .help = "each event is retained, whether its publisher asks for it or not"};

// [[wamp.role]]
inline constexpr Option role_name{.key = "name", .help = "the role"};
inline constexpr Option of_realm{.key = "realm", .help = "name or name-pattern of a realm; empty: every realm"};
inline constexpr Option authorizer{.key = "authorizer", .help = "a procedure that decides, instead of permissions"};

// [[wamp.role.permission]]
inline constexpr Option permission_uri{.key = "uri", .help = "a URI, or pattern of URIs; without match, \"com.lab.*\" is a prefix"};
inline constexpr Option permission_match{.key = "match", .type = ValueType::choice, .choices = "exact prefix wildcard", .help = "how uri is compared"};
inline constexpr Option allow{.key = "allow", .type = ValueType::list, .help = "call, register, publish, subscribe"};
inline constexpr Option disclose{.key = "disclose", .type = ValueType::list, .help = "caller, publisher: who it is told in any case"};
inline constexpr Option cache{.key = "cache", .type = ValueType::boolean, .initial = "false", .help = "understood, and not needed"};

// [[wamp.principal]]
inline constexpr Option authid{.key = "authid", .help = "the name"};
inline constexpr Option role{.key = "role", .help = "the role"};
inline constexpr Option ticket{.key = "ticket", .type = ValueType::secret, .help = "method ticket: the ticket itself"};
inline constexpr Option ticket_hash{.key = "ticket-hash", .type = ValueType::secret, .help = "method ticket: $argon2id$… or $pbkdf2-sha256$…"};
inline constexpr Option wampcra_secret{.key = "wampcra-secret", .type = ValueType::secret, .help = "method wampcra: the secret itself"};
inline constexpr Option wampcra_key{.key = "wampcra-key", .type = ValueType::secret,
    .help = "method wampcra: what was derived from it (base64), with the salt that it was derived with"};
inline constexpr Option wampcra_salt{.key = "wampcra-salt", .help = "the client derives the key with this salt"};
inline constexpr Option wampcra_iterations{.key = "wampcra-iterations", .type = ValueType::integer, .initial = "1000", .least = "1", .most = "1000000",
    .help = "in so many rounds"};
inline constexpr Option wampcra_key_bytes{.key = "wampcra-key-bytes", .type = ValueType::integer, .initial = "32", .least = "1", .most = "64",
    .help = "and so many bytes"};
inline constexpr Option cryptosign_keys{.key = "cryptosign-keys", .type = ValueType::list, .help = "method cryptosign: public keys, as hex"};
inline constexpr Option certificates{.key = "certificates", .type = ValueType::list, .help = "method tls: SHA-256 or SHA-1 of certificates, as hex"};

// [wamp.principal.scram], [wamp.principal.wamp-scram]
inline constexpr Option salt{.key = "salt", .help = "base64, or hex of 16 bytes"};
inline constexpr Option kdf{.key = "kdf", .type = ValueType::choice, .initial = "pbkdf2", .choices = "pbkdf2 argon2id=argon2id13=argon2id-13", .help = "how the password was made slow"};
inline constexpr Option iterations{.key = "iterations", .type = ValueType::integer, .initial = "4096", .least = "1", .most = "10000000", .help = "rounds, or argon2's time cost"};
inline constexpr Option memory{.key = "memory", .type = ValueType::integer, .initial = "0", .least = "8", .most = "1048576", .zero = "pbkdf2 needs none", .help = "argon2's memory, in KiB"};
inline constexpr Option stored_key{.key = "stored-key", .type = ValueType::secret, .help = "hex or base64"};
inline constexpr Option server_key{.key = "server-key", .type = ValueType::secret, .help = "hex or base64"};

// [[wamp.authenticator]]
inline constexpr Option procedure{.key = "procedure", .help = "the procedure that says who somebody is"};
inline constexpr Option procedure_realm{.key = "procedure-realm", .help = "where it is registered; empty: in the realm that is being joined"};
inline constexpr Option methods{.key = "methods", .type = ValueType::list, .help = "anonymous, ticket, wampcra, scram, wamp-scram, cryptosign, tls"};
// clang-format on

}  // namespace crosspoint::wamp::auth::rows
