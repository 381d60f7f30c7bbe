#pragma once
// All connections of token topics as one JSON array, in the two forms that programs in the field read: the
// messages of topic `stats` (camelCase), and the answer of GET /status (snake_case). What older versions of
// the relay reported is there, what newer ones do, and what only this one knows comes after it:
//
//   {"canRead":true,"canWrite":false,"connected":"2026-11-21T00:01:40Z","expiresAt":"2026-11-21T01:01:40Z",
//    "remoteAddr":"192.0.2.7","scopes":["read"],"stats":{"tx":{"last":"Never","size":0,"fps":0},"rx":{…}},
//    "topic":"rig01-st-data","userAgent":"…",
//    "traffic":{"tx":{"messages":0,"bytes":0,"messagesPerSecond":0,"bytesPerSecond":0},"rx":{…}},
//    "dropped":0,"waitingBytes":0,"media":""}
//
// `tx` is what the client sent to the relay, `rx` what it was delivered. For those who manage the node there
// is a third form: that of GET /status, of open topics too, with "id" and, where there is one, "booking".

#include <span>
#include <string>
#include <string_view>

#include "base/time.h"
#include "relay/client_report.h"
#include "relay/rate_book.h"

namespace crosspoint::relay {

enum class ListForm { stats_topic, status, management };

// `rates` is asked about each of the reports, which are all there are. The relay itself stands first in the
// list, as the one who sends on topic `stats`, with `since` as the time it connected. `wamp`, a JSON object
// of the WAMP router's numbers, becomes a field of that entry, spelt alike in all forms; empty: there is
// none.
std::string connection_list(std::span<const ClientReport> reports, ListForm form, RateBook& rates,
                            WallTime since, MonotonicTime now, std::string_view wamp = {});

// One connection alone.
std::string connection_object(const ClientReport& report, ListForm form, const Rates& rates,
                              MonotonicTime now);

}  // namespace crosspoint::relay
