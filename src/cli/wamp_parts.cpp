#include "cli/wamp_parts.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "base/log.h"
#include "cli/startup.h"
#include "cli/wamp_helper.h"
#include "http/url.h"
#include "relay/origin.h"
#include "wamp/auth/door.h"
#include "wamp/auth/read_settings.h"
#include "wamp/io/service.h"
#include "wamp/open_house.h"

namespace crosspoint::cli {
namespace {

constexpr std::size_t realms_max = 10'000;

// A realm that is open to everybody on this machine is not open to every page that a browser on this machine
// shows: those of this machine, and those that serve.allow-origin lists.
bool is_from_here(std::string_view origin) {
  const auto url = http::parse_url(origin);
  return url && net::is_loopback({net::Endpoint::Kind::tcp, url->host, 0, {}});
}

wamp::NodeSettings wamp_node_settings(const WampOrder& order) {
  const auto& settings = order.settings;
  wamp::NodeSettings node;
  node.transports.message_bytes_max = settings.get<"serve.message-bytes-max">();
  node.websocket.message_bytes_max = settings.get<"serve.message-bytes-max">();
  node.websocket.write_time_max = settings.get<"serve.write-time-max">();
  node.websocket.ping_every = settings.get<"serve.ping-every">();
  node.websocket.dead_after = settings.get<"serve.dead-after">();
  node.rawsocket.write_time_max = settings.get<"serve.write-time-max">();
  node.deflate = settings.get<"serve.deflate">();
  node.secure = order.secure;
  return node;
}

std::vector<std::string> listed_origins(const config::Settings& settings) {
  auto listed = settings.get<"serve.allow-origin">();
  return listed == std::vector<std::string>{"*"} ? std::vector<std::string>() : listed;
}

// `serve --dev`: every realm is there, and everybody may do everything in it.
class OpenWamp final : public WampParts {
 public:
  explicit OpenWamp(const WampOrder& order)
      : house_(limits_, random_),
        service_(order.loop, house_, house_, house_, realms_max, random_, node_settings(order)) {}
  wamp::Node& node() override { return service_.node(); }

 private:
  static wamp::NodeSettings node_settings(const WampOrder& order) {
    auto node = wamp_node_settings(order);
    const auto listed = listed_origins(order.settings);
    node.allows_origin = [any = !listed.empty(),
                          policy = relay::OriginPolicy(listed)](std::optional<std::string_view> origin) {
      return !origin || is_from_here(*origin) || (any && policy.allows(origin));
    };
    return node;
  }

  SystemRandom random_;
  wamp::RealmLimits limits_;
  wamp::OpenHouse house_;
  wamp::Service service_;
};

// What [wamp] may say and this program cannot do yet: said, rather than let in wrongly or kept out without a
// word.
std::vector<std::string> not_there_yet(const wamp::auth::WampSettings& settings) {
  std::vector<std::string> sentences;
  const auto refuse = [&](bool asked, std::string_view what) {
    if (asked) sentences.push_back(fmt::format("[wamp]: {} cannot be served yet", what));
  };
  const auto any_realm = [&](auto asks) { return std::ranges::any_of(settings.realms, asks); };
  refuse(any_realm([](const auto& realm) { return !realm.token.role.empty(); }), "token-role");
  refuse(any_realm([](const auto& realm) { return realm.cookie; }), "cookie");
  refuse(any_realm([](const auto& realm) { return realm.is_template; }), "name-pattern");
  refuse(std::ranges::any_of(settings.principals,
                             [](const auto& entry) { return !entry.principal.certificates.empty(); }),
         "a principal that comes in by a client certificate");
  return sentences;
}

// The limits of each realm, as [wamp] has it.
class BookPolicy final : public wamp::RealmPolicy {
 public:
  explicit BookPolicy(std::shared_ptr<const wamp::auth::RealmBook> book) : book_(std::move(book)) {}
  Terms terms_of(std::string_view realm) override {
    const auto* rules = book_->find_realm(realm);
    if (rules == nullptr) return {};
    const auto& settings = rules->settings();
    auto& limits = limits_[rules];
    limits.uri_check = settings.uri_check;
    limits.strict_request_ids = settings.strict_request_ids;
    limits.disclose_me = settings.disclose_me;
    return {.limits = &limits, .goes_when_empty = settings.is_template};
  }

 private:
  std::shared_ptr<const wamp::auth::RealmBook> book_;
  std::map<const wamp::auth::Realm*, wamp::RealmLimits> limits_;
};

ByteVector random_bytes(Random& random, std::size_t count) {
  ByteVector bytes(count);
  random.fill(bytes);
  return bytes;
}

// Realms, roles and principals of [wamp].
class ConfiguredWamp final : public WampParts {
 public:
  ConfiguredWamp(const WampOrder& order, wamp::auth::WampSettings settings,
                 std::optional<crypto::PrivateKey> router_key)
      : router_key_(std::move(router_key)),
        book_(std::make_shared<const wamp::auth::RealmBook>(std::move(settings))),
        tools_{random_, random_bytes(random_, 32), router_key_ ? &*router_key_ : nullptr, nullptr, nullptr},
        helper_(order.loop),
        door_(book_, tools_, helper_, order.clock),
        policy_(book_),
        service_(order.loop, door_, door_, policy_, realms_max, random_, node_settings(order)) {
    helper_.call_by(service_.router(), order.clock);
  }
  wamp::Node& node() override { return service_.node(); }

 private:
  wamp::NodeSettings node_settings(const WampOrder& order) const {
    auto node = wamp_node_settings(order);
    node.transports.session.opening_time_max = book_->settings().opening_timeout;
    if (const auto listed = listed_origins(order.settings); !listed.empty()) {
      node.allows_origin = [policy = relay::OriginPolicy(listed)](std::optional<std::string_view> origin) {
        return policy.allows(origin);
      };
    }
    return node;
  }

  SystemRandom random_;
  std::optional<crypto::PrivateKey> router_key_;
  std::shared_ptr<const wamp::auth::RealmBook> book_;
  wamp::auth::AuthenticatorTools tools_;
  WampHelper helper_;
  wamp::auth::Door door_;
  BookPolicy policy_;
  wamp::Service service_;
};

Result<std::optional<crypto::PrivateKey>, std::string> router_key(const std::string& file) {
  if (file.empty()) return std::nullopt;
  const auto pem = read_file(file);
  if (!pem) return fail(fmt::format("wamp.router-key-file: {}: {}", file, pem.error()));
  auto key = crypto::PrivateKey::from_pem(*pem);
  if (!key || key->type() != crypto::KeyType::ed25519) {
    return fail(fmt::format("wamp.router-key-file: {} holds no Ed25519 private key in PEM", file));
  }
  return std::move(*key);
}

Result<std::unique_ptr<WampParts>, std::string> configured(const WampOrder& order,
                                                           const config::SectionText& section) {
  auto read = wamp::auth::read_settings(section);  // checked already, with the rest of the file
  if (!read.problems.empty()) return fail(std::move(read.problems.front()));
  if (auto missing = not_there_yet(read.settings); !missing.empty()) return fail(std::move(missing.front()));
  auto key = router_key(read.settings.router_key_file);
  if (!key) return fail(std::move(key.error()));
  return std::make_unique<ConfiguredWamp>(order, std::move(read.settings), std::move(*key));
}

}  // namespace

Result<std::unique_ptr<WampParts>, std::string> wamp_parts(const WampOrder& order) {
  const auto section = std::ranges::find(order.sections, "wamp", &config::SectionText::name);
  if (section != order.sections.end()) return configured(order, *section);
  if (!order.settings.get<"serve.dev">()) return nullptr;
  const auto address = net::to_string(order.listen);
  if (!net::is_loopback(order.listen)) {
    log::warning("wamp",
                 "WAMP is off: for developers every realm is open to everybody, and that only on a loopback "
                 "address, not on {}",
                 address);
    return nullptr;
  }
  log::warning("wamp", "WAMP for developers: on {} everybody may join every realm and do everything there",
               address);
  return std::make_unique<OpenWamp>(order);
}

}  // namespace crosspoint::cli
