// Names and answers of WAMP-CRA from strangers: the challenge stays one JSON object that says the name back,
// and only the right signature opens.
#include <cstdint>
#include <nlohmann/json.hpp>

#include "require.h"
#include "wamp/auth/authenticator.h"

using namespace crosspoint;

namespace {

std::shared_ptr<const wamp::auth::RealmBook> book() {
  wamp::auth::WampSettings settings;
  settings.realms.push_back({.name = "lab"});
  settings.roles.push_back({.name = "user"});
  wamp::auth::Principal peter;
  peter.authid = "peter";
  peter.role = "user";
  peter.wampcra = wamp::auth::wampcra_from_secret("secret1", "salt123");
  settings.principals.push_back({"lab", std::move(peter)});
  return std::make_shared<const wamp::auth::RealmBook>(std::move(settings));
}

}  // namespace

// The name, a zero byte, the answer.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto lab = book();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto end = std::min(text.find('\0'), text.size());
  const auto name = text.substr(0, end);
  const auto answer = text.substr(std::min(end + 1, size));
  SeededRandom random(1);
  wamp::auth::AuthenticatorTools tools{.random = random, .disguise_key = ByteVector(32)};
  wamp::auth::Authenticator authenticator(lab, tools, {});

  const auto step = authenticator.hello({.realm = "lab", .authmethods = {"wampcra"}, .authid = name}, {},
                                        wamp::SessionId{7}, {});
  const auto* challenged = std::get_if<wamp::auth::Challenged>(&step);
  REQUIRE((challenged != nullptr) == (!name.empty() && name.size() <= wamp::auth::authid_bytes_max));
  if (challenged == nullptr) return 0;
  const std::string challenge = *wamp::auth::find_text(challenged->extra, "challenge");
  const auto json = nlohmann::json::parse(challenge, nullptr, false);
  // What is no UTF-8 never comes so far: it is refused where messages are read.
  if (!json.is_discarded()) {
    REQUIRE(json.size() == 7 && json["authid"] == std::string(name) && json["session"] == 7);
  }
  const auto wanted =
      wamp::auth::wampcra_signature(wamp::auth::wampcra_from_secret("secret1", "salt123"), challenge);
  const auto outcome = authenticator.authenticate(answer, {}, {});
  REQUIRE(std::holds_alternative<wamp::auth::Accepted>(outcome) == (name == "peter" && answer == wanted));
  return 0;
}
