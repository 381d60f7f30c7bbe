#include "http/io/answer.h"

#include <algorithm>
#include <utility>

#include "http/head_writer.h"

namespace crosspoint::http {
namespace {

bool is_servers_own(std::string_view name) {
  constexpr std::array<std::string_view, 4> names{"Content-Length", "Date", "Connection",
                                                  "Transfer-Encoding"};
  return std::any_of(names.begin(), names.end(), [&](auto own) { return equal_ignoring_case(own, name); });
}

}  // namespace

bool OutgoingAnswer::add(Response&& response, const AnswerSettings& settings) {
  const bool may_have_body = response.status != 204 && response.status != 304;
  ResponseHead head;
  head.status = response.status;
  head.fields.add("Date", settings.date);
  for (const Field field: response.fields) {
    if (!is_servers_own(field.name)) head.fields.add(field.name, field.value);
  }
  if (may_have_body) head.fields.add("Content-Length", std::to_string(response.content().size()));
  if (!settings.keep_alive) {
    head.fields.add("Connection", "close");
  } else if (settings.asked_in_http_1_0) {
    head.fields.add("Connection", "keep-alive");
  }
  if (response.status < 200 || !encode_response_head(head, head_)) return false;
  if (may_have_body && settings.body == BodyOnWire::sent) {
    body_ = std::move(response.body);
    lasting_body_ = response.lasting_body;
  }
  return true;
}

Result<bool, net::StreamError> OutgoingAnswer::write_to(net::Stream& stream) {
  const std::size_t total = head_.size() + body().size();
  if (written_bytes_ < total) {
    const auto head_written = std::min(written_bytes_, head_.size());
    const std::array<Bytes, 2> pieces{as_bytes(head_).subspan(head_written),
                                      body().subspan(written_bytes_ - head_written)};
    const auto taken = stream.write_some(pieces);
    if (!taken) return fail(taken.error());
    written_bytes_ += *taken;
  }
  if (written_bytes_ < total) return false;
  written_bytes_ = 0;
  std::string().swap(head_);
  std::string().swap(body_);
  lasting_body_ = {};
  return true;
}

}  // namespace crosspoint::http
