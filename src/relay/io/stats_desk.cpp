#include "relay/io/stats_desk.h"

#include <algorithm>
#include <utility>

#include "relay/stats_command.h"

namespace crosspoint::relay {
namespace {

// However often subscribers ask.
constexpr Duration report_interval_min = 1s;

}  // namespace

StatsDesk::StatsDesk(Gateway& gateway, Duration every)
    : gateway_(gateway),
      every_(std::max(every, report_interval_min)),
      since_(gateway.loop().wall_now()),
      timer_(gateway.loop(), [this] { report(); }) {
  gateway_.on_stats_asked([this] { on_asked(); });
  timer_.start_after(every_);
}

void StatsDesk::list(ListForm form, net::Loop& answer_on, std::move_only_function<void(std::string)> done) {
  gateway_.loop().post([this, form, &answer_on, done = std::move(done)]() mutable {
    gather(form, [&answer_on, done = std::move(done)](std::string text) mutable {
      answer_on.post([done = std::move(done), text = std::move(text)]() mutable { done(std::move(text)); });
    });
  });
}

void StatsDesk::gather(ListForm form, std::move_only_function<void(std::string)> done) {
  if (!part_) return gather(form, {}, std::move(done));
  part_([this, form, done = std::move(done)](std::string part) mutable {
    gateway_.loop().post([this, form, part = std::move(part), done = std::move(done)]() mutable {
      gather(form, std::move(part), std::move(done));
    });
  });
}

void StatsDesk::gather(ListForm form, std::string part, std::move_only_function<void(std::string)> done) {
  auto shared = std::make_shared<std::move_only_function<void(std::string)>>(std::move(done));
  gateway_.report_all([this, form, part = std::move(part), shared](std::vector<ClientReport> reports) {
    (*shared)(connection_list(reports, form, rates_, since_, gateway_.loop().now(), part));
  });
}

void StatsDesk::report() {
  const auto now = gateway_.loop().now();
  timer_.start_after(every_);
  last_report_ = now;
  if (!gateway_.has_audience(stats_topic)) return;
  gather(ListForm::stats_topic, [this](std::string text) { gateway_.publish_text(stats_topic, text); });
}

void StatsDesk::on_asked() {
  const auto earliest = last_report_ + report_interval_min;
  timer_.start_at(std::max(earliest, gateway_.loop().now()));
}

}  // namespace crosspoint::relay
