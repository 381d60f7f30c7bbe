#pragma once
// What HTTP/1.1 messages are made of (RFC 9110, RFC 9112): heads without bodies, shared by server and client.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crosspoint::http {

struct Field {
  std::string name;  // as it was spelled; compared without regard to case
  std::string value;

  bool operator==(const Field&) const = default;
};

class Fields {
 public:
  void add(std::string name, std::string value) { fields_.push_back({std::move(name), std::move(value)}); }
  // The first field of that name.
  std::optional<std::string_view> find(std::string_view name) const;
  std::size_t count(std::string_view name) const;
  // Does the comma-separated list in any field of that name hold `token` (without regard to case)?
  bool lists(std::string_view name, std::string_view token) const;
  // All elements of the comma-separated lists in fields of that name, trimmed, in order; empty ones left out.
  std::vector<std::string_view> elements(std::string_view name) const;

  std::size_t size() const { return fields_.size(); }
  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }

  bool operator==(const Fields&) const = default;

 private:
  std::vector<Field> fields_;
};

struct RequestHead {
  std::string method;     // "GET"; case matters
  std::string target;     // as sent: "/out/video?code=…"
  int minor_version = 1;  // HTTP/1.minor_version
  Fields fields;

  bool operator==(const RequestHead&) const = default;
};

struct ResponseHead {
  int status = 200;
  std::string reason;
  int minor_version = 1;
  Fields fields;

  bool operator==(const ResponseHead&) const = default;
};

struct Response {
  int status = 200;
  Fields fields;  // Content-Length, Date, Connection are written by the server
  std::string body;
  bool close = false;  // close the connection after this answer
};

// "Not Found" for 404; empty for a number that neither RFC 9110 nor RFC 6585 names.
std::string_view reason_of(int status);
Response text_response(int status, std::string body);  // text/plain; charset=utf-8
Response json_response(int status, std::string body);  // application/json

bool equal_ignoring_case(std::string_view a, std::string_view b);

}  // namespace crosspoint::http
