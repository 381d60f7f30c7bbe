// The same for answers, to HEAD and to others: cut anywhere, events in order, errors final, and an end of the
// connection that is either the end of the message or an error.

#include <string>

#include "http/head_writer.h"
#include "http/response_parser.h"
#include "pieces.h"
#include "require.h"

using namespace crosspoint;
using namespace crosspoint::http;

namespace {

struct Account {
  std::string story;
  bool in_message = false;
  bool over = false;
  int interim = 0;
};

void check_head(const ResponseHead& head) {
  std::string text;
  REQUIRE(encode_response_head(head, text));
  ResponseParser again({.bytes_max = text.size() + 1});
  again.feed(as_bytes(text));
  const auto event = again.next();
  REQUIRE(event && *event);
  auto copy = std::get<ResponseStart>(**event).head;
  if (head.reason.empty()) copy.reason.clear();  // the writer supplies one
  REQUIRE(copy == head);
}

void take(const ResponseEvent& event, Account& account) {
  REQUIRE(!account.over);
  if (const auto* start = std::get_if<ResponseStart>(&event)) {
    REQUIRE(!account.in_message);
    check_head(start->head);
    REQUIRE(start->interim == (start->head.status < 200 && start->head.status != 101));
    account.interim += start->interim ? 1 : 0;
    account.in_message = !start->interim && start->head.status != 101;
    account.over = start->head.status == 101;
    account.story += "\n[" + std::to_string(start->head.status) + "]";
    for (const auto& field: start->head.fields)
      account.story += std::string(field.name) + "=" + std::string(field.value) + ";";
    return;
  }
  REQUIRE(account.in_message);
  if (const auto* body = std::get_if<BodyBytes>(&event)) {
    account.story += as_text(body->bytes);
  } else if (std::holds_alternative<ChunkEnd>(event)) {
    account.story += "|";
  } else {
    account.over = true;
    account.in_message = false;
    account.story += "[end]";
  }
}

// False when the parser is done for.
bool take_step(const Result<std::optional<ResponseEvent>, ParseError>& step, Account& account) {
  if (!step) {
    account.story += "[error: " + std::string(to_string(step.error())) + "]";
    return false;
  }
  if (*step) take(**step, account);
  return step->has_value();
}

std::string story_of(const std::vector<Bytes>& pieces, AnswerTo answer_to) {
  ResponseParser parser({}, answer_to);
  Account account;
  for (const Bytes piece: pieces) {
    if (account.over) break;
    parser.feed(piece);
    while (take_step(parser.next(), account)) {
    }
    if (account.story.ends_with(']') && !parser.next()) return account.story;
    REQUIRE(account.over || parser.unread().empty());
  }
  REQUIRE(account.interim <= ResponseParser::interim_responses_max);
  const bool was_over = account.over;
  take_step(parser.finish(), account);
  REQUIRE(was_over || account.over || account.story.ends_with(']'));
  return account.story;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input(reinterpret_cast<const std::byte*>(data), size);
  for (const auto answer_to: {AnswerTo::other_request, AnswerTo::head_request}) {
    REQUIRE(story_of({input}, answer_to) == story_of(fuzzing::cut(input), answer_to));
  }
  return 0;
}
