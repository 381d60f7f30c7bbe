#include "net/far_streams.h"

#include <utility>
#include <vector>

#include "net/courier.h"
#include "net/far_socket.h"
#include "net/far_stream.h"

namespace crosspoint::net {

class FarStreams::Home final : public FarHome, public FarHearer, public std::enable_shared_from_this<Home> {
 public:
  Home(Loop& loop, Loop& away, const FarStreamLimits& limits)
      : loop_(loop), limits_(limits), to_away_(loop, away) {}
  ~Home() {
    for (auto* stream: streams_) {
      if (stream != nullptr) stream->lose_home();
    }
  }

  Courier& courier() override { return to_away_; }
  const FarStreamLimits& limits() const override { return limits_; }
  void serve_later(std::uint32_t line) override;
  // The number is given away again once the other side knows.
  void on_stream_gone(std::uint32_t line) override { streams_[line] = nullptr; }

 private:
  void on_batch(FarBatch& batch) override;
  void on_arrival(std::uint32_t line, FarArrival arrival);
  void serve();

  Loop& loop_;
  const FarStreamLimits& limits_;
  Courier to_away_;
  std::vector<FarStream*> streams_;  // by line
  std::vector<std::uint32_t> to_serve_;
};

void FarStreams::Home::on_batch(FarBatch& batch) {
  for (const auto& note: batch.notes()) {
    if (note.news == FarNews::arrived) {
      on_arrival(note.line, batch.take_arrival());
    } else if (auto* stream = streams_[note.line]; stream != nullptr) {
      stream->on_note(note, batch);
    } else if (note.news == FarNews::bytes) {
      batch.take_pieces(note.value);  // for one that has gone
    }
  }
}

void FarStreams::Home::on_arrival(std::uint32_t line, FarArrival arrival) {
  if (streams_.size() <= line) streams_.resize(line + 1);
  auto stream = std::make_unique<FarStream>(*this, line, arrival.peer);
  streams_[line] = stream.get();
  arrival.arrived(std::move(stream));
}

void FarStreams::Home::serve_later(std::uint32_t line) {
  if (to_serve_.empty()) {
    loop_.post([self = weak_from_this()] {
      if (const auto home = self.lock()) home->serve();
    });
  }
  to_serve_.push_back(line);
}

// A line may be another stream's by now, which does no harm.
void FarStreams::Home::serve() {
  for (const auto line: std::exchange(to_serve_, {})) {
    if (auto* stream = streams_[line]; stream != nullptr) stream->serve();
  }
}

class FarStreams::Away final : public FarHearer {
 public:
  Away(Loop& loop, Loop& home, const FarStreamLimits& limits)
      : loop_(loop), limits_(limits), to_home_(loop, home) {}

  Courier& courier() { return to_home_; }
  void add(std::unique_ptr<Stream> stream, Arrived arrived);

 private:
  void on_batch(FarBatch& batch) override;
  std::uint32_t free_line();

  Loop& loop_;
  const FarStreamLimits& limits_;
  Courier to_home_;
  std::vector<std::unique_ptr<FarSocket>> sockets_;  // by line
  std::vector<std::uint32_t> free_lines_;
};

void FarStreams::Away::add(std::unique_ptr<Stream> stream, Arrived arrived) {
  const auto peer = stream->peer_address();
  const auto line = free_line();
  sockets_[line] = std::make_unique<FarSocket>(loop_, to_home_, limits_, line, std::move(stream));
  to_home_.note_arrival(line, {peer, std::move(arrived)});
}

std::uint32_t FarStreams::Away::free_line() {
  if (free_lines_.empty()) {
    sockets_.emplace_back();
    return static_cast<std::uint32_t>(sockets_.size() - 1);
  }
  const auto line = free_lines_.back();
  free_lines_.pop_back();
  return line;
}

void FarStreams::Away::on_batch(FarBatch& batch) {
  for (const auto& note: batch.notes()) {
    sockets_[note.line]->on_note(note, batch);
    if (note.news != FarNews::close && note.news != FarNews::reset) continue;
    sockets_[note.line].reset();
    free_lines_.push_back(note.line);
  }
}

FarStreams::FarStreams(Loop& home, Loop& away, const FarStreamLimits& limits)
    : home_(home),
      away_(away),
      limits_(limits),
      here_(std::make_shared<Home>(home, away, limits_)),
      there_(std::make_shared<Away>(away, home, limits_)) {
  here_->courier().deliver_to(there_);
  there_->courier().deliver_to(here_);
}

FarStreams::~FarStreams() = default;

void FarStreams::send(std::unique_ptr<Stream> stream, Arrived arrived) {
  there_->add(std::move(stream), std::move(arrived));
}

void FarStreams::settle(std::move_only_function<void()> done) {
  // What this turn has for the other loop is posted at its end; after that comes the next turn.
  home_.post([&home = home_, &away = away_, here = std::weak_ptr(here_), done = std::move(done)]() mutable {
    away.post([&home, here, done = std::move(done)]() mutable {
      home.post([here, done = std::move(done)]() mutable {
        if (here.lock()) done();
      });
    });
  });
}

}  // namespace crosspoint::net
