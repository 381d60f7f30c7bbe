#include "host/io/rules_api.h"

#include <string_view>
#include <utility>

#include "base/audit.h"
#include "host/io/change_words.h"

namespace crosspoint::host {
namespace {

// A rule is a few hundred bytes.
constexpr std::size_t rule_bytes_max = 64 * 1024;

constexpr std::string_view streams_path = "/api/streams";
constexpr std::string_view destinations_path = "/api/destinations";

using Answer = std::function<http::Response(const http::Request&)>;

http::Route answer_to(std::string methods, std::string_view path, Answer answer) {
  http::Route route;
  route.methods = std::move(methods);
  route.path = path;
  route.body_bytes_max = rule_bytes_max;
  route.handler = http::CollectedHandler(
      [answer = std::move(answer)](http::Request&& request, http::Responder responder) {
        responder.respond(answer(request));
      });
  return route;
}

http::Response answer_of(const CommandResult& result) {
  if (result) return http::json_response(200, *result);
  const auto& [kind, sentence] = result.error();
  switch (kind) {
    case CommandFailure::Kind::refused: return http::text_response(400, sentence + "\n");
    case CommandFailure::Kind::no_such_stream: return http::text_response(404, sentence + "\n");
    case CommandFailure::Kind::no_name: return http::text_response(404, "404 page not found\n");
  }
  return http::text_response(500, {});
}

// The part of the path after "/api/streams/".
std::string_view name_in(const http::Request& request, std::string_view before) {
  return std::string_view(request.path).substr(before.size() + 1);
}

// The same, and a line in the log: nobody has to say who they are here, so it names the address. What is
// refused changes nothing and leaves none.
http::Response answer_to_change(std::string_view verb, const http::Request& request,
                                const CommandResult& result) {
  if (result) {
    log::audit("host", "{} {}, by somebody at {}, over REST", verb, change_in_words(*result),
               net::to_string(request.peer));
  }
  return answer_of(result);
}

void add_stream_routes(std::vector<http::Route>& routes, Commands& commands) {
  routes.push_back(answer_to("POST PUT UPDATE", streams_path, [&commands](const http::Request& request) {
    return answer_to_change("stream.add", request, commands.set_stream(request.body));
  }));
  routes.push_back(answer_to("GET", "/api/streams/all", [&commands](const http::Request&) {
    return http::json_response(200, commands.streams());
  }));
  routes.push_back(answer_to("GET", "/api/streams/*", [&commands](const http::Request& request) {
    return answer_of(commands.stream(name_in(request, streams_path)));
  }));
  routes.push_back(answer_to("DELETE", "/api/streams/*", [&commands](const http::Request& request) {
    return answer_to_change("stream.delete", request, commands.remove_stream(name_in(request, streams_path)));
  }));
}

void add_destination_routes(std::vector<http::Route>& routes, Commands& commands) {
  routes.push_back(answer_to("POST PUT UPDATE", destinations_path, [&commands](const http::Request& request) {
    return answer_to_change("destination.add", request, commands.set_destination(request.body));
  }));
  routes.push_back(answer_to("GET", "/api/destinations/all", [&commands](const http::Request&) {
    return http::json_response(200, commands.destinations());
  }));
  routes.push_back(answer_to("GET", "/api/destinations/*", [&commands](const http::Request& request) {
    return answer_of(commands.destination(name_in(request, destinations_path)));
  }));
  routes.push_back(answer_to("DELETE", "/api/destinations/*", [&commands](const http::Request& request) {
    return answer_to_change("destination.delete", request,
                            commands.remove_destination(name_in(request, destinations_path)));
  }));
}

}  // namespace

std::vector<http::Route> rules_routes(Commands& commands) {
  std::vector<http::Route> routes;
  routes.push_back(answer_to("*", "/api", [](const http::Request&) { return http::Response{}; }));
  routes.push_back(answer_to("GET", "/healthcheck", [&commands](const http::Request&) {
    return http::text_response(200, commands.health() + "\n");
  }));
  routes.push_back(answer_to("GET", "/api/status", [&commands](const http::Request&) {
    return http::json_response(200, commands.status());
  }));
  add_stream_routes(routes, commands);
  add_destination_routes(routes, commands);
  return routes;
}

}  // namespace crosspoint::host
