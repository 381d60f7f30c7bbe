// What a gateway tells those who manage the node: who is on which topic, and what happens.
#include <algorithm>

#include "base/text_hash.h"
#include "relay/io/gateway.h"
#include "relay/io/upload.h"
#include "relay/io/visitors.h"

namespace crosspoint::relay {
namespace {

// Whoever listens is told of many things together, and a client that comes and goes all the time costs one
// hand-over in this time, not one each.
constexpr Duration news_delay = 100ms;

}  // namespace

std::vector<TopicReport> Gateway::topic_reports() const {
  std::vector<TopicReport> reports;
  ByText<std::size_t> places;
  const auto place_of = [&](const std::string& name) -> TopicReport& {
    const auto [found, added] = places.try_emplace(name, reports.size());
    if (added) reports.push_back({.topic = name});
    return reports[found->second];
  };
  hub_.for_each([&](const Topic& topic) {
    auto& report = place_of(topic.name());
    report.messages = topic.counters().messages;
    report.bytes = topic.counters().payload_bytes;
    report.text_dropped = topic.counters().text_dropped;
    report.kept_bytes = topic.memory_bytes();
    report.media = topic.media_text(loop_.now());
  });
  for (const auto& session: sessions_) {
    if (!session->has_left()) session->add_to(place_of(session->topic_name()));
  }
  for (const auto& [id, upload]: uploads_) upload->add_to(place_of(settings_.uploads->topic));
  return reports;
}

LoopReport Gateway::loop_report() const {
  LoopReport report = departed_;
  report.topics = hub_.topics();
  report.topics_refused = hub_.topics_refused();
  report.clients = sessions_.size() + uploads_.size();
  report.clients_ever = next_id_;
  report.visitors = visitors_.size();
  for (const auto& session: sessions_) {
    if (!session->has_left()) session->add_to(report);
  }
  for (const auto& [id, upload]: uploads_) upload->add_to(report);
  return report;
}

Session* Gateway::find_session(std::uint64_t id) const {
  const auto found = std::ranges::find_if(
      sessions_, [&](const auto& session) { return session->id() == id && !session->has_left(); });
  return found == sessions_.end() ? nullptr : found->get();
}

Upload* Gateway::find_upload(std::uint64_t id) const {
  const auto found = uploads_.find(static_cast<fanout::PublisherId>(id));
  return found == uploads_.end() || found->first != id ? nullptr : found->second;
}

std::optional<ClientReport> Gateway::find_client(std::uint64_t id) const {
  if (const Session* session = find_session(id)) return session->report(loop_.now());
  if (const Upload* upload = find_upload(id)) return upload->report();
  return std::nullopt;
}

std::optional<ClientReport> Gateway::end_client(std::uint64_t id, std::string_view reason) {
  auto report = find_client(id);
  if (Session* session = find_session(id)) {
    session->end_stay(reason);
  } else if (Upload* upload = find_upload(id)) {
    upload->end_stay(reason);
  }
  return report;
}

void Gateway::note(NewsKind kind, const std::function<ClientReport()>& what) {
  if (!told_) return;
  if (!news_timer_.running()) news_timer_.start_after(news_delay);
  if (news_.has_room(kind)) news_.add({kind, what()});
}

void Gateway::on_topic_created(std::string_view name) {
  note(NewsKind::topic_created, [&] {
    ClientReport report;
    report.topic = name;
    return report;
  });
}

void Gateway::on_topic_deleted(std::string_view name) {
  note(NewsKind::topic_deleted, [&] {
    ClientReport report;
    report.topic = name;
    return report;
  });
}

void Gateway::on_session_leaving(const Session& session) {
  session.add_to(departed_);
  departed_.waiting_bytes = 0;
  note(NewsKind::client_left, [&] { return session.report(loop_.now()); });
}

}  // namespace crosspoint::relay
