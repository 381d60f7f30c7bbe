#pragma once
// What is asked of the node in its realm: the procedures below "relay.", and their arguments, read and
// checked. Each may be given by its place or by its name; the error is wamp.error.invalid_argument, with a
// sentence that names what is wrong.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "base/time.h"
#include "wamp/meta_arguments.h"

namespace crosspoint::management {

inline constexpr std::string_view relay_prefix = "relay.";
inline constexpr std::size_t page_default = 1000;
inline constexpr std::size_t page_max = 10'000;
inline constexpr std::size_t name_bytes_max = 4096;   // of a topic, of a booking
inline constexpr std::size_t reason_bytes_max = 120;  // it becomes a close reason (RFC 6455 section 5.5)

// Long lists are read in pages: what comes behind `after`, as many as `limit`.
struct NamesPage {
  std::string after;
  std::size_t limit = page_default;
};

struct ListTopics {
  NamesPage page;
};
struct GetTopic {
  std::string topic;
};
struct ListClients {
  std::string topic;  // empty: of all
  std::uint64_t after = 0;
  std::size_t limit = page_default;
};
struct GetClient {
  std::uint64_t client = 0;
};
struct KillClient {
  std::uint64_t client = 0;
  std::string reason;
};
struct ChangeBooking {
  bool deny = false;  // else allow
  std::string booking;
  WallTime until{};
};
struct ListBookings {
  bool denied = false;  // else allowed
  NamesPage page;
};
struct GetStats {};

using Wanted = std::variant<ListTopics, GetTopic, ListClients, GetClient, KillClient, ChangeBooking,
                            ListBookings, GetStats>;

// Their names. Those of bookings are for nodes whose topics tokens open.
enum class Bookings : std::uint8_t { none, some };
std::vector<std::string> procedures(Bookings bookings);

// Of one of these procedures.
Result<Wanted, wamp::MetaError> read_wanted(std::string_view procedure, const wamp::MetaArguments& arguments,
                                            WallTime now);

// Which of `names`, which are in order, stand on a page.
std::span<const std::string> page_of(std::span<const std::string> names, const NamesPage& page);

}  // namespace crosspoint::management
