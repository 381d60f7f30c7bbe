#include <gtest/gtest.h>

#include "bench/deliveries.h"
#include "bench/open_calls.h"

namespace crosspoint::bench {
namespace {

TEST(Deliveries, AMessageIsUnderWayUntilEverybodyHasItAndAllBeforeIt) {
  Deliveries deliveries;
  EXPECT_EQ(deliveries.send(2), 0u);
  EXPECT_EQ(deliveries.send(1), 1u);

  EXPECT_FALSE(deliveries.arrive(1));  // the older one is still out
  EXPECT_FALSE(deliveries.arrive(0));
  EXPECT_EQ(deliveries.under_way(), 2u);
  EXPECT_TRUE(deliveries.arrive(0));
  EXPECT_EQ(deliveries.under_way(), 0u);
  EXPECT_EQ(deliveries.sent(), 2u);
}

TEST(Deliveries, WhatWasNeverSentOrHasArrivedChangesNothing) {
  Deliveries deliveries;
  deliveries.send(1);
  EXPECT_FALSE(deliveries.arrive(7));
  EXPECT_TRUE(deliveries.arrive(0));
  EXPECT_FALSE(deliveries.arrive(0));
  EXPECT_EQ(deliveries.sent(), 1u);
}

TEST(OpenCalls, EachIsAnsweredOnceInWhateverOrder) {
  OpenCalls calls;
  EXPECT_EQ(calls.begin(), 1u);
  EXPECT_EQ(calls.begin(), 2u);
  EXPECT_TRUE(calls.end(2));
  EXPECT_FALSE(calls.end(2));
  EXPECT_FALSE(calls.end(0));
  EXPECT_FALSE(calls.end(3));
  EXPECT_EQ(calls.open(), 1u);
  EXPECT_TRUE(calls.end(1));
  EXPECT_EQ(calls.open(), 0u);
  EXPECT_EQ(calls.begun(), 2u);
}

}  // namespace
}  // namespace crosspoint::bench
