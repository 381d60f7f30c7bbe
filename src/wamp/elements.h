#pragma once
// The elements of one message, taken in their order, each with the type that the specification gives it. The
// first one that is wrong is remembered with its name; from then on everything reads as empty, so that a
// message is read without asking after each element, and violation() is looked at once, at the end.
//
// Views that it hands out are good as long as the bytes it was given and as it itself.

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "data/cursor.h"
#include "wamp/code.h"
#include "wamp/ids.h"
#include "wamp/payload.h"
#include "wamp/violation.h"

namespace crosspoint::wamp {

class Elements {
 public:
  Elements(data::Format format, Bytes message, data::Limits limits);
  Elements(const Elements&) = delete;
  Elements& operator=(const Elements&) = delete;

  data::Format format() const { return cursor_.format(); }

  // Element 0. Nothing: it is not one that WAMP knows, or the message is no list; there is a violation then.
  std::optional<Code> code();

  template <typename Id>
  Id id(std::string_view name) {
    return Id{id_number(name)};
  }
  std::uint64_t natural(std::string_view name);
  bool boolean(std::string_view name);
  std::string_view text(std::string_view name);
  std::vector<std::string> texts(std::string_view name);  // a list of strings
  std::vector<SessionId> session_ids(std::string_view name);

  // A map of which some keys are known: `take(key)` is called for each of those that is there, by its place
  // in `keys`, and must take its value with one of the calls above. Unknown keys are passed over.
  void map(std::string_view name, std::span<const std::string_view> keys,
           const std::function<void(std::size_t)>& take);
  // Any value, unread, as it is spelt. `wanted`: array, map.
  Bytes raw(std::string_view name, data::Kind wanted);
  // The value is of no interest.
  void pass_over();
  bool next_is(data::Kind kind);  // what comes next, without taking it

  // Args and Kwargs, up to the end of the message. null is taken for absent, as some clients send it. One
  // binary in the place of Args only with `binary_allowed` (enc_*).
  Payload payload(bool binary_allowed);
  // Is there another element?
  bool more();
  // Nothing more may follow but what `optional_elements` of Autobahn's add; they are passed over.
  void end(int optional_elements = 0);

  void refuse(std::string sentence);
  bool ok() const { return !violation_; }
  std::optional<Violation> violation() { return std::move(violation_); }

 private:
  std::uint64_t id_number(std::string_view name);
  template <typename T>
  T checked(Result<T, data::Refusal> read, std::string_view name, std::string_view wanted);
  void refuse(data::Refusal refusal, std::string_view name, std::string_view wanted);
  std::string& room();
  bool has_element(std::string_view name);

  data::Cursor cursor_;
  std::size_t depth_max_;
  Code code_{};  // none yet
  bool in_map_ = false;
  std::optional<Violation> violation_;
  // For text that is spelt with escapes. No message has more than eight texts outside of lists.
  std::array<std::string, 8> rooms_;
  std::size_t rooms_used_ = 0;
  std::string list_room_;  // of an element of a list, which is copied at once
};

}  // namespace crosspoint::wamp
