#include "http/parse_error.h"

#include <cstdlib>

namespace crosspoint::http {

int status_of(ParseError error) {
  switch (error) {
    case ParseError::target_too_long: return 414;
    case ParseError::head_too_big:
    case ParseError::too_many_fields:
    case ParseError::bad_trailer: return 431;
    case ParseError::unsupported_version: return 505;
    case ParseError::bad_line_ending:
    case ParseError::bad_request_line:
    case ParseError::bad_status_line:
    case ParseError::bad_method:
    case ParseError::bad_target:
    case ParseError::bad_field_name:
    case ParseError::folded_field:
    case ParseError::bad_field_value:
    case ParseError::no_host:
    case ParseError::several_hosts:
    case ParseError::bad_host:
    case ParseError::bad_content_length:
    case ParseError::several_content_lengths:
    case ParseError::length_and_encoding:
    case ParseError::unsupported_encoding:
    case ParseError::encoding_in_http_1_0:
    case ParseError::bad_chunk_size:
    case ParseError::too_many_chunk_extensions:
    case ParseError::bad_chunk_end:
    case ParseError::too_many_interim_responses:
    case ParseError::truncated: return 400;
  }
  std::abort();  // not a ParseError
}

std::string_view to_string(ParseError error) {
  switch (error) {
    case ParseError::bad_line_ending: return "a line does not end in CR LF";
    case ParseError::bad_request_line: return "the request line is malformed";
    case ParseError::bad_status_line: return "the status line is malformed";
    case ParseError::bad_method: return "the method is not a token";
    case ParseError::bad_target: return "the request target holds a character that may not stand there";
    case ParseError::unsupported_version: return "the version is neither HTTP/1.0 nor HTTP/1.1";
    case ParseError::bad_field_name: return "a field name is not a token";
    case ParseError::folded_field: return "a field is folded over several lines";
    case ParseError::bad_field_value: return "a field value holds a control character";
    case ParseError::no_host: return "the Host field is missing";
    case ParseError::several_hosts: return "there are several Host fields";
    case ParseError::bad_host: return "the Host field is not a host";
    case ParseError::head_too_big: return "the head is too big";
    case ParseError::too_many_fields: return "there are too many fields";
    case ParseError::target_too_long: return "the request target is too long";
    case ParseError::bad_content_length: return "Content-Length is not a number";
    case ParseError::several_content_lengths: return "there are several Content-Length fields";
    case ParseError::length_and_encoding: return "there are both Content-Length and Transfer-Encoding";
    case ParseError::unsupported_encoding: return "Transfer-Encoding is not exactly \"chunked\"";
    case ParseError::encoding_in_http_1_0: return "Transfer-Encoding in HTTP/1.0";
    case ParseError::bad_chunk_size: return "a chunk size is malformed";
    case ParseError::too_many_chunk_extensions: return "there are too many chunk extensions";
    case ParseError::bad_chunk_end: return "a chunk does not end in CR LF";
    case ParseError::bad_trailer: return "the trailer section is too big";
    case ParseError::too_many_interim_responses: return "there are too many interim responses";
    case ParseError::truncated: return "the connection ended inside a message";
  }
  std::abort();  // not a ParseError
}

}  // namespace crosspoint::http
