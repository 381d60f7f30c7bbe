#include "http/io/route_match.h"

#include <gtest/gtest.h>

namespace crosspoint::http {
namespace {

const CollectedHandler answer_nothing = [](Request&&, Responder) {};
const UpgradeHandler upgrade = [](Request&&, Takeover&&) {};

Route row(std::string methods, std::string path, decltype(Route::handler) handler = answer_nothing) {
  Route route;
  route.methods = std::move(methods);
  route.path = std::move(path);
  route.handler = std::move(handler);
  return route;
}

RequestHead head_of(std::string_view method) {
  RequestHead head;
  head.method = method;
  return head;
}

std::ptrdiff_t match(const Routes& routes, const RequestHead& head, std::string_view path, Asking asking) {
  const auto* route = find_route(routes, head, path, asking).route;
  return route == nullptr ? -1 : route - routes.rows.data();
}

// The number of the row, or -1.
std::ptrdiff_t match(const Routes& routes, std::string_view method, std::string_view path,
                     Asking asking = Asking::for_answer) {
  return match(routes, head_of(method), path, asking);
}

TEST(RouteMatch, TheFirstRowWins) {
  Routes routes;
  routes.rows = {row("GET", "/api/all"), row("GET PUT", "/api/*"), row("*", "*")};

  EXPECT_EQ(match(routes, "GET", "/api/all"), 0);
  EXPECT_EQ(match(routes, "PUT", "/api/all"), 1);
  EXPECT_EQ(match(routes, "GET", "/api/"), 1);
  EXPECT_EQ(match(routes, "GET", "/api"), 2);
  EXPECT_EQ(match(routes, "UPDATE", "/api/x"), 2);
  EXPECT_EQ(match(routes, "GET", "/API/x"), 2);
}

TEST(RouteMatch, MethodsAreWholeWords) {
  Routes routes;
  routes.rows = {row(" GET  PUT ", "/x")};

  EXPECT_EQ(match(routes, "GET", "/x"), 0);
  EXPECT_EQ(match(routes, "PUT", "/x"), 0);
  EXPECT_EQ(match(routes, "GE", "/x"), -1);
  EXPECT_EQ(match(routes, "get", "/x"), -1);
  EXPECT_EQ(match(routes, "GET PUT", "/x"), -1);
  EXPECT_EQ(match(routes, "", "/x"), -1);
  EXPECT_EQ(match(routes, "HEAD", "/x"), -1);
}

TEST(RouteMatch, A10_MethodsOfProxiesAreNeverRoutedAndOptionsOnlyByName) {
  Routes routes;
  routes.rows = {row("*", "/x"), row("OPTIONS TRACE CONNECT", "/y")};

  for (const char* method: {"TRACE", "CONNECT"}) {
    EXPECT_EQ(match(routes, method, "/x"), -1);
    EXPECT_EQ(match(routes, method, "/y"), -1);
  }
  EXPECT_EQ(match(routes, "OPTIONS", "/x"), -1);
  EXPECT_EQ(match(routes, "OPTIONS", "/y"), 1);
}

TEST(RouteMatch, SaysWhichMethodsAPathHas) {
  Routes routes;
  routes.rows = {row("GET", "/x"), row("POST", "/*"), row("PATCH", "/x", upgrade)};

  EXPECT_EQ(find_route(routes, head_of("PUT"), "/x", Asking::for_answer).allow, "GET, POST");
  EXPECT_EQ(find_route(routes, head_of("PUT"), "/y", Asking::for_answer).allow, "POST");
  EXPECT_EQ(find_route(routes, head_of("PUT"), "/x", Asking::for_upgrade).allow, "PATCH");
  EXPECT_EQ(find_route(routes, head_of("PUT"), "/y", Asking::for_upgrade).allow, "");
}

TEST(RouteMatch, ARowMayBeForCertainSubprotocolsOnly) {
  Routes routes;
  routes.rows = {row("GET", "*", upgrade), row("GET", "/ws", upgrade)};
  routes.rows[0].subprotocols = {"wamp.2.json", "wamp.2.cbor"};
  const auto offering = [&](std::string_view protocols) {
    auto head = head_of("GET");
    if (!protocols.empty()) head.fields.add("Sec-WebSocket-Protocol", std::string(protocols));
    return match(routes, head, "/ws", Asking::for_upgrade);
  };

  EXPECT_EQ(offering("wamp.2.cbor.batched, wamp.2.cbor"), 0);
  EXPECT_EQ(offering("null"), 1);
  EXPECT_EQ(offering("wamp.2.json.batched"), 1);
  EXPECT_EQ(offering(""), 1);

  routes.rows[0].subprotocols = {"wamp", "wamp.*"};
  for (const auto* meant: {"wamp.2.json", "null, wamp.9", "WAMP.2.JSON", "wamp.", "wamp"})
    EXPECT_EQ(offering(meant), 0) << meant;
  for (const auto* not_meant: {"wamp2", "wam", "swamp.2.json", ""})
    EXPECT_EQ(offering(not_meant), 1) << not_meant;
}

}  // namespace
}  // namespace crosspoint::http
