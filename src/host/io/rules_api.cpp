#include "host/io/rules_api.h"

#include <string_view>
#include <utility>

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

http::Response no_such_path() { return http::text_response(404, "404 page not found\n"); }
http::Response refused(const std::string& why) { return http::text_response(400, why + "\n"); }

// The part of the path after "/api/streams/".
std::string_view name_in(const http::Request& request, std::string_view before) {
  return std::string_view(request.path).substr(before.size() + 1);
}

// "all" is what was documented, "deleteAll" what worked.
bool means_all(std::string_view name) { return name == "all" || name == "deleteAll"; }

template <class Rule>
http::Response set_rule(Agent& agent, Result<Rule, std::string> rule) {
  if (!rule) return refused(rule.error());
  const auto body = to_json(*rule);
  if (const auto done = agent.set(std::move(*rule)); !done) return refused(done.error());
  return http::json_response(200, body);
}

void add_stream_routes(std::vector<http::Route>& routes, Agent& agent) {
  routes.push_back(answer_to("POST PUT UPDATE", streams_path, [&agent](const http::Request& request) {
    return set_rule(agent, parse_stream_rule(request.body, agent.rules().limits()));
  }));
  routes.push_back(answer_to("GET", "/api/streams/all", [&agent](const http::Request&) {
    return http::json_response(200, agent.rules().streams_json());
  }));
  routes.push_back(answer_to("GET", "/api/streams/*", [&agent](const http::Request& request) {
    const auto name = name_in(request, streams_path);
    if (!is_name(name)) return no_such_path();
    const auto* rule = agent.rules().find_stream(name);
    if (rule == nullptr) return http::text_response(404, "Stream not found\n");
    return http::json_response(200, to_json(rule->feeds));
  }));
  routes.push_back(answer_to("DELETE", "/api/streams/*", [&agent](const http::Request& request) {
    const auto name = name_in(request, streams_path);
    if (!is_name(name)) return no_such_path();
    if (means_all(name)) {
      agent.remove_all_streams();
      return http::json_response(200, to_json(std::string_view("deleteAll")));
    }
    agent.remove_stream(name);
    return http::json_response(200, to_json(name));
  }));
}

void add_destination_routes(std::vector<http::Route>& routes, Agent& agent) {
  routes.push_back(answer_to("POST PUT UPDATE", destinations_path, [&agent](const http::Request& request) {
    return set_rule(agent, parse_destination_rule(request.body, agent.rules().limits()));
  }));
  routes.push_back(answer_to("GET", "/api/destinations/all", [&agent](const http::Request&) {
    return http::json_response(200, agent.rules().destinations_json());
  }));
  routes.push_back(answer_to("GET", "/api/destinations/*", [&agent](const http::Request& request) {
    const auto id = name_in(request, destinations_path);
    if (!is_name(id)) return no_such_path();
    const auto* rule = agent.rules().find_destination(id);
    // An unknown id is answered with a rule whose fields are empty, as it always was.
    return http::json_response(200, to_json(rule == nullptr ? DestinationRule{} : *rule));
  }));
  routes.push_back(answer_to("DELETE", "/api/destinations/*", [&agent](const http::Request& request) {
    const auto id = name_in(request, destinations_path);
    if (!is_name(id)) return no_such_path();
    if (means_all(id)) {
      agent.remove_all_destinations();
      return http::json_response(200, to_json(std::string_view("deleteAll")));
    }
    agent.remove_destination(id);
    return http::json_response(200, to_json(id));
  }));
}

}  // namespace

std::vector<http::Route> rules_routes(Agent& agent, std::function<std::string()> status) {
  std::vector<http::Route> routes;
  routes.push_back(answer_to("*", "/api", [](const http::Request&) { return http::Response{}; }));
  routes.push_back(answer_to("GET", "/healthcheck",
                             [](const http::Request&) { return http::text_response(200, "\"ok\"\n"); }));
  routes.push_back(answer_to("GET", "/api/status", [status = std::move(status)](const http::Request&) {
    return http::json_response(200, status());
  }));
  add_stream_routes(routes, agent);
  add_destination_routes(routes, agent);
  return routes;
}

}  // namespace crosspoint::host
