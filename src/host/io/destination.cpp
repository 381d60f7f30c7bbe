#include "host/io/destination.h"

#include <utility>

namespace crosspoint::host {
namespace {

std::unique_ptr<client::TokenSource> token_source(const Files& files, const DestinationRule& rule,
                                                  const DestinationSettings& settings) {
  if (!rule.token.empty()) return std::make_unique<client::FixedToken>(rule.token);
  if (rule.token_file.empty()) return nullptr;
  return std::make_unique<client::TokenFile>(files, settings.token_directory + "/" + rule.token_file);
}

client::Outbound outbound(const DestinationSettings& settings) {
  return {.tls = settings.tls, .proxies = settings.proxies, .user_agent = settings.user_agent};
}

client::ReconnectingSocketSettings link_settings(const DestinationSettings& settings) {
  client::ReconnectingSocketSettings link;
  link.proxies = settings.proxies;
  link.tls = settings.tls;
  link.fields.add("User-Agent", settings.user_agent);
  link.connect_time_max = settings.connect_time_max;
  link.backoff = settings.backoff;
  link.limits = settings.limits;
  return link;
}

}  // namespace

Destination::Destination(net::Loop& loop, net::Network& network, const Files& files, Random& random,
                         Feeds& feeds, DestinationRule rule, http::Url url,
                         const DestinationSettings& settings)
    : loop_(loop),
      feeds_(feeds),
      rule_(std::move(rule)),
      gate_(settings.gate),
      held_(settings.held),
      link_(loop, network, random,
            client::make_address_source(loop, network, outbound(settings), std::move(url),
                                        token_source(files, rule_, settings)),
            link_settings(settings), *this) {}

Destination::~Destination() = default;

bool Destination::start() {
  // Destinations with the same address never hear each other: what one sends there, the other gets back from
  // there.
  subscription_ = feeds_.subscribe(rule_.stream, *this, rule_.destination);
  if (!subscription_) return false;
  link_.start();
  return true;
}

void Destination::stop(Gone gone) {
  subscription_.reset();
  gone_ = std::move(gone);
  link_.close(websocket::CloseCode::normal);
}

void Destination::receive(Message& message) {
  if (!link_.connected()) return hold(message);
  auto& outbox = link_.outbox();
  const QueueState queue{outbox.bytes(), outbox.empty() ? Duration::zero() : loop_.now() - outbox.oldest()};
  rewritten_.clear();
  const auto ruling = gate_.judge(message.facts(), message.type(), message.payload(), queue, rewritten_);
  if (ruling.drop_waiting) dropped_ += outbox.drop_unwritten().frames;
  switch (ruling.verdict) {
    case Gate::Verdict::give: return link_.send(message.type(), message.payload());
    case Gate::Verdict::rewrite: return link_.send(message.type(), rewritten_);
    case Gate::Verdict::withhold:
    case Gate::Verdict::overflow: ++dropped_; return;
  }
}

void Destination::hold(const Message& message) {
  if (message.facts().feed_is_ts) {
    ++dropped_;
  } else {
    dropped_ += held_.hold(message.type(), message.payload(), loop_.now());
  }
}

void Destination::on_connected() {
  if (log_limit_.admit(loop_.now()))
    log::info("host", "destination {}: connected to {}", to_json(rule_.id), client::printable(link_.place()));
  gate_.begin_anew();
  dropped_ += held_.expire(loop_.now());
  for (const auto& held: held_.take()) link_.send(held.type, held.payload);
}

void Destination::on_message(websocket::MessageType type, Bytes payload) {
  if (!subscription_ || feeds_.is_stream(rule_.stream)) {
    ++discarded_;
    return;
  }
  feeds_.publish(*subscription_, type, payload, loop_.now());
}

void Destination::on_disconnected() {
  if (!log_limit_.admit(loop_.now())) return;
  log::warning("host", "destination {}: lost {}: {}", to_json(rule_.id), client::printable(link_.place()),
               link_.status().last_error);
}

void Destination::on_closed() {
  if (gone_) std::exchange(gone_, nullptr)(*this);
}

DestinationStatus Destination::status() const {
  DestinationStatus status;
  status.rule = rule_;
  status.link = link_.status();
  status.dropped = dropped_;
  status.discarded = discarded_;
  status.queued_bytes = held_.bytes() + link_.queued_bytes();
  return status;
}

}  // namespace crosspoint::host
