#pragma once
// Why bytes are not an HTTP/1.1 message that we accept. One enum for heads, bodies, requests and responses;
// after any of these, sender and receiver no longer agree on where messages begin, so the connection is of no
// further use.

#include <cstdint>
#include <string_view>

namespace crosspoint::http {

enum class ParseError : std::uint8_t {
  // Lines
  bad_line_ending,      // LF without CR, or CR without LF
  bad_request_line,     // not "METHOD SP TARGET SP HTTP/1.x"
  bad_status_line,      // not "HTTP/1.x SP 3DIGIT [SP reason]"
  bad_method,           // not a token, or longer than any method
  bad_target,           // a byte that may not stand in a target (characters.h)
  unsupported_version,  // HTTP, but neither 1.0 nor 1.1
  // Fields
  bad_field_name,   // empty, or not a token; a space before the colon is one way to get here
  folded_field,     // a line that begins with white space (obs-fold)
  bad_field_value,  // NUL or another control character
  no_host,          // HTTP/1.1 without Host
  several_hosts,
  bad_host,  // empty, or not host[:port]
  // Sizes
  head_too_big,
  too_many_fields,
  target_too_long,
  // Framing of the body (RFC 9112 section 6)
  bad_content_length,       // not digits only, or more than fits
  several_content_lengths,  // even if they agree
  length_and_encoding,      // Content-Length and Transfer-Encoding
  unsupported_encoding,     // Transfer-Encoding other than one field that says exactly "chunked"
  encoding_in_http_1_0,
  bad_chunk_size,  // not hexadecimal, more than fits, or an extension too long or with control characters
  too_many_chunk_extensions,   // in sum over one body
  bad_chunk_end,               // a chunk's data not followed by CRLF
  bad_trailer,                 // too many or too big; wrong ones are reported as the field's error
  too_many_interim_responses,  // 1xx before the answer
  truncated,                   // the connection ended inside a message
};

// How a server answers a request with this error: 400, 414, 431 or 505.
int status_of(ParseError error);
std::string_view to_string(ParseError error);

}  // namespace crosspoint::http
