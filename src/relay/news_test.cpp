#include "relay/news.h"

#include <gtest/gtest.h>

namespace crosspoint::relay {
namespace {

TEST(NewsBook, KeepsTheOrderInWhichThingsHappened) {
  NewsBook book;
  for (const auto kind: {NewsKind::topic_created, NewsKind::client_joined, NewsKind::client_left,
                         NewsKind::topic_deleted, NewsKind::topic_created}) {
    ASSERT_TRUE(book.has_room(kind));
    book.add({kind});
  }
  const auto news = book.take();
  ASSERT_EQ(news.items.size(), 5u);
  EXPECT_EQ(news.items[2].kind, NewsKind::client_left);
  EXPECT_EQ(news.items[4].kind, NewsKind::topic_created);
  EXPECT_TRUE(book.take().items.empty());
}

TEST(NewsBook, D8_PastItsLimitAKindIsOnlyCountedAndTheOthersAreNot) {
  NewsBook book;
  for (std::size_t i = 0; i < NewsBook::news_max; ++i) {
    ASSERT_TRUE(book.has_room(NewsKind::client_joined));
    book.add({NewsKind::client_joined});
  }
  EXPECT_FALSE(book.has_room(NewsKind::client_joined));
  EXPECT_FALSE(book.has_room(NewsKind::client_joined));
  EXPECT_TRUE(book.has_room(NewsKind::client_left));
  const auto news = book.take();
  EXPECT_EQ(news.items.size(), NewsBook::news_max);
  EXPECT_EQ(news.left_out[static_cast<std::size_t>(NewsKind::client_joined)], 2u);
  EXPECT_EQ(news.left_out[static_cast<std::size_t>(NewsKind::client_left)], 0u);
  EXPECT_TRUE(book.has_room(NewsKind::client_joined)) << "what was taken makes room";
}

}  // namespace
}  // namespace crosspoint::relay
