#pragma once
// Cross-origin requests (the Fetch standard, CORS protocol), for pages that exchange tokens straight with
// this program. Off unless origins are listed: the usual proxy in front adds these fields itself, and two of
// them make browsers refuse the answer.

#include <optional>
#include <string>
#include <vector>

#include "http/message.h"

namespace crosspoint::access {

class Cors {
 public:
  // Origins as browsers write them, "https://lab.example.org", compared whole; "*": every page. None: off.
  explicit Cors(std::vector<std::string> origins) : origins_(std::move(origins)) {}

  // A preflight from a listed origin has its answer here. Nothing: it is none, or not answered.
  std::optional<http::Response> preflight(const http::RequestHead& request) const;
  // Where the request comes from, if that is listed.
  std::optional<std::string> allowed_origin(const http::RequestHead& request) const;
  // To every other answer, for a request from `origin`.
  void add_to(const std::optional<std::string>& origin, http::Response& response) const;

 private:
  std::vector<std::string> origins_;
};

}  // namespace crosspoint::access
