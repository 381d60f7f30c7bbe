#include "host/rules.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace crosspoint::host {
namespace {

using Feeds = std::vector<std::string>;

TEST(StreamRule, F35_AnswersTheRuleWithoutTheLeadingSlash) {
  const auto rule = parse_stream_rule(R"({"stream":"/stream/front/large","feeds":["video0","audio0"]})");
  ASSERT_TRUE(rule);
  EXPECT_EQ(to_json(*rule), R"({"stream":"stream/front/large","feeds":["video0","audio0"]})");
}

TEST(StreamRule, OnlyOneLeadingSlashGoes) {
  EXPECT_EQ(parse_stream_rule(R"({"stream":"//stream/d","feeds":[]})")->stream, "/stream/d");
}

TEST(StreamRule, FeedsLoseTheirLeadingSlashTooAndCountOnce) {
  const auto rule =
      parse_stream_rule(R"({"stream":"stream/a","feeds":["/video0","audio0","video0","audio0"]})");
  EXPECT_EQ(*rule->feeds, (Feeds{"video0", "audio0"}));
}

TEST(StreamRule, FieldNamesMatchInAnyCaseAndUnknownOnesAreIgnored) {
  const auto rule = parse_stream_rule(R"({"STREAM":"stream/a","Feeds":["v"],"colour":{"deep":[1,2,{}]}})");
  ASSERT_TRUE(rule);
  EXPECT_EQ(rule->stream, "stream/a");
  EXPECT_EQ(*rule->feeds, Feeds{"v"});
}

TEST(StreamRule, MissingFeedsAreNullAndStayNull) {
  for (const auto* json: {R"({"stream":"stream/a"})", R"({"stream":"stream/a","feeds":null})"}) {
    const auto rule = parse_stream_rule(json);
    ASSERT_TRUE(rule);
    EXPECT_EQ(rule->feeds, std::nullopt);
    EXPECT_EQ(to_json(*rule), R"({"stream":"stream/a","feeds":null})");
    EXPECT_EQ(to_json(rule->feeds), "null");
  }
}

TEST(StreamRule, ANameThatIsNoStreamIsARuleAllTheSame) {
  EXPECT_TRUE(parse_stream_rule(R"({"stream":"video","feeds":["video0"]})"));
}

TEST(StreamRule, AngleBracketsAndQuotesComeBackAsTheyWere) {
  const auto rule = parse_stream_rule(R"({"stream":"stream/<&>\"\\é","feeds":["\u00e4"]})");
  ASSERT_TRUE(rule);
  const auto back = nlohmann::json::parse(to_json(*rule));
  EXPECT_EQ(back["stream"], "stream/<&>\"\\é");
  EXPECT_EQ(back["feeds"][0], "ä");
}

struct Refused {
  const char* json;
  const char* why;  // part of the sentence
};

class StreamRuleRefusals : public testing::TestWithParam<Refused> {};

TEST_P(StreamRuleRefusals, F39_AreSentences) {
  const auto rule = parse_stream_rule(GetParam().json);
  ASSERT_FALSE(rule) << GetParam().json;
  EXPECT_NE(rule.error().find(GetParam().why), std::string::npos) << rule.error();
}

INSTANTIATE_TEST_SUITE_P(
    Table, StreamRuleRefusals,
    testing::Values(Refused{"", "not JSON"}, Refused{"{", "not JSON"}, Refused{"hello", "not JSON"},
                    Refused{R"({"stream":"a"} x)", "not JSON"}, Refused{"{\"stream\":\"\xff\"}", "not JSON"},
                    Refused{"null", "not a JSON object"}, Refused{"[]", "not a JSON object"},
                    Refused{"\"a\"", "not a JSON object"}, Refused{"{}", "\"stream\" is missing"},
                    Refused{R"({"stream":""})", "\"stream\" is missing"},
                    Refused{R"({"stream":"/"})", "\"stream\" is missing"},
                    Refused{R"({"stream":null})", "\"stream\" is missing"},
                    Refused{R"({"stream":1})", "\"stream\" must be a string"},
                    Refused{R"({"stream":["a"]})", "\"stream\" must be a string"},
                    Refused{R"({"stream":"a","feeds":"v"})", "\"feeds\" must be an array"},
                    Refused{R"({"stream":"a","feeds":{}})", "\"feeds\" must be an array"},
                    Refused{R"({"stream":"a","feeds":[1]})", "\"feeds\" must be an array"},
                    Refused{R"({"stream":"a","feeds":[null]})", "\"feeds\" must be an array"},
                    Refused{R"({"stream":"deleteAll","feeds":[]})", "reserved"},
                    Refused{R"({"stream":"/deleteAll","feeds":[]})", "reserved"},
                    Refused{R"({"stream":"all","feeds":[]})", "reserved"}));

TEST(StreamRule, LimitsAreKept) {
  const RuleLimits limits{.rules_max = 2, .feeds_max = 2, .name_bytes_max = 10};
  EXPECT_TRUE(parse_stream_rule(R"({"stream":"stream/abc","feeds":["a","b"]})", limits));
  EXPECT_FALSE(parse_stream_rule(R"({"stream":"stream/abcd","feeds":[]})", limits));
  EXPECT_FALSE(parse_stream_rule(R"({"stream":"a","feeds":["a","b","c"]})", limits));
  EXPECT_FALSE(parse_stream_rule(R"({"stream":"a","feeds":["12345678901"]})", limits));
}

TEST(StreamRule, NestingAsDeepAsTheBodyMayBeIsSurvived) {
  const std::string deep(30'000, '[');
  EXPECT_FALSE(parse_stream_rule(R"({"stream":"a","x":)" + deep));
  EXPECT_TRUE(parse_stream_rule(R"({"stream":"a","x":)" + deep + std::string(30'000, ']') + "}"));
}

TEST(DestinationRule, F37_AnswersIdStreamAndDestination) {
  const auto rule = parse_destination_rule(
      R"({"id":"0","stream":"/stream/front/large","destination":"wss://video.practable.io:443/in/video2"})");
  ASSERT_TRUE(rule);
  EXPECT_EQ(
      to_json(*rule),
      R"({"id":"0","stream":"stream/front/large","destination":"wss://video.practable.io:443/in/video2"})");
}

TEST(DestinationRule, AnIdThatIsAWholeNumberIsItsDigits) {
  EXPECT_EQ(parse_destination_rule(R"({"id":0,"stream":"a","destination":"ws://h/x"})")->id, "0");
  EXPECT_EQ(parse_destination_rule(R"({"id":-12,"stream":"a","destination":"ws://h/x"})")->id, "-12");
}

TEST(DestinationRule, AnEmptyTokenIsNoTokenAndIsNotAnswered) {
  const auto rule = parse_destination_rule(R"({"id":"0","stream":"a","destination":"ws://h/x","token":""})");
  ASSERT_TRUE(rule);
  EXPECT_EQ(to_json(*rule).find("token"), std::string::npos);
}

TEST(DestinationRule, Check49_WithATokenAllFiveKeysAreAnsweredAndTheTokenIsNot) {
  const auto rule = parse_destination_rule(
      R"({"stream":"/video","destination":"https://lab.example/access/session/v","id":"0","token":"S3.cr.et"})");
  ASSERT_TRUE(rule) << rule.error();
  EXPECT_EQ(rule->token, "S3.cr.et");
  EXPECT_EQ(
      to_json(*rule),
      R"({"id":"0","stream":"video","destination":"https://lab.example/access/session/v","token":"***","file":""})");
}

TEST(DestinationRule, ATokenGoesWithAWebSocketAddressToo) {
  EXPECT_TRUE(parse_destination_rule(R"({"id":"0","stream":"a","destination":"wss://h/x","token":"t"})"));
}

TEST(DestinationRule, ATokenFileIsNamedAndShown) {
  const auto rule = parse_destination_rule(
      R"({"id":"0","stream":"a","destination":"http://h/session/a","token_file":"rig01.token","file":""})");
  ASSERT_TRUE(rule) << rule.error();
  EXPECT_TRUE(rule->wants_token());
  EXPECT_EQ(
      to_json(*rule),
      R"({"id":"0","stream":"a","destination":"http://h/session/a","token":"","file":"","token_file":"rig01.token"})");
}

TEST(DestinationRule, ATokenThatCannotBeSentIsRefusedAndNotRepeated) {
  for (const auto* token: {"S3cret two", "S3cret\\r\\nX: y", "S3cr\xc3\xa9t"}) {
    const auto rule = parse_destination_rule(
        std::string(R"({"id":"0","stream":"a","destination":"ws://h/x","token":")") + token + "\"}");
    ASSERT_FALSE(rule) << token;
    EXPECT_EQ(rule.error().find("S3cr"), std::string::npos) << rule.error();
  }
}

TEST(DestinationRule, ATokenOrCodeInTheAddressIsUsedAndNotShown) {
  Rules rules;
  for (const auto* query: {"token=S3cret", "x=1&code=S3cret"}) {
    const auto rule = parse_destination_rule(
        std::string(R"({"id":"0","stream":"a","destination":"ws://h/x?)") + query + "\"}");
    ASSERT_TRUE(rule) << rule.error();
    EXPECT_EQ(rule->destination, std::string("ws://h/x?") + query);
    EXPECT_NE(to_json(*rule).find("=***\""), std::string::npos) << to_json(*rule);
    rules.put(*rule);
    EXPECT_EQ((to_json(*rule) + rules.destinations_json()).find("S3cret"), std::string::npos);
  }
}

TEST(DestinationRule, TokensAreBounded) {
  const auto with = [](std::size_t bytes) {
    return parse_destination_rule(R"({"id":"0","stream":"a","destination":"ws://h/x","token":")" +
                                  std::string(bytes, 't') + "\"}");
  };
  EXPECT_TRUE(with(client::token_bytes_max));
  EXPECT_FALSE(with(client::token_bytes_max + 1));
}

class DestinationRuleRefusals : public testing::TestWithParam<Refused> {};

TEST_P(DestinationRuleRefusals, F39_AreSentences) {
  const auto rule = parse_destination_rule(GetParam().json);
  ASSERT_FALSE(rule) << GetParam().json;
  EXPECT_NE(rule.error().find(GetParam().why), std::string::npos) << rule.error();
}

INSTANTIATE_TEST_SUITE_P(
    Table, DestinationRuleRefusals,
    testing::Values(
        Refused{"", "not JSON"}, Refused{"[]", "not a JSON object"},
        Refused{R"({"id":0.5,"stream":"a","destination":"ws://h/x"})", "\"id\" must be a string"},
        Refused{R"({"id":true})", "\"id\" must be a string"}, Refused{R"({"id":0})", "\"stream\" is missing"},
        Refused{R"({"stream":"a","destination":"ws://h/x"})", "\"id\" is missing"},
        Refused{R"({"id":"","stream":"a","destination":"ws://h/x"})", "\"id\" is missing"},
        Refused{R"({"id":"deleteAll","stream":"a","destination":"ws://h/x"})", "reserved"},
        Refused{R"({"id":"all","stream":"a","destination":"ws://h/x"})", "reserved"},
        Refused{R"({"id":"0","destination":"ws://h/x"})", "\"stream\" is missing"},
        Refused{R"({"id":"0","stream":{},"destination":"ws://h/x"})", "\"stream\" must be a string"},
        Refused{R"({"id":"0","stream":"a"})", "\"destination\""},
        Refused{R"({"id":"0","stream":"a","destination":7})", "\"destination\" must be a string"},
        Refused{R"({"id":"0","stream":"a","destination":"relay/x"})", "\"destination\""},
        Refused{R"({"id":"0","stream":"a","destination":"http://h/x"})", "ws:// or wss://"},
        Refused{R"({"id":"0","stream":"a","destination":"ftp://h/x"})", "\"destination\""},
        Refused{R"({"id":"0","stream":"a","destination":"ws:///x"})", "\"destination\""},
        Refused{R"({"id":"0","stream":"a","destination":"ws://user:pass@h/x"})", "\"destination\""},
        Refused{R"({"id":"0","stream":"a","destination":"ws://h:99999/x"})", "\"destination\""},
        Refused{R"({"id":"0","stream":"a","destination":"ws://h/x\r\nEvil: 1"})", "\"destination\""},
        Refused{R"({"id":"0","stream":"a","destination":"ws://h/x","token":1})",
                "\"token\" must be a string"},
        Refused{R"({"id":"0","stream":"a","destination":"ws://h/x","token":"***"})", "not shown"},
        Refused{R"({"id":"0","stream":"a","destination":"ws://h/x?token=***"})", "not shown"},
        Refused{R"({"id":"0","stream":"a","destination":"http://h/x","token":""})",
                "unless there is a token"},
        Refused{R"({"id":"0","stream":"a","destination":"ftp://h/x","token":"t"})", "\"destination\""},
        Refused{R"({"id":"0","stream":"a","destination":"https://u:p@h/x","token":"t"})", "\"destination\""},
        Refused{R"({"id":"0","stream":"a","destination":"ws://h/x","token":"t","token_file":"f"})",
                "exclude each other"},
        Refused{R"({"id":"0","stream":"a","destination":"ws://h/x","token_file":1})",
                "\"token_file\" must be a string"},
        Refused{R"({"id":"0","stream":"a","destination":"ws://h/x","token_file":"/etc/shadow"})",
                "without a path"},
        Refused{R"({"id":"0","stream":"a","destination":"ws://h/x","token_file":"../shadow"})",
                "without a path"},
        Refused{R"({"id":"0","stream":"a","destination":"ws://h/x","token_file":".."})", "without a path"},
        Refused{R"({"id":"0","stream":"a","destination":"ws://h/x","token_file":"a\u0000b"})",
                "without a path"},
        Refused{R"({"id":"0","stream":"a","destination":"ws://h/x","file":"/var/rec.ts"})",
                "cannot make yet"},
        Refused{R"({"id":"0","stream":"a","destination":"ws://h/x","file":7})",
                "\"file\" must be a string"}));

TEST(DestinationRule, AUserAndPasswordInTheAddressAreNotRepeated) {
  const auto rule = parse_destination_rule(R"({"id":"0","stream":"a","destination":"ws://user:S3cret@h/x"})");
  ASSERT_FALSE(rule);
  EXPECT_EQ(rule.error().find("S3cret"), std::string::npos);
}

TEST(Rules, F36_ListsAreObjectsWithSortedKeys) {
  Rules rules;
  EXPECT_EQ(rules.streams_json(), "{}");
  EXPECT_EQ(rules.destinations_json(), "{}");

  rules.put(StreamRule{"stream/z", Feeds{"b", "a"}});
  rules.put(StreamRule{"stream/front/large", Feeds{"video0", "audio0"}});
  rules.put(StreamRule{"stream/none", std::nullopt});
  rules.put(DestinationRule{"1", "v", "ws://h/y"});
  rules.put(DestinationRule{"0", "stream/front/large", "wss://video.practable.io:443/in/video2"});

  EXPECT_EQ(rules.streams_json(),
            R"({"stream/front/large":["video0","audio0"],"stream/none":null,"stream/z":["b","a"]})");
  EXPECT_EQ(
      rules.destinations_json(),
      R"({"0":{"id":"0","stream":"stream/front/large","destination":"wss://video.practable.io:443/in/video2"},)"
      R"("1":{"id":"1","stream":"v","destination":"ws://h/y"}})");
}

TEST(Rules, PostingAgainReplaces) {
  Rules rules;
  rules.put(StreamRule{"stream/a", Feeds{"v"}});
  rules.put(StreamRule{"stream/a", Feeds{}});
  EXPECT_EQ(rules.streams_json(), R"({"stream/a":[]})");
}

TEST(Rules, AreBoundedButOldOnesMayAlwaysBeReplaced) {
  Rules rules(RuleLimits{.rules_max = 2});
  EXPECT_TRUE(rules.put(StreamRule{"a", Feeds{}}));
  EXPECT_TRUE(rules.put(StreamRule{"b", Feeds{}}));
  EXPECT_FALSE(rules.put(StreamRule{"c", Feeds{}}));
  EXPECT_TRUE(rules.put(StreamRule{"b", Feeds{"v"}}));
  EXPECT_TRUE(rules.put(DestinationRule{"0", "a", "ws://h/x"}));
}

TEST(Rules, F45_RemovingWhatIsNotThereIsNoMistake) {
  Rules rules;
  EXPECT_FALSE(rules.erase_stream("a"));
  EXPECT_FALSE(rules.erase_destination("0"));
  rules.clear_streams();
  rules.clear_destinations();
  EXPECT_EQ(rules.streams_json(), "{}");
}

}  // namespace
}  // namespace crosspoint::host
