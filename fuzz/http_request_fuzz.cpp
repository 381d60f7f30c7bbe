// Whatever comes: the parser says the same however the bytes are cut, its events come in order, bodies are as
// long as their heads announced, nothing is lost, errors are final, and a head that was accepted survives
// being written and read again.

#include <string>

#include "http/head_writer.h"
#include "http/request_parser.h"
#include "pieces.h"
#include "require.h"

using namespace crosspoint;
using namespace crosspoint::http;

namespace {

struct Account {
  std::string story;
  bool in_message = false;
  BodyFraming framing;
  std::uint64_t body_bytes = 0;
};

void check_head(const RequestStart& start) {
  std::string text;
  REQUIRE(encode_request_head(start.head, text));
  RequestParser again({.bytes_max = text.size(), .fields_max = 64, .target_bytes_max = 4096});
  again.feed(as_bytes(text));
  const auto event = again.next();
  REQUIRE(event && *event);
  const auto& copy = std::get<RequestStart>(**event);
  REQUIRE(copy.head == start.head);
  REQUIRE(copy.body == start.body && copy.keep_alive == start.keep_alive);
}

void take(const RequestEvent& event, Account& account) {
  if (const auto* start = std::get_if<RequestStart>(&event)) {
    REQUIRE(!account.in_message);
    check_head(*start);
    account.in_message = true;
    account.framing = start->body;
    account.body_bytes = 0;
    account.story += "\n[" + start->head.method + " " + start->head.target + "]";
    for (const auto& field: start->head.fields)
      account.story += std::string(field.name) + "=" + std::string(field.value) + ";";
    return;
  }
  REQUIRE(account.in_message);
  if (const auto* body = std::get_if<BodyBytes>(&event)) {
    REQUIRE(!body->bytes.empty() && !account.framing.empty());
    account.body_bytes += body->bytes.size();
    account.story += as_text(body->bytes);
  } else if (std::holds_alternative<ChunkEnd>(event)) {
    REQUIRE(account.framing.kind == BodyKind::chunked);
    account.story += "|";
  } else {
    REQUIRE(account.framing.kind != BodyKind::sized || account.body_bytes == account.framing.bytes);
    account.in_message = false;
    account.story += "[end]";
  }
}

std::string story_of(const std::vector<Bytes>& pieces) {
  RequestParser parser({});
  Account account;
  for (const Bytes piece: pieces) {
    parser.feed(piece);
    while (true) {
      const auto event = parser.next();
      if (!event) {
        REQUIRE(parser.next().error() == event.error());
        REQUIRE(status_of(event.error()) >= 400);
        return account.story + "[error: " + std::string(to_string(event.error())) + "]";
      }
      if (!*event) break;
      take(**event, account);
    }
    REQUIRE(parser.unread().empty());
  }
  return account.story + (parser.between_messages() ? "[between]" : "[inside]");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input(reinterpret_cast<const std::byte*>(data), size);
  REQUIRE(story_of({input}) == story_of(fuzzing::cut(input)));
  return 0;
}
