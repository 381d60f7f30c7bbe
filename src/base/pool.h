#pragma once
// Room for many objects of one size that stay long, side by side and apart from what comes and goes. The heap
// would lay them between what serves a connection while it arrives, and the holes that leaves are as good as
// lost. Here nothing lies between them, and a block goes back to the system with its last object, but for one
// that is kept: a crowd that has left holds no memory.
//
// Of one owner, for one thread at a time. Objects know where they came from: class Pooled makes `new (pool)
// Type(…)` and an ordinary `delete` of them.

#include <cstddef>

namespace crosspoint {

class Pool {
 public:
  static constexpr std::size_t block_bytes = 256 * 1024;

  // Objects of at most so many bytes, aligned as a pointer is. Many of them fit into a block.
  explicit Pool(std::size_t object_bytes);
  ~Pool();  // all have been given back
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  void* take();
  static void give_back(void* object);

  std::size_t objects() const { return objects_; }  // taken and not given back
  std::size_t blocks() const { return blocks_; }

 private:
  struct Slot;
  struct Block;
  Block& make_block();
  void let_go(Block& block);
  void link(Block& block);
  void unlink(Block& block);
  void put(Slot& slot);

  const std::size_t slot_bytes_;
  const std::size_t slots_per_block_;
  Block* with_room_ = nullptr;  // the blocks that are not full
  std::size_t objects_ = 0;
  std::size_t blocks_ = 0;
};

// The base of a class whose objects lie in a pool.
class Pooled {
 public:
  static void* operator new(std::size_t, Pool& pool) { return pool.take(); }
  static void operator delete(void* object) { Pool::give_back(object); }
  static void operator delete(void* object, Pool&) { Pool::give_back(object); }

 protected:
  Pooled() = default;
  ~Pooled() = default;
};

}  // namespace crosspoint
