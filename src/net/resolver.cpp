#include "net/resolver.h"

#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace crosspoint::net {
namespace {

// A dead name server holds a thread for as long as getaddrinfo likes; with several, other names get their
// answers meanwhile, and questions beyond them wait.
constexpr std::size_t threads_max = 8;

}  // namespace

struct Resolver::Question::State {
  std::string host;
  std::uint16_t port = 0;

  std::mutex mutex;
  Loop* loop = nullptr;  // null: nobody wants to know any more
  std::move_only_function<void(Resolved)> done;

  bool wanted() {
    const std::scoped_lock lock(mutex);
    return loop != nullptr;
  }
};

// Where questions wait. Threads come when there are questions and go when there are none; they are detached
// and share the desk, since one that hangs in getaddrinfo must not hold up the end of the program.
struct Resolver::Desk {
  std::mutex mutex;
  std::deque<std::shared_ptr<Question::State>> waiting;
  std::size_t threads = 0;

  std::shared_ptr<Question::State> next() {
    const std::scoped_lock lock(mutex);
    if (waiting.empty()) {
      --threads;
      return nullptr;
    }
    auto question = std::move(waiting.front());
    waiting.pop_front();
    return question;
  }

  static void answer(const std::shared_ptr<Question::State>& question) {
    if (!question->wanted()) return;
    tell(question, resolve(question->host, question->port));
  }

  static void tell(const std::shared_ptr<Question::State>& question, Resolved resolved) {
    // Under the lock: the loop is alive as long as the question is.
    const std::scoped_lock lock(question->mutex);
    if (question->loop == nullptr) return;
    question->loop->post([question, resolved = std::move(resolved)]() mutable {
      // Both on the loop's thread, this and the destruction of the question: it cannot go in between.
      if (!question->wanted()) return;
      auto done = std::move(question->done);
      done(std::move(resolved));
    });
  }
};

Resolver::Resolver() : desk_(std::make_shared<Desk>()) {}

Resolver::~Resolver() {
  const std::scoped_lock lock(desk_->mutex);
  desk_->waiting.clear();
}

Resolver::Question::~Question() {
  const std::scoped_lock lock(state_->mutex);
  state_->loop = nullptr;
}

// The desk is locked. False when the system has no thread to give.
bool Resolver::begin_thread() {
  try {
    std::thread([desk = desk_] {
      while (const auto question = desk->next()) Desk::answer(question);
    }).detach();
  } catch (const std::system_error&) {
    return false;
  }
  ++desk_->threads;
  return true;
}

std::unique_ptr<Resolver::Question> Resolver::ask(Loop& loop, std::string host, std::uint16_t port,
                                                  std::move_only_function<void(Resolved)> done) {
  auto state = std::make_shared<Question::State>();
  state->host = std::move(host);
  state->port = port;
  state->loop = &loop;
  state->done = std::move(done);
  const std::scoped_lock lock(desk_->mutex);
  const bool served = desk_->threads == threads_max || begin_thread() || desk_->threads > 0;
  if (served) {
    desk_->waiting.push_back(state);
  } else {
    Desk::tell(state, fail(ResolveError{.detail = "the system allows no more threads"}));
  }
  return std::unique_ptr<Question>(new Question(std::move(state)));
}

}  // namespace crosspoint::net
