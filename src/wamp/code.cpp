#include "wamp/code.h"

namespace crosspoint::wamp {
namespace {

struct Row {
  Code code;
  std::string_view name;
};

constexpr Row code_table[] = {
    {Code::hello, "HELLO"},
    {Code::welcome, "WELCOME"},
    {Code::abort, "ABORT"},
    {Code::challenge, "CHALLENGE"},
    {Code::authenticate, "AUTHENTICATE"},
    {Code::goodbye, "GOODBYE"},
    {Code::error, "ERROR"},
    {Code::publish, "PUBLISH"},
    {Code::published, "PUBLISHED"},
    {Code::subscribe, "SUBSCRIBE"},
    {Code::subscribed, "SUBSCRIBED"},
    {Code::unsubscribe, "UNSUBSCRIBE"},
    {Code::unsubscribed, "UNSUBSCRIBED"},
    {Code::event, "EVENT"},
    {Code::call, "CALL"},
    {Code::cancel, "CANCEL"},
    {Code::result, "RESULT"},
    {Code::register_, "REGISTER"},
    {Code::registered, "REGISTERED"},
    {Code::unregister, "UNREGISTER"},
    {Code::unregistered, "UNREGISTERED"},
    {Code::invocation, "INVOCATION"},
    {Code::interrupt, "INTERRUPT"},
    {Code::yield, "YIELD"},
    {Code::event_received, "EVENT_RECEIVED"},
};

}  // namespace

std::optional<Code> find_code(std::uint64_t number) {
  for (const auto& row: code_table) {
    if (wamp::number(row.code) == number) return row.code;
  }
  return std::nullopt;
}

std::string_view to_string(Code code) {
  for (const auto& row: code_table) {
    if (row.code == code) return row.name;
  }
  return "UNKNOWN";
}

}  // namespace crosspoint::wamp
