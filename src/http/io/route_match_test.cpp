#include "http/io/route_match.h"

#include <gtest/gtest.h>

namespace crosspoint::http {
namespace {

const CollectedHandler answer = [](Request&&, Responder) {};
const UpgradeHandler upgrade = [](Request&&, Takeover&&) {};

Route row(std::string methods, std::string path, decltype(Route::handler) handler = answer) {
  Route route;
  route.methods = std::move(methods);
  route.path = std::move(path);
  route.handler = std::move(handler);
  return route;
}

// The number of the row, or -1.
std::ptrdiff_t match(const Routes& routes, std::string_view method, std::string_view path,
                     Asking asking = Asking::for_answer) {
  const auto* route = find_route(routes, method, path, asking).route;
  return route == nullptr ? -1 : route - routes.rows.data();
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

  EXPECT_EQ(find_route(routes, "PUT", "/x", Asking::for_answer).allow, "GET, POST");
  EXPECT_EQ(find_route(routes, "PUT", "/y", Asking::for_answer).allow, "POST");
  EXPECT_EQ(find_route(routes, "PUT", "/x", Asking::for_upgrade).allow, "PATCH");
  EXPECT_EQ(find_route(routes, "PUT", "/y", Asking::for_upgrade).allow, "");
}

}  // namespace
}  // namespace crosspoint::http
