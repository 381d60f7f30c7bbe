// A first program, with nothing but include/crosspoint/wamp_client.h: it offers a procedure, hears a topic,
// and calls what it offers. The header shows the same lines.
//
//   crosspoint serve --dev                  a router
//   stage                                   prints 2.5
//   stage rs://lab.example:8081             at another router

#include <crosspoint/wamp_client.h>
#include <cstdio>

using crosspoint::WampClient;

int main(int argc, char** argv) {
  WampClient::Options options;
  options.url = argc > 1 ? argv[1] : "ws://127.0.0.1:8080/ws";  // wss:, rs:, rss: (RawSocket), unix:
  options.realm = "realm1";
  double position = 0;
  std::string problem;
  const auto client = WampClient::open(options, problem);
  if (!client) return std::fprintf(stderr, "%s\n", problem.c_str()), 1;

  client->register_procedure("com.example.stage.move", [&](WampClient::Invocation call) {
    auto in = call.arguments();
    const double to = in.number("to");
    if (!in) return call.reject(in.problem());
    position = to;
    call.answer({position}, {{"unit", "mm"}});
  });
  client->subscribe("com.example.stage.moved", [](const WampClient::Event& event) {
    std::printf("moved to %s\n", event.args[0].to_json().c_str());
  });
  if (!client->wait_until_joined(std::chrono::seconds(10)))
    return std::fprintf(stderr, "%s\n", client->status().last_error.c_str()), 1;

  const auto moved = client->call("com.example.stage.move", {}, {{"to", 2.5}}).get();
  if (!moved) return std::fprintf(stderr, "%s\n", moved.error().sentence.c_str()), 1;
  std::printf("%s\n", moved->value().to_json().c_str());
  return 0;
}
