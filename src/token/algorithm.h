#pragma once
// The signatures a token may carry (RFC 7518 section 3.1, RFC 8037 section 3.1), and sets of them. Names are
// compared exactly: "none" is not one, in no spelling.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace crosspoint::token {

enum class Algorithm : std::uint8_t {
  hs256,  // HMAC with SHA-256, 384, 512: who can check can also sign
  hs384,
  hs512,
  rs256,  // RSASSA-PKCS1-v1_5 with SHA-256
  es256,  // ECDSA on P-256 with SHA-256
  eddsa,  // Ed25519
};
inline constexpr std::size_t algorithm_count = 6;

std::string_view name_of(Algorithm algorithm);  // "HS256", "EdDSA": as the header of a token has it
std::optional<Algorithm> find_algorithm(std::string_view name);
constexpr bool is_hmac(Algorithm algorithm) { return algorithm <= Algorithm::hs512; }

class Algorithms {
 public:
  constexpr Algorithms() = default;
  constexpr Algorithms(std::initializer_list<Algorithm> members) {
    for (const Algorithm member: members) bits_ |= bit(member);
  }

  constexpr bool contains(Algorithm algorithm) const { return (bits_ & bit(algorithm)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr void insert(Algorithm algorithm) { bits_ |= bit(algorithm); }
  // What is in both.
  constexpr Algorithms operator&(Algorithms other) const {
    Algorithms both;
    both.bits_ = bits_ & other.bits_;
    return both;
  }
  // What is in either.
  constexpr Algorithms operator|(Algorithms other) const {
    other.bits_ |= bits_;
    return other;
  }
  bool operator==(const Algorithms&) const = default;

 private:
  static constexpr std::uint8_t bit(Algorithm algorithm) {
    return static_cast<std::uint8_t>(1u << static_cast<unsigned>(algorithm));
  }
  std::uint8_t bits_ = 0;
};

inline constexpr Algorithms hmac_algorithms{Algorithm::hs256, Algorithm::hs384, Algorithm::hs512};
inline constexpr Algorithms all_algorithms{Algorithm::hs256, Algorithm::hs384, Algorithm::hs512,
                                           Algorithm::rs256, Algorithm::es256, Algorithm::eddsa};

// "HS256 ES256", "HS256, ES256". The error is a sentence about the word that is none; an empty list is one,
// too.
Result<Algorithms, std::string> parse_algorithms(std::string_view words);
std::string to_string(Algorithms algorithms);  // "HS256 ES256"

}  // namespace crosspoint::token
