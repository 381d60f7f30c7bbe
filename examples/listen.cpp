// Prints what is said on a topic, with nothing but include/crosspoint/client.h.
//
//   listen ws://127.0.0.1:8080/out/demo
//   CROSSPOINT_TOKEN=… listen https://lab.example/access/session/rig01-st-data
//   listen ws://127.0.0.1:8080/out/demo 10       ends after ten messages

#include <crosspoint/client.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

using crosspoint::Client;

const char* name_of(Client::State state) {
  switch (state) {
    case Client::State::connecting: return "connecting";
    case Client::State::connected: return "connected";
    case Client::State::waiting: return "waiting";
    case Client::State::closed: return "closed";
  }
  return "";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) {
    std::fprintf(stderr, "usage: %s URL [MESSAGES]\n", argv[0]);
    return 2;
  }
  unsigned long left = argc == 3 ? std::strtoul(argv[2], nullptr, 10) : 0;
  const bool for_ever = left == 0;

  Client::Options options;
  options.url = argv[1];
  if (const char* token = std::getenv("CROSSPOINT_TOKEN")) options.token = token;
  options.delivery = Client::Delivery::pumped;
  options.on_message = [&](Client::Type type, std::string_view message) {
    if (!for_ever && left == 0) return;
    if (type == Client::Type::text) {
      std::printf("%.*s\n", static_cast<int>(message.size()), message.data());
    } else {
      std::printf("%zu bytes\n", message.size());
    }
    std::fflush(stdout);
    if (!for_ever) --left;
  };
  options.on_state = [](const Client::Status& status) {
    std::fprintf(stderr, "%s%s%s\n", name_of(status.state), status.last_error.empty() ? "" : ": ",
                 status.last_error.c_str());
  };

  std::string problem;
  const auto client = Client::open(options, problem);
  if (!client) {
    std::fprintf(stderr, "%s\n", problem.c_str());
    return 1;
  }
  while (for_ever || left > 0) client->poll(std::chrono::seconds(1));
  return 0;
}
