#include "config/value.h"

#include <gtest/gtest.h>

#include "config/option_table.h"

namespace crosspoint::config {
namespace {

const Option& row(std::string_view key) { return options[find_option(key)]; }

std::string refusal(std::string_view key, std::string_view text) {
  const auto value = read_text(row(key), text);
  return value ? "(accepted)" : value.error();
}

Written in_file(Written::Kind kind, std::string text, std::vector<std::string> list = {}) {
  return {kind, std::move(text), std::move(list), true};
}
std::string file_refusal(std::string_view key, const Written& written) {
  const auto value = read_value(row(key), written);
  return value ? "(accepted)" : value.error();
}

TEST(Value, RefusalsNameTheValueAndWhatIsAccepted) {
  EXPECT_EQ(refusal("serve.ping-every", "5 parsecs"),
            "\"5 parsecs\" is not a duration; write a number and a unit: 500ms, 5s, 2m, 1h");
  EXPECT_EQ(refusal("serve.ping-every", "54"),
            "\"54\" has no unit; write a number and a unit: 500ms, 5s, 2m, 1h");
  EXPECT_EQ(refusal("serve.ping-every", "-5s"),
            "\"-5s\" is negative; write a number and a unit: 500ms, 5s, 2m, 1h");
  EXPECT_EQ(refusal("serve.ping-every", "1ms"),
            "\"1ms\" is too small: at least 100ms, at most 1h, or 0 for never");
  EXPECT_EQ(refusal("serve.dead-after", "300d"), "\"300d\" is too large: at least 200ms, at most 24h");
  EXPECT_EQ(refusal("serve.dead-after", "999999999d"),
            "\"999999999d\" is too large: at least 200ms, at most 24h");
  EXPECT_EQ(refusal("serve.loops", "many"), "\"many\" is not a whole number; write digits only");
  EXPECT_EQ(refusal("serve.loops", "2000"),
            "\"2000\" is too large: at least 1, at most 1024, or 0 for one per core");
  EXPECT_EQ(refusal("serve.loops", "-1"),
            "\"-1\" is too small: at least 1, at most 1024, or 0 for one per core");
  EXPECT_EQ(refusal("serve.message-bytes-max", "10 M"),
            "\"10 M\" is not a size; write a number and a unit: 64 KiB, 4 MiB, 1 GB, 1316 B");
  EXPECT_EQ(refusal("serve.message-bytes-max", "0"), "\"0\" is too small: at least 125, at most 1 GiB");
  EXPECT_EQ(refusal("serve.receive-bytes-per-second-max", "99999999 TiB"),
            "\"99999999 TiB\" is too large: 0 means no limit");
  EXPECT_EQ(refusal("serve.echo", "perhaps"), "\"perhaps\" is neither true nor false");
  EXPECT_EQ(refusal("serve.slow-viewer", "vidio"),
            "\"vidio\" is not one of auto, video, latest, reliable; did you mean video?");
  EXPECT_EQ(refusal("serve.slow-viewer", ""), "\"\" is not one of auto, video, latest, reliable");
  EXPECT_EQ(refusal("serve.audience", "a\nb"), "\"a?b\" holds a control character");
  EXPECT_EQ(refusal("serve.allow-origin", "a,b\x1b[2J"), "\"b?[2J\" holds a control character");
}

TEST(Value, AnEndpointIsRefusedWithTheReason) {
  const auto reason = [](std::string_view text) {
    const auto parts = split_endpoint(text);
    return parts ? "(accepted)" : parts.error();
  };

  EXPECT_EQ(
      refusal("serve.listen", "8080"),
      "\"8080\" is not an address to listen on: it has no port; write 127.0.0.1:8080, [::1]:8080, :8080 or "
      "unix:/path/of/socket");
  EXPECT_EQ(reason("[::1]"), "it has no port");
  EXPECT_EQ(reason("::1:8080"), "an IPv6 address goes in brackets");
  EXPECT_EQ(reason("localhost:http"), "the port is not a number up to 65535");
  EXPECT_EQ(reason("localhost:65536"), "the port is not a number up to 65535");
  EXPECT_EQ(reason("localhost:"), "the port is not a number up to 65535");
  EXPECT_EQ(reason("http://localhost:80"), "it is a URL");
  EXPECT_EQ(reason("a b:80"), "it holds a space");
  EXPECT_EQ(reason("unix:"), "no path after unix:");
  EXPECT_EQ(reason("unix:" + std::string(108, 'x')), "the path is longer than 107 bytes");
  for (const char* good:
       {"127.0.0.1:8080", "[::1]:8080", ":8080", "lab.example.org:443", "unix:/run/x.sock", "h:0"}) {
    EXPECT_EQ(reason(good), "(accepted)") << good;
  }
}

TEST(Value, AFilesOwnTypesMustBeTheRightOnes) {
  using Kind = Written::Kind;
  EXPECT_EQ(file_refusal("serve.loops", in_file(Kind::text, "8")),
            "\"8\" is text; write the number without quotes");
  EXPECT_EQ(file_refusal("serve.loops", in_file(Kind::text, "x")),
            "\"x\" is text; wanted is a whole number, at least 1, at most 1024, or 0 for one per core");
  EXPECT_EQ(file_refusal("serve.echo", in_file(Kind::text, "yes")),
            "\"yes\" is text; write true or false without quotes");
  EXPECT_EQ(file_refusal("serve.echo", in_file(Kind::integer, "1")),
            "a number stands here; wanted is true or false");
  EXPECT_EQ(file_refusal("serve.listen", in_file(Kind::boolean, "true")),
            "true or false stands here; wanted is an address and a port, or unix:/path");
  EXPECT_EQ(file_refusal("serve.listen", in_file(Kind::list, "", {"a"})),
            "a list stands here; wanted is an address and a port, or unix:/path");
  EXPECT_EQ(file_refusal("serve.audience", in_file(Kind::other, "a date")),
            "a date stands here; wanted is text");
  EXPECT_EQ(file_refusal("serve.ping-every", in_file(Kind::integer, "54")),
            "\"54\" has no unit; write a number and a unit: 500ms, 5s, 2m, 1h");
  EXPECT_EQ(file_refusal("serve.ping-every", in_file(Kind::integer, "0")), "(accepted)");
  EXPECT_EQ(file_refusal("serve.message-bytes-max", in_file(Kind::integer, "1000")), "(accepted)");
  EXPECT_EQ(file_refusal("serve.allow-origin", in_file(Kind::list, "", {"a", "b"})), "(accepted)");
}

TEST(Value, ASecretIsInNoSentenceAndNoPrint) {
  using Kind = Written::Kind;
  const Option& secret = row("serve.secret");

  EXPECT_EQ(file_refusal("serve.secret", in_file(Kind::integer, "31337")),
            "a number stands here; wanted is text, never shown");
  EXPECT_EQ(refusal("serve.secret", std::string_view("hun\0ter2", 8)), "the value holds a zero byte");
  EXPECT_EQ(print_value(secret, Value(std::string("hunter2"))), "***");
  EXPECT_EQ(print_value(secret, Value(std::string())), "");
}

TEST(Value, BooleansAreSpeltAsTheOlderProgramsSpeltThem) {
  for (const char* yes: {"1", "t", "T", "true", "TRUE", "True", "yes", "on", "Y", " true "}) {
    EXPECT_EQ(read_text(row("serve.dev"), yes), Value(true)) << yes;
  }
  for (const char* no: {"0", "f", "F", "false", "FALSE", "False", "no", "off", "n"}) {
    EXPECT_EQ(read_text(row("serve.dev"), no), Value(false)) << no;
  }
}

TEST(Value, ChoicesKnowOtherSpellings) {
  EXPECT_EQ(find_choice(row("log.level"), "WARN"), "warning");
  EXPECT_EQ(find_choice(row("log.level"), "panic"), "error");
  EXPECT_EQ(find_choice(row("log.level"), "Trace"), "trace");
  EXPECT_EQ(find_choice(row("log.level"), "loud"), "");
}

TEST(Value, AListIsCutAtCommas) {
  EXPECT_EQ(read_text(row("serve.allow-origin"), "https://a, https://b,,"),
            Value(std::vector<std::string>{"https://a", "https://b"}));
}

TEST(Value, WhatIsPrintedReadsBackAsTheSame) {
  for (const Option& option: options) {
    const auto value = read_text(option, option.initial);
    ASSERT_TRUE(value) << option.key;
    EXPECT_EQ(read_text(option, print_value(option, *value)), value) << option.key;
  }
}

TEST(Value, StrangeTextIsShownHarmlessly) {
  EXPECT_EQ(in_quotes("a\x1b[31mb\n"), "\"a?[31mb?\"");
  EXPECT_EQ(printable(std::string(100, 'x')), std::string(80, 'x') + "…");
  EXPECT_EQ(printable(std::string(79, 'x') + "ä!"), std::string(79, 'x') + "…");  // not half a letter
}

}  // namespace
}  // namespace crosspoint::config
