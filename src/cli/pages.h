#pragma once
// The web pages as rows of a route table, and addresses as people open them.

#include <string>
#include <vector>

#include "http/io/server.h"
#include "net/address.h"

namespace crosspoint::cli {

// The topics of the node that serves the pages: what they find in view-config.json.
struct TopicKinds {
  bool open;           // any path is a topic
  bool secure;         // tokens open topics
  bool token = false;  // those on any path want a token of the older relay's kind, with the handshake
};
// GET /view/…, /stats, and what those pages load. `connect_sources`: web::response_for().
std::vector<http::Route> page_routes(TopicKinds topics, const std::string& connect_sources = {});

enum class Scheme { http, https };

// "http://127.0.0.1:8080"; an endpoint on every address is shown as this machine's loopback.
std::string web_address(const net::Endpoint& endpoint, Scheme scheme = Scheme::http);

}  // namespace crosspoint::cli
