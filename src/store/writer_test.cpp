#include "store/writer.h"

#include <gtest/gtest.h>

#include <future>

namespace crosspoint::store {
namespace {

TEST(Writer, DoesEverythingInOrderBeforeItEnds) {
  std::vector<int> done;
  {
    Writer writer;
    for (int i = 0; i < 1000; ++i) writer.give([&done, i] { done.push_back(i); });
  }

  ASSERT_EQ(done.size(), 1000u);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(done[static_cast<std::size_t>(i)], i);
}

TEST(Writer, WhatGathersWhileItWritesBecomesOneBatch) {
  int batches = 0;
  std::promise<void> begun, go_on;
  {
    Writer writer({.begin = [&] { ++batches; }, .end = {}});
    writer.give([&] {
      begun.set_value();
      go_on.get_future().wait();
    });
    begun.get_future().wait();
    for (int i = 0; i < 100; ++i) writer.give([] {});
    go_on.set_value();
  }

  EXPECT_EQ(batches, 2);
}

TEST(Writer, TakesWorkFromSeveralThreads) {
  int done = 0;
  {
    Writer writer;
    std::vector<std::thread> givers;
    for (int i = 0; i < 4; ++i) {
      givers.emplace_back([&] {
        for (int k = 0; k < 250; ++k) writer.give([&] { ++done; });
      });
    }
    for (auto& giver: givers) giver.join();
  }

  EXPECT_EQ(done, 1000);
}

}  // namespace
}  // namespace crosspoint::store
