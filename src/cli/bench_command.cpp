#include <fmt/core.h>

#include <optional>

#include "base/log.h"
#include "bench/io/load.h"
#include "bench/io/wamp_load.h"
#include "cli/commands.h"
#include "cli/loop_threads.h"
#include "cli/startup.h"
#include "cli/tls_settings.h"
#include "net/system_files.h"
#include "net/system_network.h"
#include "wamp/uri.h"

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
  if (seconds <= 0 || report.measured == 0) return {};
  const auto measured = static_cast<double>(report.measured);
  return {.per_second = measured / seconds,
          .gigabits_per_second = measured * static_cast<double>(message_bytes) * 8 / seconds / 1e9,
          .server_microseconds_per_message = report.server_cpu_seconds * 1e6 / measured};
}

bool calls(bench::Mode mode) { return mode == bench::Mode::call || mode == bench::Mode::bare_call; }
bool speaks_wamp(bench::Mode mode) { return calls(mode) || mode == bench::Mode::publish; }

std::string_view to_string(bench::Mode mode) {
  switch (mode) {
    case bench::Mode::fanout: return "fanout";
    case bench::Mode::pingpong: return "pingpong";
    case bench::Mode::call: return "call";
    case bench::Mode::publish: return "publish";
    case bench::Mode::bare_call: break;
  }
  return "bare-call";
}

// One object on one line: for scripts that pair runs.
void print_json(const bench::LoadSettings& load, const bench::LoadReport& report) {
  const auto figures = figures_of(report, load.message_bytes);
  std::string failure;
  for (const char c: report.failure) failure += c == '"' || c == '\\' ? ' ' : c;
  announce(fmt::format(
      R"({{"mode":"{}","subscribers":{},"callers":{},"size":{},"window":{},"rate":{},"clean":{},"failure":"{}",)"
      R"("connections":{},"published":{},"received":{},"lost":{},"corrupt":{},"out_of_order":{},"closed":{},)"
      R"("refused":{},"mistaken":{},"wire_bytes":{},"seconds":{:.3f},)"
      R"("messages_per_second":{:.1f},"gigabits_per_second":{:.4f},"latency_us":{{"p50":{:.1f},"p90":{:.1f},)"
      R"("p99":{:.1f},"max":{:.1f},"mean":{:.1f}}},"server_cpu_us_per_message":{:.4f}}})",
      to_string(load.mode), load.subscribers, load.callers, load.message_bytes, load.window, load.rate,
      report.clean(), failure, report.connections, report.published, report.measured, report.lost,
      report.corrupt, report.out_of_order, report.closed, report.refused, report.mistaken, report.wire_bytes,
      std::chrono::duration<double>(report.elapsed).count(), figures.per_second, figures.gigabits_per_second,
      microseconds(report.latency.percentile(0.5)), microseconds(report.latency.percentile(0.9)),
      microseconds(report.latency.percentile(0.99)), microseconds(report.latency.longest()),
      microseconds(report.latency.mean()), figures.server_microseconds_per_message));
}

std::string_view receivers_of(bench::Mode mode) {
  if (calls(mode)) return "callers";
  return mode == bench::Mode::pingpong ? "pairs" : "subscribers";
}

std::string_view received_by(bench::Mode mode) {
  if (calls(mode)) return "answered";
  return mode == bench::Mode::pingpong ? "round trips" : "delivered";
}

void print_table(const bench::LoadSettings& load, const bench::LoadReport& report) {
  const auto figures = figures_of(report, load.message_bytes);
  announce(fmt::format("{} {}, {} bytes a message, window {}",
                       calls(load.mode) ? load.callers : load.subscribers, receivers_of(load.mode),
                       load.message_bytes, load.window));
  announce(fmt::format("  {:<22}{:>14.0f} /s", received_by(load.mode), figures.per_second));
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
  if (speaks_wamp(load.mode))
    announce(fmt::format("  refused {}, mistaken {}", report.refused, report.mistaken));
}

Result<bench::LoadSettings, std::string> load_settings(const config::Settings& settings) {
  bench::LoadSettings load;
  load.mode = settings.pick<"bench.mode">(bench::Mode::fanout, bench::Mode::pingpong, bench::Mode::call,
                                          bench::Mode::publish, bench::Mode::bare_call);
  if (speaks_wamp(load.mode)) {
    auto router = wamp::client::parse_place(settings.get<"bench.url">());
    if (!router) return fail("--url: " + router.error());
    load.router = std::move(*router);
  } else {
    auto url = http::parse_url(settings.get<"bench.url">());
    if (!url) return fail("--url: " + url.error());
    load.url = std::move(*url);
  }
  load.realm = settings.get<"bench.realm">();
  if (!wamp::is_uri(load.realm, wamp::UriCheck::loose))
    return fail(std::string("--realm: no name of a realm"));
  load.serializer = settings.pick<"bench.serializer">(data::Format::json, data::Format::msgpack,
                                                      data::Format::cbor, data::Format::ubjson);
  load.callers = static_cast<std::size_t>(settings.get<"bench.callers">());
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
  auto wanted = load_settings(settings);
  if (!wanted) {
    complain(wanted.error());
    return 1;
  }
  auto& load = *wanted;
  const auto tls =
      trusting(net::SystemFiles(), settings.get<"bench.ca-file">(), settings.source<"bench.ca-file">());
  if (!tls) {
    complain(tls.error());
    return 1;
  }
  load.tls = tls->get();

  LoopThreads loops(1);
  net::SystemNetwork network;
  SystemRandom random;
  std::optional<bench::LoadReport> report;
  const auto done = [&](bench::LoadReport result) {
    report = std::move(result);
    loops.stop();
  };
  std::optional<bench::Load> topics;
  std::optional<bench::WampLoad> router;
  if (speaks_wamp(load.mode)) {
    router.emplace(loops.first(), network, loops.clock(), random, load, done);
  } else {
    topics.emplace(loops.first(), network, loops.clock(), random, load, done);
  }
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
