#include "http/head_writer.h"

#include <string_view>

#include "http/characters.h"

namespace crosspoint::http {
namespace {

Result<void, WriteError> append_fields(const Fields& fields, std::string& out) {
  for (const Field field: fields) {
    if (!is_token(field.name) || !is_field_value(field.value) ||
        trim(field.value).size() != field.value.size()) {
      return fail(WriteError::bad_field);
    }
    out.append(field.name).append(": ").append(field.value).append("\r\n");
  }
  out.append("\r\n");
  return {};
}

// Runs `append` and takes back what it appended if it fails.
template <class Append>
Result<void, WriteError> all_or_nothing(std::string& out, Append append) {
  const auto before = out.size();
  auto result = append();
  if (!result) out.resize(before);
  return result;
}

void append_version(int minor_version, std::string& out) {
  out.append(minor_version == 0 ? "HTTP/1.0" : "HTTP/1.1");
}

}  // namespace

Result<void, WriteError> encode_request_head(const RequestHead& head, std::string& out) {
  if (!is_token(head.method) || !is_target(head.target)) return fail(WriteError::bad_start_line);
  return all_or_nothing(out, [&] {
    out.append(head.method).append(" ").append(head.target).append(" ");
    append_version(head.minor_version, out);
    out.append("\r\n");
    return append_fields(head.fields, out);
  });
}

Result<void, WriteError> encode_response_head(const ResponseHead& head, std::string& out) {
  const std::string_view reason =
      head.reason.empty() ? reason_of(head.status) : std::string_view(head.reason);
  if (head.status < 100 || head.status > 599 || !is_field_value(reason))
    return fail(WriteError::bad_start_line);
  return all_or_nothing(out, [&] {
    append_version(head.minor_version, out);
    out.append(" ").append(std::to_string(head.status)).append(" ").append(reason).append("\r\n");
    return append_fields(head.fields, out);
  });
}

}  // namespace crosspoint::http
