#include "relay/origin.h"

#include <gtest/gtest.h>

namespace crosspoint::relay {
namespace {

struct OriginRow {
  const char* origin;
  bool allowed;
};

// Row A6: whoever looks alike is not the same.
TEST(OriginPolicy, A6_OnlyTheListedOriginsAreAllowedWholeAndExact) {
  const OriginPolicy policy(
      {"https://lab.example.org", "http://localhost:8080", "https://Named.Example.org:443"});
  const OriginRow rows[] = {
      {"https://lab.example.org", true},
      {"HTTPS://LAB.EXAMPLE.ORG", true},
      {"https://lab.example.org:443", true},
      {"https://named.example.org", true},
      {"http://localhost:8080", true},
      {"http://lab.example.org", false},
      {"https://lab.example.org:8443", false},
      {"https://lab.example.org.", false},
      {"https://lab.example.org.evil.example", false},
      {"https://evil-lab.example.org", false},
      {"https://evil.example/https://lab.example.org", false},
      {"https://lab.example.org@evil.example", false},
      {"https://lab.example.org/", false},
      {"https://lab.example.org/path", false},
      {"https://lab.example.org,https://evil.example", false},
      {"https://lab.example.org https://evil.example", false},
      {" https://lab.example.org", false},
      {"//lab.example.org", false},
      {"lab.example.org", false},
      {"null", false},
      {"", false},
      {"http://localhost", false},
      {"http://localhost:80", false},
      {"http://localhost:8080:80", false},
      {"http://127.0.0.1:8080", false},
      {"https://sub.lab.example.org", false},
      {"https://labXexample.org", false},
      {"file://", false},
      {"chrome-extension://abcdef", false},
      {"https://lab.example.org%00.evil.example", false},
      {"https://lab.example.org\\.evil.example", false},
      {"https://lab.example.org?x", false},
      {"https://lab.example.org#x", false},
      {"ws://lab.example.org", false},
      {"wss://lab.example.org", false},
      {"https://lab.example.orgs", false},
      {"https://lab.example.or", false},
      {"https:/lab.example.org", false},
      {"https://", false},
  };
  for (const OriginRow& row: rows) {
    SCOPED_TRACE(row.origin);
    EXPECT_EQ(policy.allows(row.origin), row.allowed);
  }
  EXPECT_TRUE(policy.allows(std::nullopt)) << "programs send no Origin";
}

TEST(OriginPolicy, A6_WithoutAListEveryPageIsWelcome) {
  const OriginPolicy policy({});
  EXPECT_TRUE(policy.allows("https://anywhere.example"));
  EXPECT_TRUE(policy.allows("null"));
}

}  // namespace
}  // namespace crosspoint::relay
