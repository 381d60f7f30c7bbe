#pragma once
// Which rows of setting_rows.h stand in which table of the file, and what the tables are for: the page
// docs/wamp-settings.md and the schema are made of it, by `crosspoint config reference wamp` and `config
// schema`.

#include <array>

#include "config/section.h"
#include "wamp/auth/limit_rows.h"
#include "wamp/auth/setting_rows.h"

namespace crosspoint::wamp::auth {

namespace rows {

inline constexpr std::array of_router{
    opening_timeout, decisions_max,   decision_age_max, authorizer_timeout, waiting_bytes_max,
    waiting_age_max, slow_subscriber, ubjson,           cookies_max,        cookie_age_max,
    router_key_file, long_poll,       history_database, management_realm};
inline constexpr std::array of_a_realm{realm_name,
                                       name_pattern,
                                       realms_max,
                                       uri_check,
                                       strict_request_ids,
                                       disclose_me,
                                       plain_tickets,
                                       cookie,
                                       anonymous_role,
                                       token_role,
                                       token_uri_prefix,
                                       slow_subscriber_of_realm,
                                       subscriptions_per_session_max,
                                       subscriptions_max,
                                       receiver_list_entries_max,
                                       retained_topics_max,
                                       retained_bytes_max,
                                       registrations_per_session_max,
                                       registrations_max,
                                       calls_per_caller_max,
                                       calls_per_callee_max,
                                       queued_calls_max,
                                       queued_calls_age_max,
                                       kept_bytes_per_caller_max,
                                       kept_bytes_max,
                                       testaments_per_session_max,
                                       testament_bytes_per_session_max};
inline constexpr std::array of_a_topic{
    topic_uri, topic_match, history_events_max, history_bytes_max, history_age_max, history_store, retain};
inline constexpr std::array of_a_delivery{delivery_uri, delivery_match, slow_subscriber_of_topics};
inline constexpr std::array of_a_role{role_name, of_realm, authorizer};
inline constexpr std::array of_a_permission{permission_uri, permission_match, allow, disclose, cache};
inline constexpr std::array of_a_principal{of_realm,
                                           authid,
                                           role,
                                           ticket,
                                           ticket_hash,
                                           wampcra_secret,
                                           wampcra_key,
                                           wampcra_salt,
                                           wampcra_iterations,
                                           wampcra_key_bytes,
                                           cryptosign_keys,
                                           certificates};
inline constexpr std::array of_scram{salt, kdf, iterations, memory, stored_key, server_key};
inline constexpr std::array of_an_authenticator{of_realm, procedure, procedure_realm, methods};

}  // namespace rows

inline constexpr std::string_view settings_about =
    "# Settings of WAMP\n"
    "\n"
    "This page is made from the tables in `src/wamp/auth/setting_rows.h` by `crosspoint config reference "
    "wamp`: change those, not the page.\n"
    "\n"
    "The router is on where the configuration file has `[wamp]`. `crosspoint init wamp` writes a file to "
    "begin "
    "with; `crosspoint check FILE` says what is wrong with one, and `crosspoint serve --config FILE` serves "
    "it. "
    "SIGHUP makes a running router read `[wamp]` again: sessions that may stay do, with the rights that "
    "their "
    "role has then. A file with a mistake changes nothing. To begin with WAMP, or to be without "
    "it, start again.\n"
    "\n";

using config::SectionTable;
inline constexpr std::array setting_tables{
    SectionTable{"wamp", SectionTable::Kind::one, "The router.", rows::of_router},
    SectionTable{"wamp.realm", SectionTable::Kind::many,
                 "Sessions of one realm do not hear those of another.", rows::of_a_realm},
    SectionTable{"wamp.realm.topic", SectionTable::Kind::many,
                 "What is kept of what is published there; read when the realm comes into being.",
                 rows::of_a_topic},
    SectionTable{
        "wamp.realm.delivery", SectionTable::Kind::many,
        "Who is too slow for some topics. Of several patterns the one with this very URI speaks, else "
        "the longest prefix, else the best wildcard.",
        rows::of_a_delivery},
    SectionTable{"wamp.role", SectionTable::Kind::many,
                 "What somebody may do follows from its role. Without a permission, nothing.",
                 rows::of_a_role},
    SectionTable{
        "wamp.role.permission", SectionTable::Kind::many,
        "For a URI one permission speaks: the one with this very URI, else the longest prefix, else the "
        "best wildcard.",
        rows::of_a_permission},
    SectionTable{"wamp.principal", SectionTable::Kind::many,
                 "Somebody with a name, and the ways to prove to be it: one at least. `crosspoint principal` "
                 "prints such a "
                 "table, for each method, and [wamp](wamp.md#somebody-with-a-name) shows how.",
                 rows::of_a_principal},
    SectionTable{
        "wamp.principal.scram", SectionTable::Kind::one,
        "Method scram: Autobahn's and Crossbar.io's. `crosspoint principal` makes it from a password.",
        rows::of_scram},
    SectionTable{"wamp.principal.wamp-scram", SectionTable::Kind::one,
                 "Method wamp-scram: the specification's. `crosspoint principal --dialect specification` "
                 "makes it from a "
                 "password.",
                 rows::of_scram},
    SectionTable{"wamp.authenticator", SectionTable::Kind::many,
                 "A procedure that says who somebody is, by these methods.", rows::of_an_authenticator},
};

}  // namespace crosspoint::wamp::auth
