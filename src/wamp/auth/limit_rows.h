#pragma once
// The keys of [[wamp.realm]] that bound what its sessions may have the router remember. Their defaults are
// those of broker_settings.h, dealer_settings.h and testaments.h, which say what happens at each.

#include "config/option.h"

namespace crosspoint::wamp::auth::rows {

using config::Option;
using config::ValueType;

// clang-format off: a row reads best on few lines.
inline constexpr Option subscriptions_per_session_max{.key = "subscriptions-per-session-max", .type = ValueType::integer, .initial = "1000",
    .least = "1", .most = "10000000", .help = "subscriptions of one session"};
inline constexpr Option subscriptions_max{.key = "subscriptions-max", .type = ValueType::integer, .initial = "1000000", .least = "1", .most = "100000000",
    .help = "of all sessions together"};
inline constexpr Option receiver_list_entries_max{.key = "receiver-list-entries-max", .type = ValueType::integer, .initial = "10000", .least = "1",
    .most = "1000000", .help = "in the lists of receivers of one PUBLISH"};
inline constexpr Option retained_topics_max{.key = "retained-topics-max", .type = ValueType::integer, .initial = "10000", .least = "0", .most = "10000000",
    .help = "topics that have a retained event"};
inline constexpr Option retained_bytes_max{.key = "retained-bytes-max", .type = ValueType::bytes, .initial = "64 MiB", .least = "1 KiB", .most = "64 GiB",
    .help = "memory that these events may take"};
inline constexpr Option registrations_per_session_max{.key = "registrations-per-session-max", .type = ValueType::integer, .initial = "10000",
    .least = "1", .most = "10000000", .help = "procedures of one session"};
inline constexpr Option registrations_max{.key = "registrations-max", .type = ValueType::integer, .initial = "200000", .least = "1", .most = "100000000",
    .help = "of all sessions together"};
inline constexpr Option calls_per_caller_max{.key = "calls-per-caller-max", .type = ValueType::integer, .initial = "4096", .least = "1", .most = "10000000",
    .help = "calls of one session that wait for their answer"};
inline constexpr Option calls_per_callee_max{.key = "calls-per-callee-max", .type = ValueType::integer, .initial = "16384", .least = "1", .most = "10000000",
    .help = "calls that one session has to answer"};
inline constexpr Option queued_calls_max{.key = "queued-calls-max", .type = ValueType::integer, .initial = "0", .least = "1", .most = "1000000",
    .zero = "refused at once", .help = "calls that wait while all callees of a procedure have as many as their concurrency allows"};
inline constexpr Option queued_calls_age_max{.key = "queued-calls-age-max", .type = ValueType::duration, .initial = "5m", .least = "10ms", .most = "365d",
    .help = "how long one may wait so, where its own timeout does not end it before"};
inline constexpr Option kept_bytes_per_caller_max{.key = "kept-bytes-per-caller-max", .type = ValueType::bytes, .initial = "16 MiB", .least = "1 KiB",
    .most = "64 GiB", .help = "memory for the arguments of one session's calls that wait, or may have to be sent again"};
inline constexpr Option kept_bytes_max{.key = "kept-bytes-max", .type = ValueType::bytes, .initial = "256 MiB", .least = "1 KiB", .most = "64 GiB",
    .help = "of all sessions together"};
inline constexpr Option testaments_per_session_max{.key = "testaments-per-session-max", .type = ValueType::integer, .initial = "100", .least = "0",
    .most = "100000", .help = "testaments of one session"};
inline constexpr Option testament_bytes_per_session_max{.key = "testament-bytes-per-session-max", .type = ValueType::bytes, .initial = "1 MiB",
    .least = "1 KiB", .most = "1 GiB", .help = "memory that they may take"};
// clang-format on

}  // namespace crosspoint::wamp::auth::rows
