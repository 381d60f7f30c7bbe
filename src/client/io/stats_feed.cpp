#include "client/io/stats_feed.h"

#include <fmt/core.h>

#include <utility>

#include "client/access_reply.h"

namespace crosspoint::client {
namespace {

bool names_topic_stats(const http::Url& url) {
  return std::string_view(url.target).substr(0, url.target.find('?')).ends_with("/session/stats");
}

}  // namespace

StatsFeed::StatsFeed(net::Loop& loop, net::Network& network, Random& random, Outbound outbound,
                     StatsAddress address, std::unique_ptr<TokenSource> token, Duration interval,
                     StatsFeedEvents& events)
    : loop_(loop),
      network_(network),
      outbound_(std::move(outbound)),
      address_(std::move(address)),
      interval_(interval),
      events_(events),
      timer_(loop, [this] { on_timer(); }) {
  if (address_.way == StatsWay::ask) {
    token_ = std::move(token);
    return;
  }
  ReconnectingSocketSettings settings;
  settings.tls = outbound_.tls;
  settings.proxies = outbound_.proxies;
  settings.fields.add("User-Agent", outbound_.user_agent);
  link_ = std::make_unique<ReconnectingSocket>(
      loop, network, random, make_address_source(loop, network, outbound_, address_.url, std::move(token)),
      std::move(settings), static_cast<ReconnectingSocketEvents&>(*this));
}

StatsFeed::~StatsFeed() = default;

void StatsFeed::start() { timer_.start_after(Duration::zero()); }

void StatsFeed::on_timer() { link_ ? link_->start() : ask(); }

void StatsFeed::on_connected() {
  // Who may write is answered at once, for others this is thrown away (a relay's next report comes by
  // itself).
  if (names_topic_stats(address_.url))
    link_->send(websocket::MessageType::text, as_bytes(R"({"cmd":"update"})"));
}

void StatsFeed::on_message(websocket::MessageType type, Bytes payload) {
  if (type != websocket::MessageType::text) return;
  const auto text = as_text(payload);
  // What another listener asks is handed round like any message.
  if (text.starts_with('{')) return;
  take(text);
}

void StatsFeed::on_link_changed() {
  const auto status = link_->status();
  if (status.state == LinkState::waiting) events_.on_trouble(status.last_error);
}

void StatsFeed::ask() {
  timer_.start_after(interval_);
  if (call_) return;  // the last question is still under way
  HttpQuestion question{.url = address_.url, .fields = {}, .body = {}};
  question.fields.add("Accept", "application/json");
  question.fields.add("User-Agent", outbound_.user_agent);
  if (token_) {
    auto token = token_->token();
    if (!token) return events_.on_trouble(std::move(token.error()));
    token_shown_ = std::move(*token);
    question.fields.add("Authorization", token_shown_);
  }
  question.answer_bytes_max = StatsLimits{}.bytes_max;
  question.tls = outbound_.tls;
  question.proxy = outbound_.proxies.proxy_for(address_.url);
  call_.emplace(loop_, network_, std::move(question), [this](Result<HttpAnswer, HttpCallError> answer) {
    call_.reset();
    judge(std::move(answer));
  });
}

void StatsFeed::judge(Result<HttpAnswer, HttpCallError> answer) {
  if (!answer) return events_.on_trouble(std::move(answer.error().sentence));
  const auto status = answer->head.status;
  if (status == 200) return take(answer->body);
  const auto refusal = read_access_reply(status, answer->body, token_shown_);
  const bool said_no = !refusal && refusal.error().cause != AccessRefusal::Cause::not_access;
  events_.on_trouble(
      http::host_header(address_.url) + " " +
      (said_no ? refusal.error().sentence : fmt::format("answered {} without a report", status)));
}

void StatsFeed::take(std::string_view json) {
  auto report = parse_stats_report(json);
  if (!report) return events_.on_trouble(http::host_header(address_.url) + ": " + report.error());
  events_.on_report(json, std::move(*report));
}

}  // namespace crosspoint::client
