// What a stranger answers to a token: an address that can be dialled, or a sentence that is fit to be shown
// and never holds the token.

#include <algorithm>
#include <string>

#include "client/access_reply.h"
#include "require.h"

using namespace crosspoint;
using namespace crosspoint::client;

namespace {

constexpr std::string_view token = "tok.en";

void check_sentence(const std::string& sentence) {
  REQUIRE(sentence.find(token) == std::string::npos);
  REQUIRE(std::ranges::none_of(sentence, [](unsigned char c) { return c < 0x20 || c == 0x7f; }));
}

// What is repeated of a stranger's words; our own may hold more than ASCII.
void check_quoted(const std::string& words) {
  check_sentence(words);
  REQUIRE(words.size() <= quoted_bytes_max);
  REQUIRE(std::ranges::all_of(words, [](unsigned char c) { return c < 0x7f; }));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const int status = 100 + (data[0] << 8 | data[1]) % 500;
  const std::string_view body(reinterpret_cast<const char*>(data) + 2, size - 2);

  const auto url = read_access_reply(status, body, token);
  if (url) {
    REQUIRE(status >= 200 && status < 300);
    REQUIRE(url->scheme == "ws" || url->scheme == "wss");
    REQUIRE(!url->host.empty() && url->port != 0 && url->target.starts_with('/'));
    REQUIRE(url->target.size() <= access_uri_bytes_max);
  } else {
    REQUIRE(!url.error().sentence.empty() && url.error().status == status);
    check_sentence(url.error().sentence);
  }
  check_quoted(quoted(body, token));
  check_quoted(read_token_answer(body, token).reason);
  return 0;
}
