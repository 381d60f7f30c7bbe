#pragma once
// An access service by script: keeps what it was asked, and answers as well or as badly as a test wants. For
// tests of clients only.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "http/io/server.h"
#include "testing/world.h"

namespace crosspoint::client {

class TestAccess {
 public:
  enum class Mood {
    welcome,         // 200 and a fresh address each time
    wrong_topic,     // 401, shape S
    denied,          // 400, shape H
    broken,          // 500, shape F, and repeats the token
    captive_portal,  // 200 and a page
    redirect,        // 302 to another service
    silent,          // never answers
  };

  TestAccess(testing::World& world, std::string name, std::uint16_t port = 80)
      : world_(world), name_(std::move(name)), port_(port) {
    http::Route route;
    route.methods = "*";
    route.path = "*";
    route.handler = http::CollectedHandler([this](http::Request&& request, http::Responder responder) {
      attempts.push_back(world_.loop(1).now());
      requests.push_back(std::move(request));
      if (mood == Mood::silent) return waiting_.push_back(std::move(responder));
      responder.respond(answer());
    });
    routes_.rows.push_back(std::move(route));
    server_ = std::make_unique<http::Server>(world_.loop(1), routes_, http::ServerLimits{});
    const net::Network::ListenPoint point{&world_.loop(1), server_.get()};
    listeners_ = std::move(*world_.network().listen(endpoint(), {}, std::span(&point, 1)));
  }

  // With the real port, where 0 was asked for.
  net::Endpoint endpoint() const {
    return listeners_.empty() ? net::Endpoint{net::Endpoint::Kind::tcp, name_, port_, {}}
                              : listeners_.front()->endpoint();
  }
  std::string url(std::string_view path) const {
    return "http://" + net::to_string(endpoint()) + std::string(path);
  }
  std::string_view token_shown() const {
    return requests.back().head.fields.find("Authorization").value_or("none");
  }

  Mood mood = Mood::welcome;
  std::string address = "ws://relay.test/session/t1";  // given with ?code=CODE, another each time
  std::vector<http::Request> requests;
  std::vector<MonotonicTime> attempts;

 private:
  http::Response answer() const {
    switch (mood) {
      case Mood::welcome:
      case Mood::silent: break;
      case Mood::wrong_topic: return http::json_response(401, "\"Token Wrong Topic\"\n");
      case Mood::denied:
        return http::json_response(400,
                                   "{\"code\":\"400\",\"message\":\"bookingID has been deny-listed\"}\n");
      case Mood::broken:
        return http::json_response(
            500, "{\"code\":500,\"message\":\"token " + std::string(token_shown()) + " invalid\"}");
      case Mood::captive_portal: return http::text_response(200, "<html>please log in</html>");
      case Mood::redirect: {
        http::Response response;
        response.status = 302;
        response.fields.add("Location", "http://elsewhere/session/t1");
        return response;
      }
    }
    return http::json_response(
        200, "{\"uri\":\"" + address + "?code=c0de-" + std::to_string(requests.size()) + "\"}\n");
  }

  testing::World& world_;
  std::string name_;
  std::uint16_t port_;
  http::Routes routes_;
  std::vector<http::Responder> waiting_;
  std::unique_ptr<http::Server> server_;
  std::vector<std::unique_ptr<net::Listener>> listeners_;
};

}  // namespace crosspoint::client
