#include <optional>
#include <utility>

#include "cli/commands.h"
#include "cli/loop_threads.h"
#include "cli/startup.h"
#include "cli/stats_settings.h"
#include "cli/terminal.h"
#include "client/stats_view.h"
#include "net/system_files.h"
#include "net/system_network.h"

namespace crosspoint::cli {
namespace {

class Top final : private client::StatsFeedEvents {
 public:
  // Draws on `terminal`, or prints where there is none.
  Top(net::Loop& loop, net::Network& network, Random& random, StatsSource source, Duration interval,
      Terminal* terminal)
      : loop_(loop),
        interval_(interval),
        terminal_(terminal),
        feed_(loop, network, random, source.outbound, source.address, std::move(source.token), interval,
              *this),
        timer_(loop, [this] { on_timer(); }) {
    view_.place = http::host_header(source.address.url);
    feed_.start();
    on_timer();
  }

 private:
  void on_report(std::string_view, client::StatsReport report) override {
    view_.reports = std::move(report.connections);
    view_.wamp = std::move(report.wamp);
    view_.trouble.clear();
    seen_ = true;
    if (terminal_ != nullptr) draw();
  }
  void on_trouble(std::string sentence) override {
    view_.trouble = std::move(sentence);
    seen_ = true;
    if (terminal_ != nullptr) draw();
  }
  void on_timer() {
    draw();
    timer_.start_after(interval_);
  }

  void draw() {
    if (terminal_ != nullptr)
      return terminal_->write(
          client::terminal_frame(client::live_view(view_, loop_.wall_now(), terminal_->size())));
    if (!seen_) return;  // a picture of nothing is of no use in a file
    for (const auto& line: client::live_view(view_, loop_.wall_now(), {})) announce(line);
    announce("");
  }

  net::Loop& loop_;
  const Duration interval_;
  Terminal* terminal_;
  client::LiveView view_;
  bool seen_ = false;
  client::StatsFeed feed_;
  net::Timer timer_;
};

}  // namespace

int top_command(const config::Settings& settings, const Notes& notes) {
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
  StopSignals signals(loops.first(), [&] { loops.stop(); });
  std::optional<Terminal> terminal;
  if (is_terminal()) {
    terminal.emplace(loops.first(), [&](char key) {
      if (key == 'q' || key == 'Q') loops.stop();
    });
  }
  Top top(loops.first(), network, random, std::move(*source), settings.get<"top.interval">(),
          terminal ? &*terminal : nullptr);
  loops.run();
  return 0;
}

}  // namespace crosspoint::cli
