#include "base/pool.h"

#include <sys/mman.h>

#include <cstdint>
#include <memory>
#include <new>

#include "base/assert.h"
#include "base/out_of_memory.h"

// Memory between two objects that lie in it is out of bounds, as on the heap.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CROSSPOINT_POOL_POISONS
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define CROSSPOINT_POOL_POISONS
#endif
#ifdef CROSSPOINT_POOL_POISONS
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, bytes) (void(address), void(bytes))
#define ASAN_UNPOISON_MEMORY_REGION(address, bytes) (void(address), void(bytes))
#endif

namespace crosspoint {

// What lies before each object: while it is taken, whose it is; while it is not, which is free after it.
struct Pool::Slot {
  union {
    Block* block;
    Slot* next_free;
  };
  void* object() { return this + 1; }
  static Slot& of(void* object) { return *(static_cast<Slot*>(object) - 1); }
};

// The beginning of a block, with its slots behind it. Slots that were never taken are not touched, so that a
// block costs only what it holds.
struct Pool::Block {
  Pool& pool;
  Block* previous = nullptr;  // among those with room
  Block* next = nullptr;
  Slot* free = nullptr;
  std::uint32_t taken = 0;
  std::uint32_t touched = 0;  // slots that have been taken at least once

  std::byte* slots() { return reinterpret_cast<std::byte*>(this + 1); }
  bool full() const { return taken == pool.slots_per_block_; }
};

Pool::Pool(std::size_t object_bytes)
    : slot_bytes_(sizeof(Slot) + (object_bytes + alignof(Slot) - 1) / alignof(Slot) * alignof(Slot)),
      slots_per_block_((block_bytes - sizeof(Block)) / slot_bytes_) {
  CROSSPOINT_ASSERT(slots_per_block_ > 1);
}

Pool::~Pool() {
  CROSSPOINT_ASSERT(objects_ == 0);
  if (with_room_ != nullptr) let_go(*with_room_);
}

void* Pool::take() {
  Block& block = with_room_ != nullptr ? *with_room_ : make_block();
  Slot* slot = block.free;
  if (slot != nullptr) {
    block.free = slot->next_free;
  } else {
    std::byte* const fresh = block.slots() + block.touched++ * slot_bytes_;
    ASAN_UNPOISON_MEMORY_REGION(fresh, sizeof(Slot));
    slot = new (fresh) Slot;
  }
  slot->block = &block;
  ++block.taken;
  ++objects_;
  if (block.full()) unlink(block);
  ASAN_UNPOISON_MEMORY_REGION(slot->object(), slot_bytes_ - sizeof(Slot));
  return slot->object();
}

void Pool::give_back(void* object) {
  Slot& slot = Slot::of(object);
  slot.block->pool.put(slot);
}

void Pool::put(Slot& slot) {
  Block& block = *slot.block;
  ASAN_POISON_MEMORY_REGION(slot.object(), slot_bytes_ - sizeof(Slot));
  if (block.full()) link(block);
  slot.next_free = block.free;
  block.free = &slot;
  --block.taken;
  --objects_;
  // The last block with room stays: a few who come and go are not to cost a block each time.
  const bool others_have_room = block.previous != nullptr || block.next != nullptr;
  if (block.taken == 0 && others_have_room) let_go(block);
}

Pool::Block& Pool::make_block() {
  void* memory = ::mmap(nullptr, block_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) out_of_memory();
  auto& block = *new (memory) Block{*this};
  ASAN_POISON_MEMORY_REGION(block.slots(), block_bytes - sizeof(Block));
  ++blocks_;
  link(block);
  return block;
}

void Pool::let_go(Block& block) {
  unlink(block);
  --blocks_;
  ASAN_UNPOISON_MEMORY_REGION(&block, block_bytes);
  ::munmap(&block, block_bytes);
}

void Pool::link(Block& block) {
  block.next = with_room_;
  if (with_room_ != nullptr) with_room_->previous = &block;
  with_room_ = &block;
}

void Pool::unlink(Block& block) {
  (block.previous != nullptr ? block.previous->next : with_room_) = block.next;
  if (block.next != nullptr) block.next->previous = block.previous;
  block.previous = block.next = nullptr;
}

}  // namespace crosspoint
