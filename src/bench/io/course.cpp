#include "bench/io/course.h"

#include <fmt/core.h>

#include "bench/io/processor_time.h"

namespace crosspoint::bench {
namespace {

constexpr Duration stall_max = 10s;  // nothing received for so long while something is under way: give up

}  // namespace

Course::Course(net::Loop& loop, const Clock& clock, const LoadSettings& settings, LoadReport& report,
               CourseEvents& events)
    : loop_(loop), clock_(clock), settings_(settings), report_(report), events_(events) {}

void Course::begin() {
  phase_ = Phase::warming_up;
  last_arrival_ = clock_.monotonic();
  phase_timer_.start_after(settings_.warm_up);
  stall_timer_.start_after(1s);
  if (settings_.spin) spin();
}

void Course::spin() {
  loop_.post([this] {
    if (phase_ != Phase::over) spin();
  });
}

void Course::note_arrival(MonotonicTime now, MonotonicTime due) {
  last_arrival_ = now;
  if (phase_ == Phase::measuring) report_.latency.record(now - due);
}

void Course::note_completion() {
  if (phase_ == Phase::draining && events_.under_way() == 0) end({});
}

void Course::on_phase_over() {
  if (phase_ == Phase::warming_up) {
    phase_ = Phase::measuring;
    received_before_ = report_.received;
    measured_from_ = clock_.monotonic();
    cpu_before_ = processor_seconds(settings_.server_pid);
    phase_timer_.start_after(settings_.duration);
    return;
  }
  report_.elapsed = clock_.monotonic() - measured_from_;
  report_.server_cpu_seconds = processor_seconds(settings_.server_pid) - cpu_before_;
  report_.measured = report_.received - received_before_;
  phase_ = Phase::draining;
  note_completion();
}

void Course::on_stall_check() {
  if (phase_ == Phase::over) return;
  if (events_.under_way() > 0 && clock_.monotonic() - last_arrival_ > stall_max) {
    return end(fmt::format("nothing arrived for {} s although messages were under way",
                           std::chrono::duration_cast<std::chrono::seconds>(stall_max).count()));
  }
  stall_timer_.start_after(1s);
}

void Course::end(std::string failure) {
  phase_ = Phase::over;
  events_.on_course_over(std::move(failure));
}

}  // namespace crosspoint::bench
