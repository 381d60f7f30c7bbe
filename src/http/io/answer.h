#pragma once
// An answer on its way out: the head with what the server adds to it, and how much of head and body has been
// written.

#include <array>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/message.h"
#include "net/stream.h"

namespace crosspoint::http {

enum class BodyOnWire : std::uint8_t {
  sent,
  left_out,  // the answer to HEAD: announced, not sent
};

struct AnswerSettings {
  std::string_view date;
  bool keep_alive = true;
  bool asked_in_http_1_0 = false;  // which must be told that the connection stays
  BodyOnWire body = BodyOnWire::sent;
};

class OutgoingAnswer {
 public:
  // Interim answers come before the answer, and may still be unwritten when it follows.
  void add_interim(std::string_view head) { head_.append(head); }
  // Adds Date, Content-Length and Connection; the handler's own fields of these names, and Transfer-Encoding,
  // are left out. False if a field cannot be written; nothing has been added then.
  bool add(Response&& response, const AnswerSettings& settings);

  // Writes what the stream takes. True when nothing is left; what was written is then forgotten, memory
  // included.
  Result<bool, net::StreamError> write_to(net::Stream& stream);
  std::size_t written_bytes() const { return written_bytes_; }

 private:
  Bytes body() const { return lasting_body_.empty() ? as_bytes(body_) : lasting_body_; }

  std::string head_;
  std::string body_;
  Bytes lasting_body_;             // in its place
  std::size_t written_bytes_ = 0;  // of the two together
};

}  // namespace crosspoint::http
