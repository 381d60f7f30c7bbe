// Row C7: does the time that a verifier takes say anything about the signature it expects?
//
//   token_timing [SAMPLES]      1000000 unless said
//
// After dudect (Reparaz, Balasch, Verbauwhede: "Dude, is my code constant time?"): tokens of two classes, in
// random order, are refused, and each refusal is timed. One class has signatures that are right but for their
// last byte, the other random ones; both are made before, so that only the verifying differs. Welch's t-test
// over the samples, whole and without the slowest, says whether the means differ: |t| below 4.5 is no
// evidence that they do. As a check of the method itself the same is done with a comparison that stops at the
// first difference.

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <vector>

#include "base/base64.h"
#include "base/random.h"
#include "crypto/constant_time.h"
#include "crypto/hmac.h"
#include "token/verifier.h"

namespace {

using namespace crosspoint;
using Steady = std::chrono::steady_clock;

struct Sample {
  bool nearly_right;
  double nanoseconds;
};

struct Moments {
  double count = 0, mean = 0, squares = 0;
  void add(double value) {  // Welford's
    ++count;
    const double distance = value - mean;
    mean += distance / count;
    squares += distance * (value - mean);
  }
  double variance() const { return squares / (count - 1); }
};

double welch(const std::vector<Sample>& samples, double cut) {
  Moments classes[2];
  for (const auto& sample: samples) {
    if (sample.nanoseconds <= cut) classes[sample.nearly_right ? 1 : 0].add(sample.nanoseconds);
  }
  const auto& [random, nearly] = classes;
  if (random.count < 2 || nearly.count < 2) return 0;  // one class is slower as a whole: other crops show it
  return (random.mean - nearly.mean) /
         std::sqrt(random.variance() / random.count + nearly.variance() / nearly.count);
}

// The largest |t| of the whole and of several crops: interruptions are rare, large, and hide what is small.
double worst(const std::vector<Sample>& samples) {
  std::vector<double> sorted;
  for (const auto& sample: samples) sorted.push_back(sample.nanoseconds);
  std::ranges::sort(sorted);
  double t = 0;
  for (const double share: {1.0, 0.99, 0.95, 0.9, 0.75, 0.5}) {
    const auto last = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1));
    const double found = welch(samples, sorted[last]);
    fmt::print("    fastest {:>3.0f} %   t = {:+.2f}\n", share * 100, found);
    t = std::max(t, std::abs(found));
  }
  return t;
}

// 256 inputs of each class, so that none of them stays in a cache of its own.
constexpr std::size_t inputs = 256;
using Run = std::function<void(bool nearly_right, std::size_t input)>;

std::vector<Sample> measure(std::size_t count, Random& random, const Run& run) {
  std::vector<Sample> samples;
  samples.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto draw = random.next_u32();
    const bool nearly_right = (draw & 1) != 0;
    const std::size_t input = draw >> 8 & (inputs - 1);
    const auto began = Steady::now();
    run(nearly_right, input);
    const std::chrono::duration<double, std::nano> took = Steady::now() - began;
    samples.push_back({nearly_right, took.count()});
  }
  return samples;
}

constexpr std::string_view secret = "a secret of the laboratory, long enough";
constexpr WallTime now{std::chrono::seconds{1'700'000'000}};

std::vector<std::string> tokens_of(bool nearly_right, Random& random) {
  const auto encoded = [](std::string_view text) { return encode_base64(Base64::url, as_bytes(text)); };
  const auto text = encoded(R"({"alg":"HS256","typ":"JWT"})") + "." +
                    encoded(R"({"topic":"t","aud":"a","exp":4102444800})");
  auto signature = crypto::hmac_sha256(as_bytes(secret), as_bytes(text));
  std::vector<std::string> tokens;
  for (std::size_t i = 0; i < inputs; ++i) {
    if (!nearly_right) random.fill(signature);
    if (nearly_right) signature.back() ^= static_cast<std::byte>(i % 255 + 1);
    tokens.push_back(text + "." + encoded(as_text(signature)));
    if (nearly_right) signature.back() ^= static_cast<std::byte>(i % 255 + 1);
  }
  return tokens;
}

bool leaky_equal(Bytes a, Bytes b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  const auto count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  SeededRandom random(7);
  const token::Verifier verifier(*token::KeySet::from_secret(secret), {.audience = "a"});
  const std::vector<std::string> tokens[] = {tokens_of(false, random), tokens_of(true, random)};
  std::size_t accepted = 0;

  fmt::print("verifier, {} samples\n", count);
  measure(count / 20, random, [&](bool nearly, std::size_t i) {
    accepted += verifier.verify(tokens[nearly][i], now).has_value();
  });
  const double t = worst(measure(count, random, [&](bool nearly, std::size_t i) {
    accepted += verifier.verify(tokens[nearly][i], now).has_value();
  }));

  // 4 KiB make a difference that stands out of the clock's own grain.
  ByteVector expected(4096);
  random.fill(expected);
  std::vector<ByteVector> nearly(inputs, expected), other(inputs, expected);
  for (auto& bytes: nearly) bytes.back() ^= std::byte{1};
  for (auto& bytes: other) random.fill(bytes);
  std::size_t equal = 0;
  fmt::print("equal_in_constant_time, 4 KiB\n");
  const double constant = worst(measure(count, random, [&](bool near, std::size_t i) {
    equal += crypto::equal_in_constant_time(expected, near ? nearly[i] : other[i]);
  }));
  fmt::print("a comparison that stops early, 4 KiB\n");
  const double leaky = worst(measure(count / 10, random, [&](bool near, std::size_t i) {
    equal += leaky_equal(expected, near ? nearly[i] : other[i]);
  }));

  fmt::print("|t| verifier {:.2f}, comparison {:.2f} (below 4.5 wanted); control {:.2f} (far above)\n", t,
             constant, leaky);
  return accepted == 0 && equal == 0 && t < 4.5 && constant < 4.5 && leaky > 4.5 ? 0 : 1;
}
