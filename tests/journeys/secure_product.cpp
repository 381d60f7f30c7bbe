#include "secure_product.h"

#include <gtest/gtest.h>

#include "testing/raw_client.h"
#include "token/signer.h"

namespace crosspoint::journeys {

void SecureProduct::start() {
  relay::NodeSettings settings;
  settings.relay.open_topics = false;
  settings.relay.spill_receivers_min = options_.spill_receivers_min;
  settings.relay.token_topics.emplace();
  settings.relay.token_topics->desk.allow_no_booking = options_.allow_no_booking;
  settings.relay.token_topics->attempts.failures_max = options_.bad_codes_max;
  settings.relay.token_topics->trusted_proxies = *IpNetworks::parse(options_.trusted_proxies);
  std::vector<net::Loop*> loops;
  for (std::size_t i = 0; i < options_.loops; ++i) loops.push_back(&world_.loop(i));
  const Clock& clock = options_.cost_clock != nullptr ? *options_.cost_clock : world_.clock();
  node_ = std::make_unique<relay::Node>(loops, world_.network(), clock, std::move(settings), options_.rows);
  relay::AccessSettings access;
  access.verifier = verifier_;
  access.deny_store = &store_;
  access.audience = audience;
  access.relay_url = options_.relay_url;
  access.allow_no_booking = options_.allow_no_booking;
  access.tidy_every = options_.tidy_every;
  EXPECT_TRUE(node_->open_access(std::move(access)));
  relay_ = *node_->listen(options_.relay_place);
  access_ = *node_->listen_for_access(options_.access_place);
}

void SecureProduct::stop() {
  bool stopped = false;
  node_->stop(3s, [&] { stopped = true; });
  world_.run_until([&] { return stopped; });
  node_.reset();
}

token::Claims SecureProduct::claims(std::string topic, std::vector<std::string> scopes, std::string booking,
                                    Duration life) const {
  token::Claims claims;
  claims.booking_id = std::move(booking);
  claims.topic = std::move(topic);
  claims.prefix = "session";
  claims.scopes = std::move(scopes);
  claims.audience = {audience};
  const auto now = std::chrono::floor<std::chrono::seconds>(world_.clock().wall());
  claims.not_before = claims.issued = now - 1s;
  claims.expires = now + life;
  return claims;
}

std::string SecureProduct::sign(const token::Claims& claims, std::string_view with) const {
  return token::Signer::from_secret(with)->sign(claims);
}

ApiAnswer SecureProduct::ask_at(const net::Endpoint& endpoint, const std::string& method,
                                const std::string& target, const std::string& token, const std::string& more,
                                const std::string& body) {
  testing::RawClient client(world_.loop(0), world_.network(), endpoint);
  client.send(method + " " + target + " HTTP/1.1\r\nHost: x\r\n" +
              (token.empty() ? "" : "Authorization: " + token + "\r\n") +
              (body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n") + more +
              "Connection: close\r\n\r\n" + body);
  world_.run_until([&] { return client.over(); });
  const std::string& all = client.received();
  ApiAnswer answer;
  const auto head_end = all.find("\r\n\r\n");
  if (head_end == all.npos) return answer;
  answer.status = std::stoi(all.substr(9, 3));
  answer.body = all.substr(head_end + 4);
  for (auto line = all.find("\r\n"); line < head_end; line = all.find("\r\n", line + 2)) {
    const auto colon = all.find(": ", line);
    if (colon >= head_end) break;
    answer.fields.add(all.substr(line + 2, colon - line - 2),
                      all.substr(colon + 2, all.find("\r\n", colon) - colon - 2));
  }
  return answer;
}

std::string SecureProduct::address_for(const std::string& topic, const std::string& token) {
  const auto answer = ask("POST", "/session/" + topic, token);
  if (answer.status != 200) return {};
  const std::string quoted = at(answer.body, "/uri");
  const std::string uri = quoted.substr(1, quoted.size() - 2);
  const std::string& base = options_.relay_url;
  EXPECT_TRUE(uri.starts_with(base + "/session/")) << uri;
  return uri.substr(base.size());
}

std::unique_ptr<WebClient> SecureProduct::open_address(const std::string& address,
                                                       WebClient::Options options) {
  auto client = std::make_unique<WebClient>(world_, relay_, address, std::move(options));
  world_.run_until([&] { return client->open() || client->refused; });
  return client;
}

std::string SecureProduct::seconds_from_now(Duration by) const {
  return std::to_string(
      std::chrono::floor<std::chrono::seconds>((world_.clock().wall() + by).time_since_epoch()).count());
}

}  // namespace crosspoint::journeys
