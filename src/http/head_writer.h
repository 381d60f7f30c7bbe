#pragma once
// Heads to bytes, for both sides. What is written can be read back by our own parsers as the same head, and
// nothing in a name or value can end a line early: response splitting is refused here, whatever the caller
// let through.

#include <string>

#include "base/result.h"
#include "http/message.h"

namespace crosspoint::http {

enum class WriteError {
  bad_start_line,  // method or target that the parser would refuse; status outside 100–599; control
                   // characters in a reason
  bad_field,  // a name that is no token; CR, LF or another control character in a value; white space around
              // it
};

// Appends "GET /x HTTP/1.1", the fields in order, and the empty line. Adds nothing: Host and the rest are the
// caller's. Nothing is appended when there is an error.
Result<void, WriteError> encode_request_head(const RequestHead& head, std::string& out);

// Appends the status line (with reason_of(status) when the reason is empty), the fields, and the empty line.
Result<void, WriteError> encode_response_head(const ResponseHead& head, std::string& out);

}  // namespace crosspoint::http
