#include "relay/connection_list.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>

#include "access/time_text.h"
#include "relay/go_text.h"

namespace crosspoint::relay {
namespace {

// A node may have many thousand connections, and writes this on a loop: text, not a tree.
class Writer {
 public:
  explicit Writer(ListForm form) : form_(form) {}

  void begin_list() { out_ += '['; }
  void begin_object() {
    if (!out_.empty() && out_.back() != '[') out_ += ',';
    out_ += '{';
  }
  void end_object() { out_ += '}'; }
  void end_list() { out_ += "]\n"; }
  std::string take() { return std::move(out_); }

  bool snake() const { return form_ != ListForm::stats_topic; }
  bool is_for_management() const { return form_ == ListForm::management; }
  void name(std::string_view text) {
    if (out_.back() != '{') out_ += ',';
    fmt::format_to(std::back_inserter(out_), "\"{}\":", text);
  }
  void name(std::string_view camel, std::string_view snake_case) { name(snake() ? snake_case : camel); }
  void text(std::string_view value) {
    // A header may hold bytes that are not UTF-8; they are shown as U+FFFD.
    out_ += nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
  void json(std::string_view value) { out_ += value; }
  void boolean(bool value) { out_ += value ? "true" : "false"; }
  void integer(std::uint64_t value) { fmt::format_to(std::back_inserter(out_), "{}", value); }
  void number(double value) { fmt::format_to(std::back_inserter(out_), "{:.6g}", value); }
  void open() { out_ += '{'; }
  void texts(std::span<const std::string> values) {
    out_ += '[';
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) out_ += ',';
      text(values[i]);
    }
    out_ += ']';
  }

 private:
  std::string out_;
  ListForm form_;
};

double seconds_of(Duration duration) { return std::chrono::duration<double>(duration).count(); }

void write_means(Writer& out, const Traffic& traffic, MonotonicTime connected, MonotonicTime now) {
  out.open();
  out.name("last");
  out.text(traffic.messages == 0 ? "Never" : go_duration(now - traffic.last));
  out.name("size");
  out.integer(traffic.messages == 0 ? 0 : (traffic.bytes + traffic.messages / 2) / traffic.messages);
  out.name("fps");
  const Duration active = std::max<Duration>(traffic.last - connected, 1ms);
  out.number(traffic.messages == 0 ? 0 : static_cast<double>(traffic.messages) / seconds_of(active));
  out.end_object();
}

void write_traffic(Writer& out, const Traffic& traffic, const Rate& rate) {
  out.open();
  out.name("messages");
  out.integer(traffic.messages);
  out.name("bytes");
  out.integer(traffic.bytes);
  out.name("messagesPerSecond", "messages_per_second");
  out.number(rate.messages_per_second);
  out.name("bytesPerSecond", "bytes_per_second");
  out.number(rate.bytes_per_second);
  out.end_object();
}

// /status leaves out what is false or empty.
void write_right(Writer& out, std::string_view camel, std::string_view snake, bool has) {
  if (out.snake() && !has) return;
  out.name(camel, snake);
  out.boolean(has);
}
void write_if_known(Writer& out, std::string_view camel, std::string_view snake, std::string_view value) {
  if (out.snake() && value.empty()) return;
  out.name(camel, snake);
  out.text(value);
}

void write_connection(Writer& out, const ClientReport& report, const Rates& rates, MonotonicTime now,
                      std::string_view wamp = {}) {
  const auto connected = access::utc_text(report.connected_wall);
  out.begin_object();
  write_right(out, "canRead", "can_read", report.receives);
  write_right(out, "canWrite", "can_write", report.broadcaster);
  out.name("connected");
  out.text(connected);
  if (out.snake()) {
    out.name("connected_at");
    out.text(connected);
  }
  if (!out.is_for_management() || report.came_with_code) {
    out.name("expiresAt", "expires_at");
    out.text(access::utc_text(report.expires));
  }
  write_if_known(out, "remoteAddr", "remote_addr", report.remote_address);
  out.name("scopes");
  out.texts(report.scopes);
  out.name("stats");
  out.open();
  out.name("tx");
  write_means(out, report.sent, report.connected, now);
  out.name("rx");
  write_means(out, report.delivered, report.connected, now);
  out.end_object();
  out.name("topic");
  out.text(report.topic);
  write_if_known(out, "userAgent", "user_agent", report.user_agent);
  out.name("traffic");
  out.open();
  out.name("tx");
  write_traffic(out, report.sent, rates.sent);
  out.name("rx");
  write_traffic(out, report.delivered, rates.delivered);
  out.end_object();
  out.name("dropped");
  out.integer(report.dropped);
  out.name("waitingBytes", "waiting_bytes");
  out.integer(report.waiting_bytes);
  out.name("media");
  out.text(report.media);
  if (out.is_for_management()) {
    out.name("id");
    out.integer(report.id);
    write_if_known(out, "booking", "booking", report.booking);
  }
  if (!wamp.empty()) {
    out.name("wamp");
    out.json(wamp);
  }
  out.end_object();
}

ClientReport relay_itself(WallTime since, MonotonicTime now) {
  ClientReport self;
  self.topic = "stats";
  self.broadcaster = true;
  self.connected_wall = since;
  self.connected = now;
  self.remote_address = "internal";
  self.user_agent = "crossbar";  // what the older relay called itself here
  self.scopes = {"read", "stats", "write"};
  return self;
}

}  // namespace

std::string connection_list(std::span<const ClientReport> reports, ListForm form, RateBook& rates,
                            WallTime since, MonotonicTime now, std::string_view wamp) {
  Writer out(form);
  out.begin_list();
  write_connection(out, relay_itself(since, now), {}, now, wamp);
  for (const auto& report: reports) {
    if (report.came_with_code) write_connection(out, report, rates.rates_of(report, now), now);
  }
  rates.end_report();
  out.end_list();
  return out.take();
}

std::string connection_object(const ClientReport& report, ListForm form, const Rates& rates,
                              MonotonicTime now) {
  Writer out(form);
  write_connection(out, report, rates, now);
  return out.take();
}

}  // namespace crosspoint::relay
