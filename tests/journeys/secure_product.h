#pragma once
// The node with token topics on a table-top: its access service, tokens made with its secret, clients that
// trade them as programs in the field do.

#include <memory>
#include <string>
#include <vector>

#include "access/io/deny_store.h"
#include "json_at.h"
#include "product.h"
#include "token/verifier.h"

namespace crosspoint::journeys {

struct ApiAnswer {
  int status = 0;
  std::string body;
  http::Fields fields;
};

// A deny list that outlives the nodes of one test, as a file does.
class KeptDenyStore final : public access::DenyStore {
 public:
  Result<std::vector<access::DeniedBooking>, std::string> load() override { return kept_; }
  void put(access::DeniedBooking denied, Done done) override {
    kept_.push_back(std::move(denied));
    done(std::nullopt);
  }
  void erase(std::string booking, Done done) override {
    std::erase_if(kept_, [&](const auto& entry) { return entry.booking == booking; });
    done(std::nullopt);
  }
  void prune(WallTime now) override {
    std::erase_if(kept_, [&](const auto& entry) { return entry.until < now; });
  }

 private:
  std::vector<access::DeniedBooking> kept_;
};

class SecureProduct {
 public:
  struct Options {
    std::size_t loops = 1;
    bool allow_no_booking = false;
    std::size_t spill_receivers_min = 64;
    std::uint32_t bad_codes_max = 0;
    std::vector<std::string> trusted_proxies;
    Duration tidy_every = 5min;
    const Clock* cost_clock = nullptr;   // what work costs by it; none: nothing costs anything
    std::vector<http::Route> rows = {};  // that come before the relay's
    // Where it listens, and where codes are to be shown. In memory alone ports may be chosen.
    net::Endpoint relay_place{.host = "127.0.0.1", .port = 0}, access_place{.host = "127.0.0.1", .port = 0};
    std::string relay_url = "ws://relay.test/prefix";
  };
  explicit SecureProduct(testing::World& world) : SecureProduct(world, Options()) {}
  SecureProduct(testing::World& world, Options options)
      : world_(world), options_(std::move(options)), verifier_(verifier_of(secret)) {
    start();
  }

  static constexpr const char* secret = "conformance-secret";
  static constexpr const char* audience = "http://localhost:3000";

  static std::shared_ptr<const token::Verifier> verifier_of(std::string_view key) {
    return std::make_shared<const token::Verifier>(*token::KeySet::from_secret(key, token::hmac_algorithms),
                                                   token::Policy{.audience = audience, .leeway = 5s});
  }
  void verify_with(std::string_view key) { node_->verify_with(verifier_of(key)); }

  void start();
  void stop();
  ~SecureProduct() {
    if (node_) stop();
  }

  token::Claims claims(std::string topic, std::vector<std::string> scopes, std::string booking,
                       Duration life) const;
  std::string sign(const token::Claims& claims, std::string_view with = secret) const;
  std::string token(std::string topic, std::vector<std::string> scopes = {"read", "write"},
                    std::string booking = "b1", Duration life = 60s) const {
    return sign(claims(std::move(topic), std::move(scopes), std::move(booking), life));
  }
  std::string admin() const { return token("", {"relay:admin"}, ""); }

  ApiAnswer ask(const std::string& method, const std::string& target, const std::string& token,
                const std::string& more = "", const std::string& body = "") {
    return ask_at(access_, method, target, token, more, body);
  }
  ApiAnswer ask_at(const net::Endpoint& endpoint, const std::string& method, const std::string& target,
                   const std::string& token, const std::string& more = "", const std::string& body = "");
  // The path and query of the address that a token is traded for; empty when it is refused.
  std::string address_for(const std::string& topic, const std::string& token);
  std::unique_ptr<WebClient> open_address(const std::string& address, WebClient::Options options = {});
  std::unique_ptr<WebClient> open(const std::string& topic, const std::string& token) {
    return open_address(address_for(topic, token));
  }
  ApiAnswer deny(const std::string& booking, Duration ends_in = 60s) {
    return ask("POST", "/bids/deny?bid=" + booking + "&exp=" + seconds_from_now(ends_in), admin());
  }
  ApiAnswer allow(const std::string& booking, Duration ends_in = 60s) {
    return ask("POST", "/bids/allow?bid=" + booking + "&exp=" + seconds_from_now(ends_in), admin());
  }
  std::string seconds_from_now(Duration by) const;

  bool until(const std::function<bool()>& condition, Duration limit = 10s) {
    return world_.run_until(condition, limit);
  }
  relay::Node& node() { return *node_; }
  relay::Gateway& gateway(std::size_t loop = 0) { return node_->gateway(loop); }
  const net::Endpoint& relay() const { return relay_; }
  const net::Endpoint& access() const { return access_; }

 private:
  testing::World& world_;
  const Options options_;
  std::shared_ptr<const token::Verifier> verifier_;
  KeptDenyStore store_;
  std::unique_ptr<relay::Node> node_;
  net::Endpoint relay_, access_;
};

}  // namespace crosspoint::journeys
