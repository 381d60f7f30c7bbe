#pragma once
// What HTTP/1.1 messages are made of (RFC 9110, RFC 9112): heads without bodies, shared by server and client.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace crosspoint::http {

// Of a line that was parsed, or of the Fields it was put into: holds neither name nor value.
struct Field {
  std::string_view name;  // as it was spelled; compared without regard to case
  std::string_view value;

  bool operator==(const Field&) const = default;
};

// The fields of one head, in order. Names and values lie in one piece of memory behind each other, since each
// request brings a dozen of them. What is handed out are views: good until the next add(), wherever the
// Fields are moved meanwhile.
class Fields {
 public:
  class Iterator;

  // Neither may be a view of these Fields.
  void add(std::string_view name, std::string_view value);
  // Names and values of so many bytes will follow, as far as can be told.
  void reserve(std::size_t text_bytes);
  // The first field of that name.
  std::optional<std::string_view> find(std::string_view name) const;
  std::size_t count(std::string_view name) const;
  // Does the comma-separated list in any field of that name hold `token` (without regard to case)?
  bool lists(std::string_view name, std::string_view token) const;
  // All elements of the comma-separated lists in fields of that name, trimmed, in order; empty ones left out.
  std::vector<std::string_view> elements(std::string_view name) const;

  std::size_t size() const { return places_.size(); }
  Iterator begin() const;
  Iterator end() const;

  bool operator==(const Fields&) const = default;

 private:
  struct Place {
    std::uint32_t begin;  // of the name; the value follows it
    std::uint32_t name_bytes;
    std::uint32_t value_bytes;
    bool operator==(const Place&) const = default;
  };
  std::vector<char> text_;  // no string: a short one would move its bytes with it
  std::vector<Place> places_;
};

// Goes over fields as the values they are.
class Fields::Iterator {
 public:
  using value_type = Field;
  using difference_type = std::ptrdiff_t;

  Iterator() = default;
  Field operator*() const {
    const char* const name = text_ + place_->begin;
    return {{name, place_->name_bytes}, {name + place_->name_bytes, place_->value_bytes}};
  }
  Iterator& operator++() {
    ++place_;
    return *this;
  }
  Iterator operator++(int) { return std::exchange(*this, Iterator(text_, place_ + 1)); }
  bool operator==(const Iterator& other) const { return place_ == other.place_; }

 private:
  friend class Fields;
  Iterator(const char* text, const Place* place) : text_(text), place_(place) {}
  const char* text_ = nullptr;
  const Place* place_ = nullptr;
};

inline Fields::Iterator Fields::begin() const { return {text_.data(), places_.data()}; }
inline Fields::Iterator Fields::end() const { return {text_.data(), places_.data() + places_.size()}; }

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
  // In place of `body`: bytes that live as long as the program. They are sent from where they lie, so that a
  // client that asks for a page and does not read it costs no copy of the page.
  Bytes lasting_body = {};

  Bytes content() const { return lasting_body.empty() ? as_bytes(body) : lasting_body; }
};

// "Not Found" for 404; empty for a number that neither RFC 9110 nor RFC 6585 names.
std::string_view reason_of(int status);
Response text_response(int status, std::string body);  // text/plain; charset=utf-8
Response json_response(int status, std::string body);  // application/json

bool equal_ignoring_case(std::string_view a, std::string_view b);

}  // namespace crosspoint::http
