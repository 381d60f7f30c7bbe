#include "host/io/agent.h"

#include <algorithm>
#include <utility>

namespace crosspoint::host {
namespace {

// Each takes a second at most; a script that posts rules faster than that does not make them pile up.
constexpr std::size_t leaving_max = 64;

}  // namespace

Agent::Agent(net::Loop& loop, net::Network& network, const Files& files, Random& random,
             AgentSettings settings)
    : loop_(loop),
      network_(network),
      files_(files),
      random_(random),
      settings_(std::move(settings)),
      rules_(settings_.rules),
      feeds_(settings_.names_max) {}

Agent::~Agent() = default;

Result<void, std::string> Agent::set(StreamRule rule) {
  if (!rules_.put(rule)) return fail(std::string("there are as many stream rules as this agent keeps"));
  const auto feeds = rule.feeds.value_or(std::vector<std::string>{});
  feeds_.set_stream(rule.stream, feeds);
  return {};
}

Result<void, std::string> Agent::set(DestinationRule rule) {
  auto url = http::parse_url(rule.destination);
  if (!url) return fail(std::move(url.error()));
  if (!rule.token_file.empty() && settings_.destination.token_directory.empty())
    return fail(
        std::string("this agent has no token directory (host.token-directory), so no \"token_file\""));
  if (!rules_.put(rule)) return fail(std::string("there are as many destination rules as this agent keeps"));
  if (const auto found = destinations_.find(rule.id); found != destinations_.end()) {
    let_go(std::move(found->second));
    destinations_.erase(found);
  }
  if (!stopped_) start_destination(rule, std::move(*url));
  return {};
}

void Agent::start_destination(const DestinationRule& rule, http::Url url) {
  auto destination = std::make_unique<Destination>(loop_, network_, files_, random_, feeds_, rule,
                                                   std::move(url), settings_.destination);
  destination->start();
  destinations_.emplace(rule.id, std::move(destination));
}

void Agent::let_go(std::unique_ptr<Destination> destination) {
  if (leaving_.size() >= leaving_max) {
    loop_.dispose(std::move(leaving_.front()));
    leaving_.erase(leaving_.begin());
  }
  auto& leaver = *leaving_.emplace_back(std::move(destination));
  leaver.stop([this](Destination& gone) {
    const auto found = std::ranges::find(leaving_, &gone, &std::unique_ptr<Destination>::get);
    if (found == leaving_.end()) return;  // made to go faster, above
    loop_.dispose(std::move(*found));
    leaving_.erase(found);
  });
}

void Agent::remove_stream(std::string_view name) {
  feeds_.erase_stream(name);
  rules_.erase_stream(name);
}

void Agent::remove_all_streams() {
  for (const auto& [name, rule]: rules_.streams()) feeds_.erase_stream(name);
  rules_.clear_streams();
}

void Agent::remove_destination(std::string_view id) {
  rules_.erase_destination(id);
  const auto found = destinations_.find(id);
  if (found == destinations_.end()) return;
  let_go(std::move(found->second));
  destinations_.erase(found);
}

void Agent::remove_all_destinations() {
  rules_.clear_destinations();
  for (auto& [id, destination]: std::exchange(destinations_, {})) let_go(std::move(destination));
}

void Agent::stop() {
  stopped_ = true;
  remove_all_destinations();
}

StatusReport Agent::status() const {
  StatusReport report;
  feeds_.for_each([&](const Feed& feed) {
    if (!feeds_.is_stream(feed.name())) report.feeds.push_back(report_of(feed));
  });
  std::ranges::sort(report.feeds, {}, &FeedReport::name);
  for (const auto& [name, rule]: rules_.streams()) {
    const auto* listened_to = feeds_.find(name);
    report.streams.push_back({rule, listened_to == nullptr ? 0 : listened_to->listeners()});
  }
  for (const auto& [id, destination]: destinations_) report.destinations.push_back(report_of(*destination));
  return report;
}

FeedReport Agent::report_of(const Feed& feed) const {
  FeedReport report;
  report.name = feed.name();
  report.uploads = feed.sources();
  report.listeners = feed.listeners();
  report.messages = feed.counters().messages;
  report.bytes = feed.counters().bytes;
  if (report.messages > 0) report.since_last = loop_.now() - feed.counters().last;
  report.stalled = report.uploads > 0 && feed.stalled_sources() == report.uploads;
  report.content = feed.observer().describe(loop_.now());
  return report;
}

DestinationReport Agent::report_of(const Destination& destination) {
  const auto status = destination.status();
  DestinationReport report;
  report.id = status.rule.id;
  report.stream = status.rule.stream;
  report.address = client::printable(destination.place());
  report.state = client::to_string(status.link.state);
  report.since = status.link.since;
  report.attempts = status.link.attempts;
  report.connections = status.link.connections;
  report.last_error = status.link.last_error;
  report.last_error_at = status.link.last_error_at;
  report.messages = status.link.messages_sent;
  report.bytes = status.link.bytes_sent;
  report.received_messages = status.link.messages_received;
  report.received_bytes = status.link.bytes_received;
  report.discarded = status.discarded;
  report.dropped = status.dropped;
  report.queued_bytes = status.queued_bytes;
  return report;
}

}  // namespace crosspoint::host
