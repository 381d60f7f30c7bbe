#pragma once
// The course of a load, whatever it consists of: it warms up, is measured, and waits for what is still under
// way. Stops waiting when nothing arrives any more.

#include <string>

#include "base/time.h"
#include "bench/io/load_settings.h"
#include "net/loop.h"

namespace crosspoint::bench {

class CourseEvents {
 public:
  // Messages, or calls, that have been sent and not arrived everywhere.
  virtual std::uint64_t under_way() const = 0;
  // It is over: everything has arrived, or nothing does any more (`failure` says so then). Once.
  virtual void on_course_over(std::string failure) = 0;

 protected:
  ~CourseEvents() = default;
};

class Course {
 public:
  // Everything outlives it. `report` is given what is measured.
  Course(net::Loop& loop, const Clock& clock, const LoadSettings& settings, LoadReport& report,
         CourseEvents& events);

  void begin();
  // Something was received, and counted in the report. `due`: when it should have been sent.
  void note_arrival(MonotonicTime now, MonotonicTime due);
  // What was under way may have arrived: the end, when only that was waited for.
  void note_completion();
  void stop() { phase_ = Phase::over; }

  bool sending() const { return phase_ == Phase::warming_up || phase_ == Phase::measuring; }

 private:
  enum class Phase : std::uint8_t { before, warming_up, measuring, draining, over };
  void spin();
  void on_phase_over();
  void on_stall_check();
  void end(std::string failure);

  net::Loop& loop_;
  const Clock& clock_;
  const LoadSettings& settings_;
  LoadReport& report_;
  CourseEvents& events_;
  Phase phase_ = Phase::before;
  MonotonicTime measured_from_{}, last_arrival_{};
  std::uint64_t received_before_ = 0;
  double cpu_before_ = 0;
  net::Timer phase_timer_{loop_, [this] { on_phase_over(); }};
  net::Timer stall_timer_{loop_, [this] { on_stall_check(); }};
};

// When what is sent so many times a second is due; at once, where the rate is 0.
class Schedule {
 public:
  explicit Schedule(std::uint64_t rate)
      : step_(rate == 0 ? Duration{} : Duration{static_cast<std::int64_t>(1e9 / static_cast<double>(rate))}) {
  }
  void begin(MonotonicTime now) { next_ = now; }
  bool paced() const { return step_ != Duration{}; }
  bool is_due(MonotonicTime now) const { return !paced() || next_ <= now; }
  // The time that the next one was due; it counts as sent.
  MonotonicTime take(MonotonicTime now) {
    if (!paced()) return now;
    const auto due = next_;
    next_ += step_;
    return due;
  }
  MonotonicTime next() const { return next_; }

 private:
  const Duration step_;
  MonotonicTime next_{};
};

}  // namespace crosspoint::bench
