#pragma once
// A Server in a world of its own, and raw clients for it. For this room's tests only.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/io/server.h"
#include "http/response_parser.h"
#include "testing/raw_client.h"
#include "testing/world.h"

namespace crosspoint::http {

class TestServer {
 public:
  explicit TestServer(Routes with_routes, const ServerLimits& limits = {})
      : routes(std::move(with_routes)), server(std::make_unique<Server>(world.loop(), routes, limits)) {
    const net::Network::ListenPoint point{&world.loop(), server.get()};
    listeners = std::move(*world.network().listen(endpoint(), {}, {&point, 1}));
  }

  static net::Endpoint endpoint() { return {net::Endpoint::Kind::tcp, "127.0.0.1", 8080, {}}; }

  std::unique_ptr<testing::RawClient> connect() {
    auto client = std::make_unique<testing::RawClient>(world.loop(1), world.network(), endpoint());
    world.run_until_idle();
    return client;
  }

  // Sends `text` on a new connection and returns all that comes back at once.
  std::string ask(std::string_view text) {
    const auto client = connect();
    client->send(text);
    world.run_until_idle();
    return client->received();
  }

  testing::MemoryWorld world;
  Routes routes;
  std::unique_ptr<Server> server;
  std::vector<std::unique_ptr<net::Listener>> listeners;
};

struct Answer {
  ResponseHead head;
  std::string body;
};

// What a strict client makes of `text`: every answer in it. A last one with status 0 stands for bytes that
// are no answer.
inline std::vector<Answer> answers_in(std::string_view text, AnswerTo answer_to = AnswerTo::other_request) {
  std::vector<Answer> answers;
  Bytes rest = as_bytes(text);
  while (!rest.empty()) {
    ResponseParser parser({}, answer_to);
    parser.feed(rest);
    bool complete = false;
    while (true) {
      const auto event = parser.next();
      if (!event || !*event) break;
      if (const auto* start = std::get_if<ResponseStart>(&**event)) {
        answers.push_back({start->head, {}});
        complete = start->head.status == 101;
      } else if (const auto* body = std::get_if<BodyBytes>(&**event)) {
        answers.back().body += as_text(body->bytes);
      } else {
        complete = true;
      }
    }
    rest = parser.unread();
    if (!complete) {
      answers.push_back({{.status = 0, .reason = {}, .fields = {}}, {}});
      break;
    }
  }
  return answers;
}

// "200 404": the statuses of the answers in `text`.
inline std::string statuses_in(std::string_view text, AnswerTo answer_to = AnswerTo::other_request) {
  std::string statuses;
  for (const auto& answer: answers_in(text, answer_to)) {
    statuses += (statuses.empty() ? "" : " ") + std::to_string(answer.head.status);
  }
  return statuses;
}

// A route that answers 200 and what it was asked: "GET /path?query body".
inline Route echo_route(std::string path, std::string methods = "*") {
  Route route;
  route.methods = std::move(methods);
  route.path = std::move(path);
  route.handler = CollectedHandler([](Request&& request, Responder responder) {
    responder.respond(text_response(200, request.head.method + " " + request.path +
                                             (request.query.empty() ? "" : "?" + request.query) + " " +
                                             request.body));
  });
  return route;
}

inline Routes routes_of(std::vector<Route> rows) {
  Routes routes;
  routes.rows = std::move(rows);
  return routes;
}

inline Routes echo_everywhere() { return routes_of({echo_route("*")}); }

}  // namespace crosspoint::http
