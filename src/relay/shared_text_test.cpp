#include "relay/shared_text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace crosspoint::relay {
namespace {

TEST(SharedText, IsKeptOnceForAllWhoShareIt) {
  TextPool pool;
  std::vector<SharedText> texts;
  for (int i = 0; i < 100; ++i) texts.push_back(pool.share(i % 2 == 0 ? "Mozilla/5.0 (X11)" : "curl/7.88.1"));

  EXPECT_EQ(pool.size(), 2u);
  EXPECT_EQ(texts[0].text(), "Mozilla/5.0 (X11)");
  EXPECT_EQ(texts[1].text(), "curl/7.88.1");
  EXPECT_EQ(texts[0].text().data(), texts[98].text().data());
}

TEST(SharedText, IsForgottenWithTheLastWhoSharesIt) {
  TextPool pool;
  SharedText first = pool.share("one");
  {
    SharedText second = pool.share("one");
    first = pool.share("two");
    EXPECT_EQ(pool.size(), 2u);
  }

  EXPECT_EQ(pool.size(), 1u);
  first = {};
  EXPECT_EQ(pool.size(), 0u);
}

TEST(SharedText, MovesWithoutBeingSharedTwice) {
  TextPool pool;
  SharedText from = pool.share("text");
  const SharedText to = std::move(from);

  EXPECT_EQ(to.text(), "text");
  EXPECT_EQ(pool.size(), 1u);
}

TEST(SharedText, TheEmptyOneNeedsNoPool) {
  TextPool pool;
  const SharedText text = pool.share("");

  EXPECT_EQ(text.text(), "");
  EXPECT_EQ(SharedText().text(), "");
  EXPECT_EQ(pool.size(), 0u);
}

// What a stranger says of itself may be anything.
TEST(SharedText, HoldsAnyBytes) {
  TextPool pool;
  const std::string bytes("a\0b\xff", 4);
  const SharedText text = pool.share(bytes);

  EXPECT_EQ(text.text(), bytes);
}

}  // namespace
}  // namespace crosspoint::relay
