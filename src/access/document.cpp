#include "access/document.h"

#include <nlohmann/json.hpp>

namespace crosspoint::access {
namespace {

using nlohmann::ordered_json;

ordered_json text() { return {{"type", "string"}}; }
ordered_json reference(const char* definition) {
  return {{"$ref", std::string("#/definitions/") + definition}};
}
ordered_json answer(const char* description, const ordered_json& schema = nullptr) {
  ordered_json response{{"description", description}};
  if (!schema.is_null()) response["schema"] = schema;
  return response;
}

ordered_json operation(const char* id, const char* summary, ordered_json parameters, ordered_json responses) {
  responses["401"] = answer("No token, or one that does not open this.", reference("Error"));
  return {{"operationId", id},
          {"summary", summary},
          {"security", ordered_json::array({{{"Bearer", ordered_json::array()}}})},
          {"consumes", {"application/json"}},
          {"produces", {"application/json"}},
          {"parameters", std::move(parameters)},
          {"responses", std::move(responses)}};
}

ordered_json topic_parameter() {
  return {{"name", "session_id"},
          {"in", "path"},
          {"required", true},
          {"type", "string"},
          {"description", "The topic, percent-encoded as one segment."}};
}
ordered_json booking_parameters() {
  return ordered_json::array(
      {{{"name", "bid"},
        {"in", "query"},
        {"required", true},
        {"type", "string"},
        {"description", "The booking."}},
       {{"name", "exp"},
        {"in", "query"},
        {"required", true},
        {"type", "integer"},
        {"format", "int64"},
        {"description",
         "When the booking ends, in seconds since 1970: after that the entry may be forgotten."}}});
}

ordered_json paths() {
  const auto none = ordered_json::array();
  const ordered_json bookings = answer("The bookings.", reference("BookingIDs"));
  ordered_json changes{{"204", answer("Done.")}, {"400", answer("exp is in the past.", reference("Error"))}};
  ordered_json refresh_parameters = ordered_json::array(
      {topic_parameter(),
       {{"name", "connection"},
        {"in", "body"},
        {"required", false},
        {"schema", {{"type", "object"}, {"properties", {{"connection", text()}}}}},
        {"description",
         "The code that opened the connection to extend; left out: all of the booking's on this topic."}}});
  return {
      {"/session/{session_id}",
       {{"post",
         operation("session", "Trade a token for the address of a WebSocket, good once and for a short time.",
                   ordered_json::array({topic_parameter()}),
                   {{"200", answer("The address.", {{"type", "object"}, {"properties", {{"uri", text()}}}})},
                    {"400", answer("The booking was cancelled, or is missing.", reference("Error"))},
                    {"429", answer("Too many unused codes.", reference("Error"))}})}}},
      {"/session/{session_id}/refresh",
       {{"post", operation("refresh", "Let connections that are open go on until this newer token ends.",
                           std::move(refresh_parameters),
                           {{"200", answer("Extended.", reference("Extended"))},
                            {"404", answer("No such connection.", reference("Error"))}})}}},
      {"/bids/deny",
       {{"post", operation("deny", "Cancel a booking: its connections end, and no new ones are let in.",
                           booking_parameters(), changes)},
        {"get", operation("listDenied", "The bookings that are cancelled.", none, {{"200", bookings}})}}},
      {"/bids/allow",
       {{"post", operation("allow", "Take a cancellation back.", booking_parameters(), changes)},
        {"get",
         operation("listAllowed", "Bookings that were let in or allowed.", none, {{"200", bookings}})}}},
      {"/status",
       {{"get", operation("status", "Who is connected (scope relay:stats).", none,
                          {{"200", answer("The connections.",
                                          {{"type", "array"}, {"items", {{"type", "object"}}}})}})}}},
  };
}

std::string make_document() {
  const ordered_json document{
      {"swagger", "2.0"},
      {"info",
       {{"title", "Crosspoint access"},
        {"description", "Trades signed tokens for one-time addresses of topics, and cancels bookings."},
        {"version", "1"}}},
      {"basePath", "/"},
      {"schemes", {"http", "https"}},
      {"securityDefinitions",
       {{"Bearer",
         {{"type", "apiKey"},
          {"name", "Authorization"},
          {"in", "header"},
          {"description", "The token itself, without a word in front."}}}}},
      {"paths", paths()},
      {"definitions",
       {{"Error", {{"type", "object"}, {"properties", {{"code", text()}, {"message", text()}}}}},
        {"Extended",
         {{"type", "object"},
          {"properties", {{"expires_at", text()}, {"connections", {{"type", "integer"}}}}}}},
        {"BookingIDs",
         {{"type", "object"}, {"properties", {{"booking_ids", {{"type", "array"}, {"items", text()}}}}}}}}}};
  return document.dump(1) + "\n";
}

constexpr std::string_view page =
    R"(<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Crosspoint access</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}
code,pre{font-family:ui-monospace,monospace}pre{overflow:auto;padding:.75rem;border:1px solid #8886;border-radius:6px}
td{padding:.2rem .8rem .2rem 0;vertical-align:top}</style>
<h1>Crosspoint access</h1>
<p>A token, signed by whoever runs the bookings, is traded here for the address of a WebSocket. The address works once, and
for a short time.</p>
<pre>curl -X POST -H "Authorization: $TOKEN" https://lab.example/access/session/rig01-st-data
{"uri":"wss://lab.example/relay/session/rig01-st-data?code=…"}</pre>
<table>
<tr><td><code>POST /session/TOPIC</code><td>an address for TOPIC
<tr><td><code>POST /session/TOPIC/refresh</code><td>open connections go on until this newer token ends
<tr><td><code>POST /bids/deny?bid=ID&amp;exp=SECONDS</code><td>cancel a booking (scope <code>relay:admin</code>)
<tr><td><code>POST /bids/allow?bid=ID&amp;exp=SECONDS</code><td>take that back
<tr><td><code>GET /bids/deny</code>, <code>GET /bids/allow</code><td>the lists
<tr><td><code>GET /status</code><td>who is connected (scope <code>relay:stats</code>)
</table>
<p>The same for programs: <a href="swagger.json">swagger.json</a>.</p></html>
)";

}  // namespace

http::Response api_document() {
  static const std::string document = make_document();
  auto response = http::json_response(200, {});
  response.lasting_body = as_bytes(document);
  return response;
}

http::Response documentation_page() {
  http::Response response{.status = 200, .fields = {}, .body = {}, .lasting_body = as_bytes(page)};
  response.fields.add("Content-Type", "text/html; charset=utf-8");
  response.fields.add("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
  return response;
}

}  // namespace crosspoint::access
