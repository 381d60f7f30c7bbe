#include <fmt/core.h>

#include "base/log.h"
#include "cli/child_process.h"
#include "cli/clip_feeder.h"
#include "cli/commands.h"
#include "cli/host_settings.h"
#include "cli/loop_threads.h"
#include "cli/pages.h"
#include "cli/relay_settings.h"
#include "cli/startup.h"
#include "net/system_files.h"
#include "net/system_network.h"
#include "relay/io/node.h"

namespace crosspoint::cli {
namespace {

constexpr Duration demo_goodbye_time_max = 2s;
constexpr std::string_view feed = "demo";

// A moving test picture with a running clock, and a quiet tone: MPEG-1 and MP2, which every browser can be
// given.
std::vector<std::string> test_picture_arguments(const std::string& address) {
  std::string words =
      "-hide_banner -loglevel quiet -nostdin -re -f lavfi -i testsrc2=size=640x480:rate=25 -re -f lavfi -i "
      "sine=frequency=440:sample_rate=44100 -filter:a volume=0.05 -f mpegts -codec:v mpeg1video -bf 0 -b:v "
      "1500k -g 12 "
      "-codec:a mp2 -ar 44100 -ac 1 -b:a 128k -muxdelay 0.001 -pes_payload_size 0 -method POST";
  std::vector<std::string> arguments;
  for (std::size_t begin = 0; begin < words.size();) {
    const auto end = std::min(words.find(' ', begin), words.size());
    arguments.push_back(words.substr(begin, end - begin));
    begin = end + 1;
  }
  arguments.push_back(address);
  return arguments;
}

// ffmpeg, started again whenever it ends.
class TestPicture {
 public:
  TestPicture(net::Loop& loop, std::string program, std::string address)
      : program_(std::move(program)),
        arguments_(test_picture_arguments(address)),
        timer_(loop, [this] { look(); }) {
    look();
  }

 private:
  void look() {
    if (!child_ || !child_->running()) {
      child_.reset();
      if (auto started = ChildProcess::start(program_, arguments_)) child_.emplace(std::move(*started));
    }
    timer_.start_after(1s);
  }

  const std::string program_;
  const std::vector<std::string> arguments_;
  std::optional<ChildProcess> child_;
  net::Timer timer_;
};

enum class Source { automatic, ffmpeg, clip };

}  // namespace

int demo_command(const config::Settings& settings, const Notes& notes) {
  if (!start_log(settings, notes)) return 1;
  const auto node_at = net::parse_endpoint(settings.get<"demo.listen">());
  const auto host_at = net::parse_endpoint(settings.get<"demo.host-listen">());
  if (!node_at || !host_at) {
    complain(!node_at ? node_at.error() : host_at.error());
    return 1;
  }
  const auto source = settings.pick<"demo.source">(Source::automatic, Source::ffmpeg, Source::clip);
  const auto ffmpeg = source == Source::clip ? std::string() : find_program("ffmpeg");
  if (ffmpeg.empty() && source == Source::ffmpeg) {
    complain("ffmpeg is not on the PATH; install it, or use --source clip");
    return 1;
  }

  LoopThreads loops(2);
  net::SystemNetwork network;
  const net::SystemFiles files;
  SystemRandom random;
  const std::vector<net::Loop*> node_loops{&loops.first()};
  relay::Node node(node_loops, network, loops.clock(), node_settings(settings),
                   page_routes({.open = true, .secure = false}));
  const auto listening = node.listen(*node_at);
  if (!listening) {
    complain(listening.error().sentence + "; the demo takes --listen and --host-listen");
    return 1;
  }
  host::Host host(loops.at(1), network, files, random, host_settings(settings, *host_at));
  if (const auto started = host.start(); !started) {
    complain(started.error().sentence + "; the demo takes --listen and --host-listen");
    return 1;
  }
  const auto relay_address = "ws" + web_address(*listening).substr(4) + "/in/" + std::string(feed);
  auto rule = host::DestinationRule{.id = "demo", .stream = std::string(feed), .destination = relay_address};
  if (const auto set = host.agent().set(std::move(rule)); !set) {
    complain(set.error());
    return 1;
  }

  std::optional<TestPicture> picture;
  std::optional<ClipFeeder> clip;
  const auto upload_path = "/ts/" + std::string(feed);
  if (ffmpeg.empty()) {
    clip.emplace(loops.at(1), network, host.endpoint(), upload_path);
  } else {
    picture.emplace(loops.first(), ffmpeg, web_address(host.endpoint()) + upload_path);
  }
  StopSignals signals(loops.first(), [&] {
    announce("stopping");
    picture.reset();
    // The host first, on its own loop: it says goodbye to the node while the node still listens.
    loops.at(1).post([&] {
      clip.reset();
      host.stop(
          [&] { loops.first().post([&] { node.stop(demo_goodbye_time_max, [&] { loops.stop(); }); }); });
    });
  });

  announce(fmt::format("picture:    {}", ffmpeg.empty() ? "a short clip, looped (ffmpeg is not installed)"
                                                        : "ffmpeg's test picture with a clock and a tone"));
  announce(fmt::format("statistics: {}/stats", web_address(*listening)));
  announce(fmt::format("open this:  {}/view/{}", web_address(*listening), feed));
  announce("Ctrl-C stops everything.");
  loops.run();
  announce("stopped");
  return 0;
}

}  // namespace crosspoint::cli
