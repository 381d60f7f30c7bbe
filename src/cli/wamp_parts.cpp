#include "cli/wamp_parts.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/counted.h"
#include "base/log.h"
#include "cli/relay_settings.h"
#include "cli/wamp_histories.h"
#include "config/table_reader.h"
#include "http/url.h"
#include "relay/origin.h"
#include "wamp/auth/io/configured_router.h"
#include "wamp/auth/read_settings.h"
#include "wamp/auth/setting_rows.h"
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
  node.rawsocket.receive = {
      settings.get<"serve.receive-bytes-per-second-max">(),
      static_cast<std::uint64_t>(settings.get<"serve.receive-messages-per-second-max">())};
  node.websocket.receive_bytes_per_second_max = node.rawsocket.receive.bytes_per_second_max;
  node.websocket.receive_messages_per_second_max = node.rawsocket.receive.messages_per_second_max;
  node.connections_max = or_unlimited(settings.get<"serve.connections-max">());
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
  wamp::Router& router() override { return service_.router(); }
  std::string management_realm() const override { return "crosspoint"; }
  Result<void, std::string> change(const std::vector<config::SectionText>&) override { return {}; }

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

Result<std::optional<crypto::PrivateKey>, std::string> router_key(const Files& files,
                                                                  const std::string& file) {
  if (file.empty()) return std::nullopt;
  const auto pem = files.read(file, {});
  if (!pem) return fail(fmt::format("{} cannot be read: {}", file, pem.error().reason));
  auto key = crypto::PrivateKey::from_pem(*pem);
  if (!key || key->type() != crypto::KeyType::ed25519) {
    return fail(fmt::format("{} holds no Ed25519 private key in PEM", file));
  }
  return std::move(*key);
}

const config::SectionText* find_wamp(const std::vector<config::SectionText>& sections) {
  const auto found = std::ranges::find(sections, "wamp", &config::SectionText::name);
  return found == sections.end() ? nullptr : &*found;
}

std::vector<std::string> start_problems(const Files& files, const config::SectionText& section,
                                        bool has_access) {
  std::vector<std::string> problems;
  config::TableReader reader(section.file, "wamp", section.table, problems);
  if (auto key = router_key(files, reader.text(wamp::auth::rows::router_key_file)); !key)
    reader.problem("router-key-file", key.error());
  for (const auto& table: reader.tables("realm")) {
    config::TableReader realm(section.file, "wamp.realm", table, problems);
    if (has_access || realm.text(wamp::auth::rows::token_role).empty()) continue;
    realm.problem("token-role",
                  "what tokens are verified with is not set; it needs access.audience, access.url, and "
                  "access.secret or access.key-file");
  }
  return problems;
}

// The whole of [wamp], or why it cannot be served. The section was checked with the rest of the file.
Result<wamp::auth::Configuration, std::string> configuration(const Files& files,
                                                             const config::SectionText& section,
                                                             const AccessParts* access) {
  auto read = wamp::auth::read_settings(section);
  if (!read.problems.empty()) return fail(std::move(read.problems.front()));
  auto problems = start_problems(files, section, access != nullptr);
  if (!problems.empty()) return fail(std::move(problems.front()));
  auto key = router_key(files, read.settings.router_key_file);
  if (!key) return fail(std::move(key.error()));
  return wamp::auth::Configuration{std::move(read.settings), std::move(*key)};
}

// Realms, roles and principals of [wamp].
class ConfiguredWamp final : public WampParts, private access::Door {
 public:
  ConfiguredWamp(const WampOrder& order, wamp::auth::Configuration configuration,
                 std::unique_ptr<wamp::HistoryKeeper> histories)
      : histories_(std::move(histories)),
        loop_(order.loop),
        files_(order.files),
        access_(order.access),
        desk_(access_ == nullptr ? access::Desk::Settings() : access_->topics.desk, random_),
        management_realm_(configuration.settings.management_realm),
        router_(order.loop, order.clock, random_, std::move(configuration), token_desk(),
                node_settings(order), histories_.get()) {}

  wamp::Node& node() override { return router_.node(); }
  wamp::Router& router() override { return router_.router(); }
  std::string management_realm() const override { return management_realm_; }
  access::Door* door() override { return access_ == nullptr ? nullptr : this; }
  void verify_with(std::shared_ptr<const token::Verifier> verifier) override {
    router_.verify_with(std::move(verifier));
  }
  Result<void, std::string> change(const std::vector<config::SectionText>& sections) override {
    const auto* section = find_wamp(sections);
    if (section == nullptr) return fail(std::string("[wamp] is gone; to be without WAMP, start again"));
    auto changed = configuration(files_, *section, access_);
    if (!changed) return fail(std::move(changed.error()));
    management_realm_ = changed->settings.management_realm;
    const auto ended = router_.change(std::move(*changed));
    log::info("wamp", "[wamp] was read again; {} had to go", counted(ended, "session"));
    return {};
  }

 private:
  // access::Door: bookings that are cancelled.
  net::Loop& loop() override { return loop_; }
  access::Desk& desk() override { return desk_; }
  void close_booking(std::string_view booking) override { router_.end_booking(booking); }

  wamp::auth::TokenDesk token_desk() {
    if (access_ == nullptr) return {};
    return {access_->settings.verifier, [this](const token::Claims& claims) { return refusal_of(claims); }};
  }
  std::optional<std::string> refusal_of(const token::Claims& claims) const {
    if (claims.booking_id.empty()) {
      if (access_->settings.allow_no_booking) return std::nullopt;
      return "the token names no booking";
    }
    if (desk_.denies({.topic = {}, .booking = claims.booking_id, .scopes = {}})) {
      return "the booking was cancelled";
    }
    return std::nullopt;
  }

  static wamp::NodeSettings node_settings(const WampOrder& order) {
    auto node = wamp_node_settings(order);
    if (const auto listed = listed_origins(order.settings); !listed.empty()) {
      node.allows_origin = [policy = relay::OriginPolicy(listed)](std::optional<std::string_view> origin) {
        return policy.allows(origin);
      };
    }
    return node;
  }

  SystemRandom random_;
  std::unique_ptr<wamp::HistoryKeeper> histories_;  // null: none outlasts the program
  net::Loop& loop_;
  const Files& files_;
  const AccessParts* access_;
  access::Desk desk_;  // for its list of bookings: codes are for topics
  std::string management_realm_;
  wamp::auth::ConfiguredRouter router_;
};

Result<std::unique_ptr<WampParts>, std::string> configured(const WampOrder& order,
                                                           const config::SectionText& section) {
  auto made = configuration(order.files, section, order.access);
  if (!made) return fail(std::move(made.error()));
  auto histories = open_histories(made->settings);
  if (!histories) return fail(std::move(histories.error()));
  return std::make_unique<ConfiguredWamp>(order, std::move(*made), std::move(*histories));
}

}  // namespace

bool has_wamp(const std::vector<config::SectionText>& sections) { return find_wamp(sections) != nullptr; }

bool wants_client_certificates(const std::vector<config::SectionText>& sections) {
  const auto* section = find_wamp(sections);
  if (section == nullptr) return false;
  const auto read = wamp::auth::read_settings(*section);
  return std::ranges::any_of(read.settings.principals,
                             [](const auto& entry) { return !entry.principal.certificates.empty(); });
}

std::vector<std::string> wamp_start_problems(const Files& files,
                                             const std::vector<config::SectionText>& sections,
                                             bool has_access) {
  const auto* section = find_wamp(sections);
  return section == nullptr ? std::vector<std::string>() : start_problems(files, *section, has_access);
}

Result<std::unique_ptr<WampParts>, std::string> wamp_parts(const WampOrder& order) {
  if (const auto* section = find_wamp(order.sections)) return configured(order, *section);
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
