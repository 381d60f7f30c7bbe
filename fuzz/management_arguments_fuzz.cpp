// What the procedures of a node and of a host are called with: taken within their limits, or refused with a
// sentence and one error. A rule that is taken is JSON, since it goes to the host's own parser next.
#include <cstdint>
#include <iterator>
#include <variant>

#include "management/host_verbs.h"
#include "management/wanted.h"
#include "require.h"
#include "wamp/error_uri.h"

using namespace crosspoint;

namespace {

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};

void check(const management::Wanted& wanted) {
  using namespace management;
  const auto good_page = [](std::size_t limit) { REQUIRE(limit >= 1 && limit <= page_max); };
  std::visit(Overloaded{[&](const ListTopics& list) { good_page(list.page.limit); },
                        [&](const ListBookings& list) { good_page(list.page.limit); },
                        [&](const ListClients& list) { good_page(list.limit); },
                        [](const GetTopic& get) {
                          REQUIRE(!get.topic.empty() && get.topic.size() <= name_bytes_max);
                        },
                        [](const KillClient& kill) { REQUIRE(kill.reason.size() <= reason_bytes_max); },
                        [](const ChangeBooking& change) {
                          REQUIRE(!change.booking.empty() && change.booking.size() <= name_bytes_max);
                          REQUIRE(change.until >= WallTime{});
                        },
                        [](const auto&) {}},
             wanted);
}

}  // namespace

// The format, the procedure, how much of the rest is Args, the bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const auto format = data::formats[data[0] % std::size(data::formats)];
  const Bytes bytes = as_bytes({reinterpret_cast<const char*>(data) + 3, size - 3});
  const std::size_t args = std::min<std::size_t>(data[2], bytes.size());
  const auto arguments = wamp::MetaArguments::read({format, bytes.first(args), bytes.subspan(args)}, {});
  if (!arguments) {
    REQUIRE(arguments.error().error == wamp::error_uri::invalid_argument);
    return 0;
  }
  const auto procedures = management::procedures(management::Bookings::some);
  const auto wanted =
      management::read_wanted(procedures[data[1] % procedures.size()], *arguments, WallTime{});
  if (wanted) {
    check(*wanted);
  } else {
    REQUIRE(wanted.error().error == wamp::error_uri::invalid_argument && !wanted.error().text.empty());
  }
  const auto verbs = management::host_verbs();
  const auto verb = verbs[data[1] % verbs.size()];
  const auto subject = management::read_subject(verb, *arguments);
  const bool is_rule =
      verb == management::HostVerb::add_stream || verb == management::HostVerb::add_destination;
  if (subject && is_rule) REQUIRE(data::read_value(data::Format::json, as_bytes(*subject)));
  REQUIRE(subject || !subject.error().text.empty());
  return 0;
}
