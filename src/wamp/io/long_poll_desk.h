#pragma once
// Where long-poll requests are taken, on whichever loop they come, and brought to the transport that they are
// for, on the router's. Transports are known by ids that cannot be guessed, and that no log holds.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/text_hash.h"
#include "wamp/io/long_poll_transport.h"

namespace crosspoint::wamp {

// NodeSettings::allows_origin.
using OriginCheck = std::function<bool(std::optional<std::string_view> origin)>;

struct LongPollOrder {
  const LongPollSettings& settings;
  const OriginCheck& allows_origin;
  std::size_t body_bytes_max;
  data::Format ubjson_as;
  bool secure;  // NodeSettings::secure
};

class LongPollDesk {
 public:
  // Makes a transport; null: there are too many clients already.
  using Open = std::function<LongPollTransport*(const Subprotocol&, batch::Separator, TransportFacts,
                                                std::function<void()> on_over)>;

  // Loop, random and what the order refers to outlive it.
  LongPollDesk(net::Loop& loop, Random& random, const LongPollOrder& order, Open open);
  LongPollDesk(const LongPollDesk&) = delete;
  LongPollDesk& operator=(const LongPollDesk&) = delete;

  // For every server; their handlers may be called from every loop.
  std::vector<http::Route> rows();

 private:
  struct Errand;
  void on_request(http::Request&& request, http::Responder responder);
  void take(Errand errand, LongPollReply reply);
  http::Response open(Errand& errand);
  http::Response send(LongPollTransport& transport, const Errand& errand);
  std::string new_id();

  net::Loop& loop_;
  Random& random_;
  const LongPollOrder order_;
  const Open open_;
  ByText<LongPollTransport*> transports_;
};

}  // namespace crosspoint::wamp
