// `crosspoint subscribe`: prints the events of topics, for as long as it runs.
#include <cstdio>
#include <utility>

#include "cli/commands.h"
#include "cli/wamp_client.h"
#include "wamp/client/lines.h"

namespace crosspoint::cli {
namespace {

class Subscriber final : public WampClient {
 public:
  Subscriber(WampClientPlan plan, std::vector<wamp::client::SubscribeOrder> orders, std::uint64_t count)
      : WampClient(std::move(plan), Comes::back), count_(count), asked_(orders.size()) {
    for (auto& order: orders) link().agent().subscribe(std::move(order));
  }

 private:
  void on_granted(wamp::client::WishId) override {
    if (asked_ > 0 && --asked_ == 0) complain("subscribed");  // for scripts that wait for it
  }
  void on_denied(wamp::client::WishId, const wamp::client::Failure& failure) override {
    finish_with(failure);
  }
  void on_event(wamp::client::WishId, const wamp::Event& event) override {
    if (finishing()) return;
    announce(wamp::client::event_line(event));
    const bool nobody_reads = std::ferror(stdout) != 0;  // `crosspoint subscribe … | head -1`
    if (nobody_reads || (count_ > 0 && --count_ == 0)) finish(0);
  }
  int on_interrupt_signal() override { return 0; }

  std::uint64_t count_;  // events that are still to come; 0: any number
  std::size_t asked_;    // topics that the first session has not granted yet
};

}  // namespace

int subscribe_command(const config::Settings& settings, const std::vector<std::string>& words,
                      const Notes& notes) {
  for (const auto& note: notes) complain(note);
  auto plan = wamp_client_plan(settings);
  if (!plan) return complain_and_fail(plan.error());
  const auto match =
      settings.pick<"subscribe.match">(wamp::Match::exact, wamp::Match::prefix, wamp::Match::wildcard);
  std::vector<wamp::client::SubscribeOrder> orders;
  for (const auto& topic: words) orders.push_back({topic, match, settings.get<"subscribe.retained">()});
  return Subscriber(std::move(*plan), std::move(orders),
                    static_cast<std::uint64_t>(settings.get<"subscribe.count">()))
      .run();
}

}  // namespace crosspoint::cli
