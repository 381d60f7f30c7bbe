#include <fmt/core.h>

#include <cstdio>
#include <optional>
#include <utility>

#include "cli/commands.h"
#include "cli/loop_threads.h"
#include "cli/startup.h"
#include "cli/stats_settings.h"
#include "client/stats_view.h"
#include "net/system_files.h"
#include "net/system_network.h"

namespace crosspoint::cli {
namespace {

// Waits for one report, or for the first reason why there is none that more waiting would not mend.
class OneReport final : private client::StatsFeedEvents {
 public:
  OneReport(LoopThreads& loops, net::Network& network, Random& random, StatsSource source, Duration time_max)
      : loops_(loops),
        one_try_(source.address.way == client::StatsWay::ask),
        // Asked once: the next question would come when the time is over.
        feed_(loops.first(), network, random, source.outbound, source.address, std::move(source.token),
              time_max + 1s, *this),
        timer_(loops.first(), [this] { loops_.stop(); }) {
    feed_.start();
    timer_.start_after(time_max);
  }

  std::optional<std::string> json;
  client::StatsReport reports;
  std::string trouble;

 private:
  void on_report(std::string_view text, client::StatsReport report) override {
    if (json) return;
    json = text;
    reports = std::move(report);
    loops_.stop();
  }
  void on_trouble(std::string sentence) override {
    trouble = std::move(sentence);
    if (one_try_) loops_.stop();
  }

  LoopThreads& loops_;
  const bool one_try_;
  client::StatsFeed feed_;
  net::Timer timer_;
};

void print(const OneReport& report, bool as_json, WallTime now) {
  if (as_json) {
    const std::string_view text(*report.json);
    return announce(text.substr(0, text.find_last_not_of("\r\n") + 1));
  }
  for (const auto& line: client::connection_table(report.reports.connections, now)) announce(line);
  if (!report.reports.wamp) return;
  announce("");
  for (const auto& line: client::realm_table(*report.reports.wamp)) announce(line);
}

}  // namespace

int status_command(const config::Settings& settings, const Notes& notes) {
  for (const auto& note: notes) complain(note);
  const net::SystemFiles files;
  auto source = stats_source(files, settings);
  if (!source) {
    complain(source.error());
    return 1;
  }
  const auto tls = std::move(source->tls);  // outlives the feed
  LoopThreads loops(1);
  net::SystemNetwork network;
  SystemRandom random;
  const auto time_max = settings.get<"status.time-max">();
  OneReport report(loops, network, random, std::move(*source), time_max);
  StopSignals signals(loops.first(), [&] { loops.stop(); });
  loops.run();

  if (!report.json) {
    complain(report.trouble.empty() ? "no report came in time (status.time-max)" : report.trouble);
    return 1;
  }
  print(report, settings.get<"status.json">(), loops.clock().wall());
  return 0;
}

}  // namespace crosspoint::cli
