#pragma once
// The numbers by which WAMP tells things apart: 1 to 2^53, so that every JSON library can hold them exactly.
// Each kind is a type of its own: a registration is never taken for a subscription.

#include <cstdint>

namespace crosspoint::wamp {

inline constexpr std::uint64_t id_max = std::uint64_t{1} << 53;
constexpr bool is_id(std::uint64_t number) { return number >= 1 && number <= id_max; }

// Global scope: random, so that nobody guesses one.
enum class SessionId : std::uint64_t {};
enum class PublicationId : std::uint64_t {};
// Router scope: counted, unique for as long as the router runs.
enum class SubscriptionId : std::uint64_t {};
enum class RegistrationId : std::uint64_t {};
// Session scope: of one session and one direction, from 1 on, after id_max from 1 again.
enum class RequestId : std::uint64_t {};

constexpr std::uint64_t number(SessionId id) { return static_cast<std::uint64_t>(id); }
constexpr std::uint64_t number(PublicationId id) { return static_cast<std::uint64_t>(id); }
constexpr std::uint64_t number(SubscriptionId id) { return static_cast<std::uint64_t>(id); }
constexpr std::uint64_t number(RegistrationId id) { return static_cast<std::uint64_t>(id); }
constexpr std::uint64_t number(RequestId id) { return static_cast<std::uint64_t>(id); }

// Counts 1, 2, … id_max, 1, …
template <typename Id>
class IdSequence {
 public:
  Id next() {
    last_ = last_ == id_max ? 1 : last_ + 1;
    return Id{last_};
  }

 private:
  std::uint64_t last_ = 0;
};

}  // namespace crosspoint::wamp
