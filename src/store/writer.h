#pragma once
// A thread to wait for the disk in. Work is done one after the other, in the order in which it was given, in
// batches: what has gathered while a batch was being written makes up the next one, so that a thousand
// changes cost a few flushes and not a thousand.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace crosspoint::store {

class Writer {
 public:
  using Work = std::move_only_function<void()>;
  // Called on the thread around each batch: begin before its first work, end after its last one.
  struct Batch {
    std::move_only_function<void()> begin;
    std::move_only_function<void()> end;
  };
  explicit Writer(Batch batch = {});
  // Does what was given, then ends.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // From any thread.
  void give(Work work);

 private:
  void run();

  Batch batch_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Work> waiting_;
  bool ending_ = false;
  std::thread thread_;  // last: it uses the others
};

}  // namespace crosspoint::store
