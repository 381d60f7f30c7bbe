#include <fmt/core.h>

#include <optional>

#include "base/log.h"
#include "bench/io/load.h"
#include "cli/commands.h"
#include "cli/loop_threads.h"
#include "cli/startup.h"
#include "cli/tls_settings.h"
#include "net/system_network.h"

namespace crosspoint::cli {
namespace {

double microseconds(Duration duration) { return std::chrono::duration<double, std::micro>(duration).count(); }

struct Figures {
  double per_second = 0;
  double gigabits_per_second = 0;
  double server_microseconds_per_message = 0;
};

Figures figures_of(const bench::LoadReport& report, std::size_t message_bytes) {
  const double seconds = std::chrono::duration<double>(report.elapsed).count();
  if (seconds <= 0 || report.received == 0) return {};
  const auto received = static_cast<double>(report.received);
  return {.per_second = received / seconds,
          .gigabits_per_second = received * static_cast<double>(message_bytes) * 8 / seconds / 1e9,
          .server_microseconds_per_message = report.server_cpu_seconds * 1e6 / received};
}

// One object on one line: for scripts that pair runs.
void print_json(const bench::LoadSettings& load, const bench::LoadReport& report) {
  const auto figures = figures_of(report, load.message_bytes);
  std::string failure;
  for (const char c: report.failure) failure += c == '"' || c == '\\' ? ' ' : c;
  announce(fmt::format(
      R"({{"mode":"{}","subscribers":{},"size":{},"window":{},"rate":{},"clean":{},"failure":"{}","connections":{},)"
      R"("published":{},"received":{},"lost":{},"corrupt":{},"out_of_order":{},"closed":{},"seconds":{:.3f},)"
      R"("messages_per_second":{:.1f},"gigabits_per_second":{:.4f},"latency_us":{{"p50":{:.1f},"p90":{:.1f},)"
      R"("p99":{:.1f},"max":{:.1f},"mean":{:.1f}}},"server_cpu_us_per_message":{:.4f}}})",
      load.mode == bench::Mode::fanout ? "fanout" : "pingpong", load.subscribers, load.message_bytes,
      load.window, load.rate, report.clean(), failure, report.connections, report.published, report.received,
      report.lost, report.corrupt, report.out_of_order, report.closed,
      std::chrono::duration<double>(report.elapsed).count(), figures.per_second, figures.gigabits_per_second,
      microseconds(report.latency.percentile(0.5)), microseconds(report.latency.percentile(0.9)),
      microseconds(report.latency.percentile(0.99)), microseconds(report.latency.longest()),
      microseconds(report.latency.mean()), figures.server_microseconds_per_message));
}

void print_table(const bench::LoadSettings& load, const bench::LoadReport& report) {
  const auto figures = figures_of(report, load.message_bytes);
  const bool fanout = load.mode == bench::Mode::fanout;
  announce(fmt::format("{} {}, {} bytes a message, window {}", load.subscribers,
                       fanout ? "subscribers" : "pairs", load.message_bytes, load.window));
  announce(fmt::format("  {:<22}{:>14.0f} /s", fanout ? "delivered" : "round trips", figures.per_second));
  announce(fmt::format("  {:<22}{:>14.3f} Gbit/s", "payload", figures.gigabits_per_second));
  for (const auto& [name, share]:
       {std::pair{"latency p50", 0.5}, {"        p90", 0.9}, {"        p99", 0.99}}) {
    announce(fmt::format("  {:<22}{:>14.1f} µs", name, microseconds(report.latency.percentile(share))));
  }
  announce(fmt::format("  {:<22}{:>14.1f} µs", "        longest", microseconds(report.latency.longest())));
  if (load.server_pid != 0) {
    announce(
        fmt::format("  {:<22}{:>14.3f} µs", "server CPU a message", figures.server_microseconds_per_message));
  }
  announce(fmt::format("  lost {}, corrupt {}, out of order {}, closed by the server {}", report.lost,
                       report.corrupt, report.out_of_order, report.closed));
}

bench::LoadSettings load_settings(const config::Settings& settings, http::Url url) {
  bench::LoadSettings load;
  load.mode = settings.pick<"bench.mode">(bench::Mode::fanout, bench::Mode::pingpong);
  load.url = std::move(url);
  load.subscribers = static_cast<std::size_t>(settings.get<"bench.subscribers">());
  load.message_bytes = settings.get<"bench.size">();
  load.window = static_cast<std::size_t>(settings.get<"bench.window">());
  load.rate = static_cast<std::uint64_t>(settings.get<"bench.rate">());
  load.duration = settings.get<"bench.duration">();
  load.verify_bodies = settings.get<"bench.verify">();
  load.spin = settings.get<"bench.spin">();
  load.server_pid = static_cast<int>(settings.get<"bench.server-pid">());
  return load;
}

}  // namespace

int bench_command(const config::Settings& settings, const Notes& notes) {
  if (!start_log(settings, notes)) return 1;
  raise_descriptor_limit();
  auto url = http::parse_url(settings.get<"bench.url">());
  if (!url) {
    complain("--url: " + url.error());
    return 1;
  }
  auto load = load_settings(settings, std::move(*url));
  const auto tls = trusting(settings.get<"bench.ca-file">(), settings.source<"bench.ca-file">());
  if (!tls) {
    complain(tls.error());
    return 1;
  }
  load.tls = tls->get();

  LoopThreads loops(1);
  net::SystemNetwork network;
  SystemRandom random;
  std::optional<bench::LoadReport> report;
  bench::Load run(loops.first(), network, loops.clock(), random, load, [&](bench::LoadReport result) {
    report = std::move(result);
    loops.stop();
  });
  StopSignals signals(loops.first(), [&] { loops.stop(); });
  loops.run();

  if (!report) {
    complain("stopped before the load was over");
    return 1;
  }
  settings.get<"bench.json">() ? print_json(load, *report) : print_table(load, *report);
  if (!report->failure.empty()) complain(report->failure);
  return report->clean() ? 0 : 1;
}

}  // namespace crosspoint::cli
