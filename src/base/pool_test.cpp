#include "base/pool.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <set>
#include <vector>

namespace crosspoint {
namespace {

constexpr std::size_t object_bytes = 1000;
constexpr std::size_t per_block_max = Pool::block_bytes / object_bytes;

TEST(Pool, GivesEachObjectRoomOfItsOwn) {
  Pool pool(object_bytes);
  std::vector<void*> objects;
  for (std::size_t i = 0; i < 3 * per_block_max; ++i) {
    objects.push_back(pool.take());
    std::memset(objects.back(), static_cast<int>(i % 251), object_bytes);
  }

  for (std::size_t i = 0; i < objects.size(); ++i) {
    const auto* bytes = static_cast<const unsigned char*>(objects[i]);
    ASSERT_EQ(reinterpret_cast<std::uintptr_t>(bytes) % alignof(void*), 0u);
    ASSERT_EQ(bytes[0], i % 251);
    ASSERT_EQ(bytes[object_bytes - 1], i % 251);
  }
  EXPECT_EQ(pool.objects(), objects.size());
  EXPECT_EQ(pool.blocks(), 4u);
  for (void* object: objects) Pool::give_back(object);
}

TEST(Pool, TakesWhatWasGivenBackBeforeAnythingNew) {
  Pool pool(object_bytes);
  std::vector<void*> objects;
  for (std::size_t i = 0; i < 2 * per_block_max; ++i) objects.push_back(pool.take());
  std::set<void*> given;
  for (std::size_t i = 0; i < objects.size(); i += 3) {
    given.insert(objects[i]);
    Pool::give_back(objects[i]);
  }
  const std::size_t blocks = pool.blocks();

  std::vector<void*> again;
  for (std::size_t i = 0; i < given.size(); ++i) again.push_back(pool.take());

  EXPECT_EQ(pool.blocks(), blocks);
  EXPECT_EQ(pool.objects(), objects.size());
  for (void* object: again) Pool::give_back(object);
  for (void* object: objects) {
    if (!given.contains(object)) Pool::give_back(object);
  }
}

TEST(Pool, ABlockGoesBackWithItsLastObject) {
  Pool pool(object_bytes);
  std::vector<void*> objects;
  for (std::size_t i = 0; i < 10 * per_block_max; ++i) objects.push_back(pool.take());
  ASSERT_GT(pool.blocks(), 9u);

  for (std::size_t i = 1; i < objects.size(); ++i) Pool::give_back(objects[i]);

  EXPECT_LE(pool.blocks(), 2u);
  EXPECT_EQ(pool.objects(), 1u);
  Pool::give_back(objects[0]);
}

TEST(Pool, OneBlockStaysForThoseWhoComeAndGo) {
  Pool pool(object_bytes);
  void* const first = pool.take();
  Pool::give_back(first);
  EXPECT_EQ(pool.blocks(), 1u);

  EXPECT_EQ(pool.take(), first);
  Pool::give_back(first);

  std::vector<void*> objects;
  for (std::size_t i = 0; i < 10 * per_block_max; ++i) objects.push_back(pool.take());
  for (void* object: objects) Pool::give_back(object);
  EXPECT_EQ(pool.blocks(), 1u);
}

struct Base {
  virtual ~Base() = default;
};
struct Thing final : Base, Pooled {
  explicit Thing(int with) : number(with) {}
  int number;
};

TEST(Pool, APooledObjectIsDeletedThroughItsBase) {
  Pool pool(sizeof(Thing));
  std::unique_ptr<Thing> thing(new (pool) Thing(7));
  EXPECT_EQ(thing->number, 7);
  EXPECT_EQ(pool.objects(), 1u);

  std::unique_ptr<Base> base = std::move(thing);
  base.reset();

  EXPECT_EQ(pool.objects(), 0u);
}

}  // namespace
}  // namespace crosspoint
