// Memory that is refused once, at each place in turn (rows D4 and N18): the n-th allocation fails, for n from
// the first to the last that a journey makes. Each n has a process of its own, a fork of this one, which may
// end in one way only, with the one line and its status, or go on: then it has told nobody anything untrue,
// and whoever comes next is served as ever.
//
// Refused are operator new, and what OpenSSL and SQLite take, through the doors they have for that; below
// them all is the sanitizers' allocator, which watches over what is made of a refusal. A journey has
// thousands of allocations: as a rule a share of them, spread evenly, has its turn. With ALLOCATIONS=all in
// the environment, every one.

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <new>

#include "access/io/deny_store.h"
#include "base/out_of_memory.h"
#include "crypto/scarce_memory.h"
#include "product.h"
#include "token/test_tokens.h"

namespace {

// Counts while `armed`; the one numbered `refused` is refused. Threads of the store take memory as well.
struct Refusals {
  std::atomic<bool> armed = false;
  std::atomic<std::size_t> seen = 0;
  std::atomic<std::size_t> refused = 0;
  bool refuse() { return armed && ++seen == refused; }
};
constinit Refusals refusals;

void* take(std::size_t bytes) { return refusals.refuse() ? nullptr : std::malloc(bytes == 0 ? 1 : bytes); }
void* take_again(void* old, std::size_t bytes) {
  return refusals.refuse() ? nullptr : std::realloc(old, bytes);
}

// SQLite asks how large a piece is: its size stands before it.
constexpr std::size_t size_bytes = 16;
void* with_size(void* piece, int bytes) {
  if (piece == nullptr) return nullptr;
  *static_cast<int*>(piece) = bytes;
  return static_cast<char*>(piece) + size_bytes;
}
void* whole(void* piece) { return static_cast<char*>(piece) - size_bytes; }

// Both libraries must be told before they take anything.
struct Doors {
  Doors() {
    openssl_told = crosspoint::crypto::end_when_openssl_is_out_of_memory({take, take_again});
    static sqlite3_mem_methods methods{
        [](int bytes) { return with_size(take(static_cast<std::size_t>(bytes) + size_bytes), bytes); },
        [](void* old) { std::free(whole(old)); },
        [](void* old, int bytes) {
          return with_size(take_again(whole(old), static_cast<std::size_t>(bytes) + size_bytes), bytes);
        },
        [](void* piece) { return *static_cast<int*>(whole(piece)); },
        [](int bytes) { return (bytes + 7) & ~7; },
        [](void*) { return SQLITE_OK; },
        [](void*) {},
        nullptr};
    sqlite_told = sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
  }
  bool openssl_told = false;
  int sqlite_told = 0;
};
const Doors doors;

}  // namespace

void* operator new(std::size_t bytes) {
  while (true) {
    if (void* const taken = take(bytes)) return taken;
    const auto handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
}
void operator delete(void* taken) noexcept { std::free(taken); }
void operator delete(void* taken, std::size_t) noexcept { std::free(taken); }

namespace crosspoint::journeys {
namespace {

constexpr unsigned seconds_max = 60;  // of one process; they take a fraction of one
constexpr std::size_t turns = 120;    // unless all
constexpr int untrue = 3;             // an exit status that nothing else has

// What has been made ready before memory is refused, and what happens then.
class Story {
 public:
  virtual ~Story() = default;
  virtual void happen() = 0;
  // With memory again: nothing untrue was said, and it works as ever.
  virtual bool all_is_well() = 0;
};
using Begin = std::function<std::unique_ptr<Story>()>;

// In a process of its own. With `number` 0 nothing is refused, and `count` is told how many there were.
int status_with_refusal(const Begin& begin, std::size_t number, int count = -1) {
  const auto child = ::fork();
  if (child == 0) {
    ::alarm(seconds_max);
    end_when_out_of_memory();
    const auto story = begin();
    refusals.refused = number;
    refusals.armed = true;
    story->happen();
    refusals.armed = false;
    const std::size_t seen = refusals.seen;
    if (count >= 0 && ::write(count, &seen, sizeof seen) != sizeof seen) ::_exit(untrue);
    ::_exit(story->all_is_well() ? 0 : untrue);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  return status;
}

std::size_t allocations_of(const Begin& begin) {
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  EXPECT_EQ(status_with_refusal(begin, 0, ends[1]), 0) << "with all the memory it wants";
  std::size_t seen = 0;
  EXPECT_EQ(::read(ends[0], &seen, sizeof seen), static_cast<ssize_t>(sizeof seen));
  ::close(ends[0]);
  ::close(ends[1]);
  return seen;
}

void expect_that_every_refusal_is_survived(const Begin& begin) {
  const auto all = allocations_of(begin);
  ASSERT_GT(all, 20u);
  const bool every = std::getenv("ALLOCATIONS") != nullptr;
  std::size_t went_on = 0, ended = 0;
  for (std::size_t turn = 0, count = every ? all : std::min(all, turns); turn < count; ++turn) {
    const auto number = 1 + turn * all / count;
    const int status = status_with_refusal(begin, number);
    const bool one_line = WIFEXITED(status) && WEXITSTATUS(status) == out_of_memory_exit_status;
    EXPECT_TRUE(one_line || status == 0) << "allocation " << number << " of " << all << ": "
                                         << (WIFSIGNALED(status) ? "signal " : "exit status ")
                                         << (WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    (one_line ? ended : went_on) += 1;
  }
  std::printf("%zu allocations: %zu refusals survived, %zu the end in one line\n", all, went_on, ended);
}

// Two clients of a node that speaks TLS, and a message from one to the other.
class MessageOverTls final : public Story {
 public:
  void happen() override { std::ignore = arrives("first"); }
  bool all_is_well() override { return arrives("second"); }

 private:
  bool arrives(const std::string& message) {
    const auto sender = product_.open("/in/x"), viewer = product_.open("/out/x");
    if (!sender->open() || !viewer->open()) return false;
    sender->send(message);
    product_.until([&] { return !viewer->messages.empty() || viewer->closed; });
    const bool wrong = !viewer->messages.empty() && viewer->messages.front() != text(message);
    if (wrong) ::_exit(untrue);
    return !viewer->messages.empty();
  }
  testing::MemoryWorld world_;
  Product product_{{world_, Table::Node::tls}};
};

TEST(ScarceMemory, D4_N18_TheDoorsOfTheLibrariesAreOurs) {
  EXPECT_TRUE(doors.openssl_told);
  EXPECT_EQ(doors.sqlite_told, SQLITE_OK);
}

TEST(ScarceMemory, D4_N18_WhicheverAllocationFailsAMessageOverTlsIsLostAtMost) {
  testing::test_identity();  // made once, with all the memory it wants
  expect_that_every_refusal_is_survived([] { return std::make_unique<MessageOverTls>(); });
}

// Tokens of one kind of keys, a good one and a bad one.
class Checking final : public Story {
 public:
  explicit Checking(token::test_tokens::Keys keys)
      : verifier_(token::test_tokens::key_set_of(keys), token::test_tokens::policy()),
        good_(token::test_tokens::genuine(keys, token::test_tokens::header_for(keys),
                                          token::test_tokens::good_claims())) {
    const auto dot = good_.rfind('.');
    bad_ = good_;
    bad_[dot + 10] = bad_[dot + 10] == 'A' ? 'B' : 'A';
  }
  void happen() override {
    std::ignore = verifier_.verify(good_, token::test_tokens::now);
    if (verifier_.verify(bad_, token::test_tokens::now)) ::_exit(untrue);
  }
  bool all_is_well() override {
    return verifier_.verify(good_, token::test_tokens::now) &&
           !verifier_.verify(bad_, token::test_tokens::now);
  }

 private:
  token::Verifier verifier_;
  std::string good_, bad_;
};

TEST(ScarceMemory, D4_N18_WhicheverAllocationFailsABadTokenIsRefused) {
  for (const auto keys: token::test_tokens::all_keys) {
    SCOPED_TRACE(to_string(keys));
    expect_that_every_refusal_is_survived([keys] { return std::make_unique<Checking>(keys); });
  }
}

// Bookings cancelled in a file: what was said to be written is there for the next process.
class Cancelling final : public Story {
 public:
  explicit Cancelling(std::string file) : file_(std::move(file)) {}
  void happen() override {
    auto store = access::open_deny_store(file_);
    if (!store || !(*store)->load()) return;
    for (int i = 0; i < 3; ++i) {
      std::promise<bool> written;
      auto answer = written.get_future();
      const auto booking = "b" + std::to_string(i);
      (*store)->put({booking, until_}, [&](auto trouble) { written.set_value(!trouble); });
      if (answer.get()) promised_.push_back(booking);
    }
  }
  bool all_is_well() override {
    auto store = access::open_deny_store(file_);
    const auto kept = store ? (*store)->load() : fail(std::string("not opened"));
    if (!kept) return false;
    return std::ranges::all_of(promised_, [&](const auto& booking) {
      return std::ranges::count(*kept, access::DeniedBooking{booking, until_}) == 1;
    });
  }

 private:
  const WallTime until_{std::chrono::sys_days{std::chrono::year{2100} / 1 / 1}};
  std::string file_;
  std::vector<std::string> promised_;
};

TEST(ScarceMemory, D4_N18_WhicheverAllocationFailsWhatWasPromisedIsInTheFile) {
  const auto folder = std::filesystem::path(::testing::TempDir()) / ("scarce" + std::to_string(::getpid()));
  expect_that_every_refusal_is_survived([&] {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directory(folder);
    return std::make_unique<Cancelling>((folder / "deny.db").string());
  });
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace crosspoint::journeys
