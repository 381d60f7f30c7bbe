#include "websocket/handshake.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "http/request_parser.h"
#include "http/response_parser.h"

namespace crosspoint::websocket {
namespace {

// The request of RFC 6455 section 1.2, with fields replaced (or, by an empty value, left out) and added.
http::RequestHead request_with(std::vector<http::Field> changes = {}) {
  http::RequestHead head{.method = "GET", .target = "/chat", .minor_version = 1, .fields = {}};
  std::vector<http::Field> fields = {
      {"Host", "server.example.com"},   {"Upgrade", "websocket"},
      {"Connection", "Upgrade"},        {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
      {"Origin", "http://example.com"}, {"Sec-WebSocket-Version", "13"}};
  for (const http::Field& change: changes) {
    const bool replaces =
        std::any_of(fields.begin(), fields.end(), [&](auto& field) { return field.name == change.name; });
    std::erase_if(fields, [&](const http::Field& field) { return field.name == change.name; });
    if (!change.value.empty() || !replaces) fields.push_back(change);
  }
  for (http::Field& field: fields) head.fields.add(field.name, field.value);
  return head;
}

std::optional<HandshakeError> error_of(const http::RequestHead& head) {
  const auto accepted = accept(head, {});
  return accepted ? std::nullopt : std::optional(accepted.error());
}

http::ResponseHead parsed(const std::string& response) {
  http::ResponseParser parser({});
  parser.feed(as_bytes(response));
  const auto event = parser.next();
  EXPECT_TRUE(event && *event);
  return std::get<http::ResponseStart>(**event).head;
}

TEST(Accept, AnswersTheRequestOfTheRfc) {
  const auto accepted = accept(request_with(), {});

  ASSERT_TRUE(accepted);
  EXPECT_EQ(accepted->response,
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
  EXPECT_TRUE(accepted->subprotocol.empty());
  EXPECT_FALSE(accepted->deflate);
}

TEST(Accept, TakesWhatBrowsersAndProxiesWrite) {
  EXPECT_EQ(error_of(request_with({{"Connection", "keep-alive, Upgrade"}})), std::nullopt);
  EXPECT_EQ(error_of(request_with({{"Connection", "keep-alive,upgrade ,x"}})), std::nullopt);
  EXPECT_EQ(error_of(request_with({{"Upgrade", "WebSocket"}})), std::nullopt);
  EXPECT_EQ(error_of(request_with({{"Upgrade", "h2c, websocket"}})), std::nullopt);
}

TEST(Accept, A5_RefusesWhatIsNoHandshake) {
  using enum HandshakeError;
  struct Refusal {
    http::RequestHead head;
    HandshakeError error;
    int status;
  };
  http::RequestHead old = request_with();
  old.minor_version = 0;
  http::RequestHead post = request_with();
  post.method = "POST";
  http::RequestHead lower = request_with();
  lower.method = "get";
  http::RequestHead two_keys = request_with();
  two_keys.fields.add("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
  http::RequestHead two_versions = request_with();
  two_versions.fields.add("Sec-WebSocket-Version", "13");
  const auto key = [](std::string value) { return request_with({{"Sec-WebSocket-Key", std::move(value)}}); };
  const Refusal table[] = {
      {old, wrong_method, 400},
      {post, wrong_method, 400},
      {lower, wrong_method, 400},
      {request_with({{"Upgrade", ""}}), no_upgrade, 400},
      {request_with({{"Upgrade", "h2c"}}), no_upgrade, 400},
      {request_with({{"Upgrade", "websockets"}}), no_upgrade, 400},
      {request_with({{"Connection", ""}}), no_upgrade, 400},
      {request_with({{"Connection", "keep-alive"}}), no_upgrade, 400},
      {request_with({{"Connection", "Upgrade-ish"}}), no_upgrade, 400},
      {request_with({{"Sec-WebSocket-Version", ""}}), unsupported_version, 426},
      {request_with({{"Sec-WebSocket-Version", "12"}}), unsupported_version, 426},
      {request_with({{"Sec-WebSocket-Version", "013"}}), unsupported_version, 426},
      {request_with({{"Sec-WebSocket-Version", "13, 8"}}), unsupported_version, 426},
      {two_versions, unsupported_version, 426},
      {two_keys, bad_key, 400},
      {key(""), bad_key, 400},
      {key("dGhlIHNhbXBsZSBub25jZQ"), bad_key, 400},    // without padding
      {key("dGhlIHNhbXBsZSBub25jZR=="), bad_key, 400},  // stray bits
      {key("dGhlIHNhbXBsZSBub25j"), bad_key, 400},      // 15 bytes
      {key("dGhlIHNhbXBsZSBub25jZSE="), bad_key, 400},  // 17 bytes
      {key("dGhlIHNhbXBsZSBub25jZQ== "), bad_key, 400},
      {key("dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ=="), bad_key, 400},
      {key(std::string(8000, 'A')), bad_key, 400},  // CVE-2026-5067
  };
  for (const Refusal& refusal_row: table) {
    EXPECT_EQ(error_of(refusal_row.head), refusal_row.error);
    const http::Response answer = refusal(refusal_row.error);
    EXPECT_EQ(answer.status, refusal_row.status);
    EXPECT_EQ(answer.body, "Bad Request\n");
    EXPECT_EQ(answer.fields.find("Sec-WebSocket-Version"), "13");
  }
}

TEST(Accept, A7_ChoosesOurFirstSubprotocolThatIsOffered) {
  constexpr std::string_view ours[] = {"wamp.2.cbor", "wamp.2.json", "null"};
  const auto chosen = [&](std::vector<http::Field> fields) {
    const auto accepted = accept(request_with(std::move(fields)), {.subprotocols = ours});
    EXPECT_TRUE(accepted);
    // What was chosen is also what is said.
    EXPECT_EQ(parsed(accepted->response).fields.find("Sec-WebSocket-Protocol").value_or(""),
              accepted->subprotocol);
    return accepted->subprotocol;
  };

  EXPECT_EQ(chosen({}), "");
  EXPECT_EQ(chosen({{"Sec-WebSocket-Protocol", "null"}}), "null");
  EXPECT_EQ(chosen({{"Sec-WebSocket-Protocol", "chat, null"}}), "null");
  EXPECT_EQ(chosen({{"Sec-WebSocket-Protocol", "null, wamp.2.json, wamp.2.cbor"}}), "wamp.2.cbor");
  EXPECT_EQ(chosen({{"Sec-WebSocket-Protocol", "chat"}}), "");
  EXPECT_EQ(chosen({{"Sec-WebSocket-Protocol", "NULL"}}), "");  // the values are case-sensitive
  EXPECT_EQ(chosen({{"Sec-WebSocket-Protocol", ""}}), "");
  EXPECT_EQ(chosen({{"Sec-WebSocket-Protocol", ",,, ,"}}), "");
  std::string thousand;
  for (int i = 0; i < 1000; ++i) thousand += "chat" + std::to_string(i) + ",";
  EXPECT_EQ(chosen({{"Sec-WebSocket-Protocol", thousand + "null"}}), "null");
  EXPECT_EQ(accept(request_with({{"Sec-WebSocket-Protocol", "null"}}), {})->subprotocol, "");
}

// ---- permessage-deflate.

struct DeflateAnswer {
  std::string said;  // the field of the answer, or empty
  std::optional<DeflateAgreement> agreement;
};

DeflateAnswer offered(const std::string& offer) {
  const auto accepted = accept(request_with({{"Sec-WebSocket-Extensions", offer}}),
                               {.subprotocols = {}, .allow_deflate = true});
  EXPECT_TRUE(accepted);
  return {std::string(parsed(accepted->response).fields.find("Sec-WebSocket-Extensions").value_or("")),
          accepted->deflate};
}

TEST(AcceptDeflate, B7_IsOffUnlessAllowed) {
  const auto accepted = accept(request_with({{"Sec-WebSocket-Extensions", "permessage-deflate"}}), {});

  EXPECT_FALSE(accepted->deflate);
  EXPECT_EQ(accepted->response.find("Extensions"), std::string::npos);
}

TEST(AcceptDeflate, GrantsWhatIsAskedFor) {
  EXPECT_EQ(offered("permessage-deflate").said, "permessage-deflate");
  EXPECT_EQ(offered("permessage-deflate").agreement, DeflateAgreement{});
  EXPECT_EQ(offered("Permessage-Deflate; client_max_window_bits").said, "permessage-deflate");
  EXPECT_EQ(offered("permessage-deflate; server_max_window_bits=15").said,
            "permessage-deflate; server_max_window_bits=15");
  const auto all = offered(
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover; "
      "server_max_window_bits=\"9\"; "
      "client_max_window_bits=10");
  EXPECT_EQ(
      all.said,
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=9; "
      "client_max_window_bits=10");
  EXPECT_EQ(all.agreement, (DeflateAgreement{true, true, 9, 10}));
}

TEST(AcceptDeflate, TakesTheFirstOfferThatMakesSense) {
  EXPECT_EQ(
      offered("x-webkit-deflate-frame, permessage-deflate; server_max_window_bits=10, permessage-deflate")
          .said,
      "permessage-deflate; server_max_window_bits=10");
  EXPECT_EQ(
      offered("permessage-deflate; server_max_window_bits=7, permessage-deflate; server_max_window_bits=12")
          .said,
      "permessage-deflate; server_max_window_bits=12");
  EXPECT_EQ(offered("permessage-deflate; tomorrow, permessage-deflate").said, "permessage-deflate");
}

TEST(AcceptDeflate, B6_DeclinesWhatMakesNone) {
  for (const char* offer: {
           "permessage-deflate; server_max_window_bits",  // an offer must name the bits
           "permessage-deflate; server_max_window_bits=7",
           "permessage-deflate; server_max_window_bits=16",
           "permessage-deflate; server_max_window_bits=08",
           "permessage-deflate; server_max_window_bits=-9",
           "permessage-deflate; server_max_window_bits=99999999999999999999",
           "permessage-deflate; server_max_window_bits=ten",
           "permessage-deflate; server_max_window_bits=9; server_max_window_bits=9",
           "permessage-deflate; client_max_window_bits=16",
           "permessage-deflate; client_max_window_bits; client_max_window_bits=9",
           "permessage-deflate; client_max_window_bits=9; client_max_window_bits",
           "permessage-deflate; server_no_context_takeover=1",
           "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
           "permessage-deflate; unknown",
           "permessage-deflate; unknown=1",
           "permessage-deflates",
           "permessage-deflate; server_max_window_bits=",
           "permessage-deflate; server_max_window_bits=\"\"",
           "permessage-deflate; server_max_window_bits=\"9",
           "permessage-deflate;",
           "permessage-deflate; =9",
           "permessage-deflate x",
           "foo; bar=\", permessage-deflate, \"",  // inside a quoted string there is no offer
       }) {
    EXPECT_EQ(offered(offer).said, "") << offer;
    EXPECT_FALSE(offered(offer).agreement) << offer;
  }
}

// ---- The client's half.

Nonce sample_nonce() {
  Nonce nonce;
  const Bytes text = as_bytes("the sample nonce");
  std::copy(text.begin(), text.end(), nonce.begin());
  return nonce;
}

TEST(ClientHandshake, AsksAsTheRfcSays) {
  const std::string protocols[] = {"chat", "superchat"};
  Offer offer{.host = "server.example.com",
              .target = "/chat?x=1",
              .subprotocols = protocols,
              .deflate = true,
              .fields = {}};
  offer.fields.add("Authorization", "Bearer x");

  EXPECT_EQ(
      request(offer, sample_nonce()),
      "GET /chat?x=1 HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Protocol: chat, superchat\r\n"
      "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
      "Authorization: Bearer x\r\n\r\n");
}

TEST(ClientHandshake, AsksNothingThatBreaksOutOfItsLine) {
  Offer offer{.host = "h", .target = "/", .subprotocols = {}, .deflate = false, .fields = {}};
  ASSERT_TRUE(request(offer, sample_nonce()));

  Offer split = offer;
  split.fields.add("X", "a\r\nEvil: 1");
  EXPECT_FALSE(request(split, sample_nonce()));
  split = offer;
  split.target = "/ HTTP/1.1\r\nEvil: 1";
  EXPECT_FALSE(request(split, sample_nonce()));
  split = offer;
  split.host = "h\r\nEvil: 1";
  EXPECT_FALSE(request(split, sample_nonce()));
  const std::string wrong[] = {"two words"};
  split = offer;
  split.subprotocols = wrong;
  EXPECT_FALSE(request(split, sample_nonce()));
}

http::ResponseHead answer_with(std::vector<http::Field> changes = {}, int status = 101) {
  http::ResponseHead head{.status = status, .reason = {}, .minor_version = 1, .fields = {}};
  std::vector<http::Field> fields = {{"Upgrade", "websocket"},
                                     {"Connection", "Upgrade"},
                                     {"Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="}};
  for (const http::Field& change: changes) {
    std::erase_if(fields, [&](const http::Field& field) { return field.name == change.name; });
    fields.push_back(change);
  }
  for (http::Field& field: fields) head.fields.add(field.name, field.value);
  return head;
}

TEST(ClientHandshake, H4_RefusesAnswersThatAreNone) {
  using enum AnswerError;
  struct Row {
    http::ResponseHead head;
    std::optional<AnswerError> error;
  };
  http::ResponseHead two_accepts = answer_with();
  two_accepts.fields.add("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  http::ResponseHead two_protocols = answer_with({{"Sec-WebSocket-Protocol", "chat"}});
  two_protocols.fields.add("Sec-WebSocket-Protocol", "chat");
  const auto extension = [](std::string value) {
    return answer_with({{"Sec-WebSocket-Extensions", std::move(value)}});
  };
  const Row table[] = {
      {answer_with(), std::nullopt},
      {answer_with({{"Connection", "x, upgrade"}}), std::nullopt},
      {answer_with({}, 200), not_switching},
      {answer_with({{"Location", "ws://elsewhere/"}}, 302), not_switching},
      {answer_with({}, 401), not_switching},
      {answer_with({{"Upgrade", ""}}), no_upgrade},
      {answer_with({{"Upgrade", "h2c"}}), no_upgrade},
      {answer_with({{"Connection", "close"}}), no_upgrade},
      {answer_with({{"Sec-WebSocket-Accept", ""}}), wrong_accept},
      {answer_with({{"Sec-WebSocket-Accept", "S3PPLMBITXAQ9KYGZZHZRBK+XOO="}}), wrong_accept},
      {answer_with({{"Sec-WebSocket-Accept", "dGhlIHNhbXBsZSBub25jZQ=="}}), wrong_accept},
      {two_accepts, wrong_accept},
      {answer_with({{"Sec-WebSocket-Protocol", "chat"}}), std::nullopt},
      {answer_with({{"Sec-WebSocket-Protocol", "Chat"}}), wrong_subprotocol},
      {answer_with({{"Sec-WebSocket-Protocol", "other"}}), wrong_subprotocol},
      {answer_with({{"Sec-WebSocket-Protocol", "chat, chat"}}), wrong_subprotocol},
      {answer_with({{"Sec-WebSocket-Protocol", ""}}), wrong_subprotocol},
      {two_protocols, wrong_subprotocol},
      {extension("permessage-deflate"), std::nullopt},
      {extension("permessage-deflate; server_max_window_bits=8; client_max_window_bits=8"), std::nullopt},
      {extension("permessage-deflate; server_no_context_takeover; client_no_context_takeover"), std::nullopt},
      {extension("permessage-deflate; server_max_window_bits=7"), wrong_extension},
      {extension("permessage-deflate; server_max_window_bits=16"), wrong_extension},
      {extension("permessage-deflate; server_max_window_bits=1000000000000"), wrong_extension},
      {extension("permessage-deflate; client_max_window_bits"), wrong_extension},
      {extension("permessage-deflate; surprise"), wrong_extension},
      {extension("permessage-deflate, permessage-deflate"), wrong_extension},
      {extension("bbf-usp-protocol"), wrong_extension},
      {extension("\x01"), wrong_extension},
  };
  const std::string protocols[] = {"chat"};
  const Offer offer{.host = "h", .target = "/", .subprotocols = protocols, .deflate = true, .fields = {}};
  for (const Row& row: table) {
    const auto agreed = check_answer(row.head, offer, sample_nonce());
    EXPECT_EQ(agreed ? std::nullopt : std::optional(agreed.error()), row.error)
        << row.head.status << " " << row.head.fields.find("Sec-WebSocket-Extensions").value_or("");
  }
}

TEST(ClientHandshake, H4_AnExtensionThatWasNotOfferedIsRefused) {
  const Offer offer{.host = "h", .target = "/", .subprotocols = {}, .deflate = false, .fields = {}};

  EXPECT_EQ(
      check_answer(answer_with({{"Sec-WebSocket-Extensions", "permessage-deflate"}}), offer, sample_nonce())
          .error(),
      AnswerError::wrong_extension);
}

TEST(Handshake, BothHalvesAgree) {
  SeededRandom random(1);
  const std::string protocols[] = {"wamp.2.json", "null"};
  constexpr std::string_view ours[] = {"null"};
  Nonce nonce;
  random.fill(nonce);
  const Offer offer{.host = "h", .target = "/x", .subprotocols = protocols, .deflate = true, .fields = {}};

  http::RequestParser parser({});
  const std::string text = *request(offer, nonce);
  parser.feed(as_bytes(text));
  const auto head = std::get<http::RequestStart>(**parser.next()).head;
  const auto accepted = accept(head, {.subprotocols = ours, .allow_deflate = true});
  ASSERT_TRUE(accepted);
  const auto agreed = check_answer(parsed(accepted->response), offer, nonce);

  ASSERT_TRUE(agreed);
  EXPECT_EQ(agreed->subprotocol, "null");
  EXPECT_EQ(agreed->deflate, accepted->deflate);
  EXPECT_TRUE(agreed->deflate);
}

}  // namespace
}  // namespace crosspoint::websocket
