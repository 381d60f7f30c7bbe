// A chunked body: the same however cut, never more bytes out than in, all bytes accounted for, chunk ends
// only behind data; and any bytes put into chunks come out again.

#include <string>

#include "http/body_decoder.h"
#include "pieces.h"
#include "require.h"

using namespace crosspoint;
using namespace crosspoint::http;

namespace {

constexpr BodyFraming chunked{BodyKind::chunked, 0};

struct Account {
  std::string data;
  std::string story;
  std::size_t left = 0;  // behind the end
};

Account decode(const std::vector<Bytes>& pieces) {
  BodyDecoder decoder(chunked);
  Account account;
  for (Bytes piece: pieces) {
    while (true) {
      const auto event = decoder.next(piece);
      if (!event) {
        REQUIRE(decoder.next(piece).error() == event.error());
        REQUIRE(decoder.finish().error() == event.error());
        account.story += "[error: " + std::string(to_string(event.error())) + "]";
        return account;
      }
      if (!*event) break;
      REQUIRE(!decoder.done() || std::holds_alternative<MessageEnd>(**event));
      if (const auto* body = std::get_if<BodyBytes>(&**event)) {
        REQUIRE(!body->bytes.empty());
        account.data += as_text(body->bytes);
        if (!account.story.ends_with('.')) account.story += ".";
      } else if (std::holds_alternative<ChunkEnd>(**event)) {
        REQUIRE(account.story.ends_with('.'));
        account.story += "|";
      } else {
        account.story += "[end]";
      }
    }
    REQUIRE(piece.empty() || decoder.done());
    account.left += piece.size();
  }
  return account;
}

std::string in_chunks(const std::vector<Bytes>& pieces) {
  std::string text;
  char size[20];
  for (const Bytes piece: pieces) {
    std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
    text.append(size).append(as_text(piece)).append("\r\n");
  }
  return text + "0\r\n\r\n";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input(reinterpret_cast<const std::byte*>(data), size);
  const auto pieces = fuzzing::cut(input);

  const auto whole = decode({input});
  const auto cut = decode(pieces);
  REQUIRE(whole.data == cut.data && whole.story == cut.story && whole.left == cut.left);
  REQUIRE(whole.data.size() + whole.left <= size);

  const auto text = in_chunks(pieces);
  const auto back = decode(fuzzing::cut(as_bytes(text)));
  REQUIRE(as_bytes(back.data).size() == size && back.data == as_text(input));
  REQUIRE(back.story.ends_with("[end]") && back.left == 0);
  return 0;
}
