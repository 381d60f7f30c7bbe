#include "http/message.h"

#include <utility>

#include "http/characters.h"

namespace crosspoint::http {
namespace {

// Calls visit(element) for each element of the list until it returns true; says whether it did.
template <class Visit>
bool visit_elements(std::string_view list, Visit visit) {
  while (true) {
    const auto comma = list.find(',');
    const auto element = trim(list.substr(0, comma));
    if (!element.empty() && visit(element)) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
}

Response typed_response(int status, std::string body, const char* type) {
  Response response;
  response.status = status;
  response.fields.add("Content-Type", type);
  response.body = std::move(body);
  return response;
}

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

void Fields::add(std::string_view name, std::string_view value) {
  constexpr std::size_t usual_fields = 16;
  if (places_.empty()) places_.reserve(usual_fields);
  places_.push_back({.begin = static_cast<std::uint32_t>(text_.size()),
                     .name_bytes = static_cast<std::uint32_t>(name.size()),
                     .value_bytes = static_cast<std::uint32_t>(value.size())});
  text_.insert(text_.end(), name.begin(), name.end());
  text_.insert(text_.end(), value.begin(), value.end());
}

void Fields::reserve(std::size_t text_bytes) { text_.reserve(text_.size() + text_bytes); }

std::optional<std::string_view> Fields::find(std::string_view name) const {
  for (const Field field: *this) {
    if (equal_ignoring_case(field.name, name)) return field.value;
  }
  return std::nullopt;
}

std::size_t Fields::count(std::string_view name) const {
  std::size_t found = 0;
  for (const Field field: *this) found += equal_ignoring_case(field.name, name) ? 1 : 0;
  return found;
}

bool Fields::lists(std::string_view name, std::string_view token) const {
  for (const Field field: *this) {
    if (!equal_ignoring_case(field.name, name)) continue;
    if (visit_elements(field.value,
                       [&](std::string_view element) { return equal_ignoring_case(element, token); })) {
      return true;
    }
  }
  return false;
}

std::vector<std::string_view> Fields::elements(std::string_view name) const {
  std::vector<std::string_view> found;
  for (const Field field: *this) {
    if (!equal_ignoring_case(field.name, name)) continue;
    visit_elements(field.value, [&](std::string_view element) {
      found.push_back(element);
      return false;
    });
  }
  return found;
}

std::string_view reason_of(int status) {
  switch (status) {
    case 100: return "Continue";
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 203: return "Non-Authoritative Information";
    case 204: return "No Content";
    case 205: return "Reset Content";
    case 206: return "Partial Content";
    case 300: return "Multiple Choices";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 305: return "Use Proxy";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 402: return "Payment Required";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 407: return "Proxy Authentication Required";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 426: return "Upgrade Required";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
  }
  return {};
}

Response text_response(int status, std::string body) {
  return typed_response(status, std::move(body), "text/plain; charset=utf-8");
}

Response json_response(int status, std::string body) {
  return typed_response(status, std::move(body), "application/json");
}

}  // namespace crosspoint::http
