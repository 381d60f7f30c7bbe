#include "access/io/deny_store.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <future>

namespace crosspoint::access {
namespace {

using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
constexpr WallTime noon{std::chrono::seconds{1'800'000'000}};

struct DenyStoreTest : ::testing::Test {
  DenyStoreTest() {
    std::string pattern = ::testing::TempDir() + "deny_XXXXXX";
    folder = ::mkdtemp(pattern.data());
  }
  ~DenyStoreTest() override { std::filesystem::remove_all(folder); }
  std::unique_ptr<DenyStore> open() {
    auto opened = open_deny_store(folder + "/access.db");
    EXPECT_TRUE(opened) << opened.error();
    return std::move(*opened);
  }
  std::string folder;
};

void put_and_wait(DenyStore& store, DeniedBooking denied) {
  std::promise<std::optional<std::string>> written;
  store.put(std::move(denied), [&](auto trouble) { written.set_value(trouble); });
  EXPECT_EQ(written.get_future().get(), std::nullopt);
}

TEST_F(DenyStoreTest, C15_WhatWasDeniedIsDeniedAfterARestart) {
  {
    const auto store = open();
    put_and_wait(*store, {"b1", noon});
    put_and_wait(*store, {"b2", noon + 1h});
    store->erase("b1", {});
    store->put({"b2", noon + 2h}, {});
  }
  EXPECT_THAT(*open()->load(), UnorderedElementsAre(DeniedBooking{"b2", noon + 2h}));
}

// A copy of the files at the moment the answer came is what a crash would have left.
TEST_F(DenyStoreTest, C15_NothingIsSaidToBeWrittenBeforeItIs) {
  const auto store = open();
  put_and_wait(*store, {"b1", noon});
  std::filesystem::copy(folder + "/access.db", folder + "/crashed.db");
  std::filesystem::copy(folder + "/access.db-wal", folder + "/crashed.db-wal");

  const auto after = open_deny_store(folder + "/crashed.db");

  ASSERT_TRUE(after) << after.error();
  EXPECT_THAT(*(*after)->load(), UnorderedElementsAre(DeniedBooking{"b1", noon}));
}

TEST_F(DenyStoreTest, ForgetsBookingsThatAreOver) {
  {
    const auto store = open();
    store->put({"over", noon}, {});
    store->put({"on", noon + 1h}, {});
    store->prune(noon + 1s);
  }
  EXPECT_THAT(*open()->load(), UnorderedElementsAre(DeniedBooking{"on", noon + 1h}));
}

TEST_F(DenyStoreTest, SaysWhenItCannotWrite) {
  const auto refused = open_deny_store(folder + "/none/access.db");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().find(folder), std::string::npos) << refused.error();
}

TEST(ForgetfulDenyStore, RemembersNothingAndSaysSoAtOnce) {
  const auto store = make_forgetful_deny_store();
  bool done = false;
  store->put({"b1", noon}, [&](auto trouble) { done = !trouble; });
  EXPECT_TRUE(done);
  EXPECT_THAT(*store->load(), IsEmpty());
}

}  // namespace
}  // namespace crosspoint::access
