#include "client/io/access_exchange.h"

#include <fmt/core.h>

#include <utility>

namespace crosspoint::client {
namespace {

HttpQuestion question(const Outbound& outbound, const http::Url& access, const std::string& token) {
  HttpQuestion question{.url = access, .method = "POST", .fields = {}, .body = {}};
  question.fields.add("Authorization", token);  // as it is, without a scheme
  question.fields.add("Accept", "application/json");
  question.fields.add("User-Agent", outbound.user_agent);
  question.limit = AccessExchange::time_max;
  question.answer_bytes_max = access_reply_bytes_max;
  question.tls = outbound.tls;
  question.proxy = outbound.proxies.proxy_for(access);
  return question;
}

}  // namespace

AccessExchange::AccessExchange(net::Loop& loop, net::Network& network, const Outbound& outbound,
                               const http::Url& access, std::string token, Done done)
    : where_(http::host_header(access)),
      token_(std::move(token)),
      done_(std::move(done)),
      call_(loop, network, question(outbound, access, token_),
            [this](Result<HttpAnswer, HttpCallError> answer) { judge(std::move(answer)); }) {}

void AccessExchange::judge(Result<HttpAnswer, HttpCallError> answer) {
  auto done = std::move(done_);  // which may destroy this object
  if (!answer) return done(fail("no address from access: " + answer.error().sentence));
  auto url = read_access_reply(answer->head.status, answer->body, token_);
  if (!url) return done(fail(fmt::format("access at {} {}", where_, url.error().sentence)));
  done(std::move(*url));
}

}  // namespace crosspoint::client
