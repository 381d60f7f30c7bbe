#include "wamp/auth/read_dynamic.h"

#include <gtest/gtest.h>

#include "data/transcode.h"
#include "wamp/auth/test_realm.h"

namespace crosspoint::wamp::auth {
namespace {

using test_realm::pubkey;

Payload json(std::string_view args, std::string_view kwargs = {}) {
  return {data::Format::json, as_bytes(args), as_bytes(kwargs)};
}
std::string sentence(std::string_view args) {
  const auto answer = read_dynamic_answer(json(args));
  return answer ? "" : answer.error();
}
std::string verdict(std::string_view args, std::string_view kwargs = {}) {
  const auto said = read_dynamic_verdict(json(args, kwargs));
  if (!said) return "error: " + said.error();
  return std::string(said->allow ? "allow" : "deny") + (said->disclose ? " disclose" : "") +
         (said->cache ? " cache" : "");
}

TEST(ReadDynamicAnswer, ATextIsTheRole) {
  for (const auto format: data::formats) {
    const auto bytes = data::transcode(data::Format::json, as_bytes(std::string_view(R"(["user"])")), format);
    EXPECT_EQ(read_dynamic_answer({format, *bytes, {}})->role, "user") << data::to_string(format);
  }
}

TEST(ReadDynamicAnswer, AMapMaySayWhoAndWhere) {
  for (const auto& payload: {json(R"([{"role":"user","realm":"lab","authid":"joe","more":[1]}])"),
                             json("", R"({"role":"user","realm":"lab","authid":"joe"})"),
                             json("[]", R"({"role":"user","realm":"lab","authid":"joe","secret":null})")}) {
    const auto answer = read_dynamic_answer(payload);
    ASSERT_TRUE(answer) << answer.error();
    EXPECT_EQ(answer->role + " " + answer->realm + " " + answer->authid, "user lab joe");
    EXPECT_FALSE(answer->wampcra || answer->scram || answer->pubkey);
  }
}

TEST(ReadDynamicAnswer, ASecretForWampCraIsClearOrDerived) {
  const auto clear = read_dynamic_answer(json(R"([{"role":"user","secret":"secret1"}])"));
  ASSERT_TRUE(clear) << clear.error();
  EXPECT_EQ(clear->wampcra->key.view(), "secret1");
  EXPECT_EQ(clear->wampcra->salt, "");

  // wamp-router 11.3
  constexpr std::string_view key = "64xfzBvZhGDT7PB0bQwDeI8/WR1M9x6Cw5dt0yP9koc=";
  for (const std::string& member:
       {std::string(R"("secret":"secret1")"), R"("key":")" + std::string(key) + "\""}) {
    const auto salted = read_dynamic_answer(json(R"([{"role":"user","salt":"salt123",)" + member + "}]"));
    ASSERT_TRUE(salted) << salted.error();
    EXPECT_EQ(salted->wampcra->key.view(), key);
    EXPECT_EQ(salted->wampcra->iterations, 1000u);
    EXPECT_EQ(salted->wampcra->key_bytes, 32u);
  }
}

TEST(ReadDynamicAnswer, AKeyForCryptosign) {
  const auto answer =
      read_dynamic_answer(json(R"([{"role":"user","pubkey":")" + std::string(pubkey) + R"("}])"));
  ASSERT_TRUE(answer) << answer.error();
  EXPECT_EQ(answer->pubkey, parse_cryptosign_key(pubkey));
}

TEST(ReadDynamicAnswer, KeysForScramInBothSpellings) {
  const std::string hex(64, 'a');
  for (const auto* names: {R"("stored-key":"%","server-key":"%")", R"("stored_key":"%","server_key":"%")"}) {
    std::string members = names;
    while (members.find('%') != std::string::npos) members.replace(members.find('%'), 1, hex);
    const auto answer = read_dynamic_answer(json(
        R"([{"role":"user","salt":"W22ZaJ0SNY7soEsUEjb6gQ==","kdf":"argon2id-13","iterations":4,"memory":512,)" +
        members + "}]"));
    ASSERT_TRUE(answer) << answer.error();
    ASSERT_TRUE(answer->scram);
    EXPECT_EQ(answer->scram->kdf, ScramKdf::argon2id);
    EXPECT_EQ(answer->scram->memory_kib, 512u);
    EXPECT_EQ(answer->scram->keys.stored[0], std::byte{0xaa});
  }
}

TEST(ReadDynamicAnswer, AutobahnsScramCredentialAsItIs) {
  const auto answer = read_dynamic_answer(
      json(R"([{"role":"user","kdf":"argon2id-13","memory":512,"iterations":4096,)"
           R"("salt":"0eafd52010f0849542563f1bc3f0e52d",)"
           R"("stored-key":"8650a25090217ad4e84d1842a03478e5a2925c6e6f71dea13c2c4f7f1e62151c",)"
           R"("server-key":"9c553466278139c3a52e02768c9904cda56e8c1555aa44a3e7d440936e554346"}])"));
  ASSERT_TRUE(answer) << answer.error();
  ASSERT_TRUE(answer->scram);
  EXPECT_EQ(answer->scram->salt, "Dq/VIBDwhJVCVj8bw/DlLQ==");
  EXPECT_EQ(answer->scram->iterations, 4096u);
}

TEST(ReadDynamicAnswer, ExtraIsPlain) {
  const auto answer =
      read_dynamic_answer(json(R"([{"role":"user","extra":{"a":null,"b":true,"c":-7,"d":8,"e":"x"}}])"));
  ASSERT_TRUE(answer) << answer.error();
  EXPECT_EQ(answer->extra, (Fields{{"a", nullptr},
                                   {"b", true},
                                   {"c", std::int64_t{-7}},
                                   {"d", std::int64_t{8}},
                                   {"e", std::string("x")}}));
}

TEST(ReadDynamicAnswer, WhatIsWrongIsSaidWithoutSayingIt) {
  for (const auto* wrong: {"",
                           "[]",
                           "[null]",
                           "[7]",
                           "[\"\"]",
                           "[{}]",
                           R"([{"role":7}])",
                           R"([{"role":""}])",
                           "{",
                           "[[]]",
                           R"([{"role":"r","authid":7}])",
                           R"([{"role":"r","realm":"a b"}])",
                           R"([{"role":"r","realm":"a..b"}])",
                           R"([{"role":"r","pubkey":"00"}])",
                           R"([{"role":"r","secret":"hidden","iterations":0}])",
                           R"([{"role":"r","secret":"hidden","salt":"s","iterations":100001}])",
                           R"([{"role":"r","secret":"hidden","keylen":65}])",
                           R"([{"role":"r","secret":"hidden","key":"hidden"}])",
                           R"([{"role":"r","key":"hidden"}])",
                           R"([{"role":"r","key":"hidden","salt":"s"}])",
                           R"([{"role":"r","stored-key":"hidden"}])",
                           R"([{"role":"r","extra":[]}])",
                           R"([{"role":"r","extra":{"a":1.5}}])",
                           R"([{"role":"r","extra":{"a":[]}}])"}) {
    EXPECT_NE(sentence(wrong), "") << wrong;
    EXPECT_EQ(sentence(wrong).find("hidden"), std::string::npos) << wrong;
  }
  EXPECT_NE(sentence(R"([{"role":"r","authid":")" + std::string(257, 'x') + R"("}])"), "");
  EXPECT_EQ(sentence(R"([{"role":"r","authid":")" + std::string(256, 'x') + R"("}])"), "");
  std::string fields = "\"f0\":1";
  for (std::size_t i = 1; i < dynamic_extra_fields_max; ++i) fields += ",\"f" + std::to_string(i) + "\":1";
  EXPECT_EQ(sentence(R"([{"role":"r","extra":{)" + fields + "}}]"), "");
  EXPECT_NE(sentence(R"([{"role":"r","extra":{"f":1,)" + fields + "}}]"), "");
}

TEST(ReadDynamicVerdict, IsAWordOrAMap) {
  EXPECT_EQ(verdict("[true]"), "allow");
  EXPECT_EQ(verdict("[false]"), "deny");
  EXPECT_EQ(verdict(R"([{"allow":true}])"), "allow");
  EXPECT_EQ(verdict(R"([{"allow":true,"disclose":true,"cache":true,"validate":{}}])"),
            "allow disclose cache");
  EXPECT_EQ(verdict("", R"({"allow":false,"cache":true})"), "deny cache");
}

TEST(ReadDynamicVerdict, AnythingElseIsNoAnswer) {
  for (const auto* wrong:
       {"", "[]", "[null]", "[1]", "[\"true\"]", "[{}]", R"([{"allow":1}])", R"([{"allow":null}])",
        R"([{"allow":true,"cache":1}])", R"([{"disclose":true}])", "[[true]]", "{"}) {
    const auto said = verdict(wrong);
    EXPECT_TRUE(said.starts_with("error: ")) << wrong << said;
  }
}

}  // namespace
}  // namespace crosspoint::wamp::auth
