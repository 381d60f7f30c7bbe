#pragma once
// What one loop has to tell another in a turn, of all streams that the two share: noted as it happens, posted
// once, at the very end of the turn. Private to net/*.cpp (far_streams.h says what it is about).

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/segment.h"
#include "net/address.h"
#include "net/loop.h"
#include "net/stream.h"

namespace crosspoint::net {

enum class FarNews : std::uint8_t {
  bytes,  // the next `value` pieces of the batch
  // to where the stream is used
  arrived,  // a new one: the next of the batch's arrivals
  taken,    // the socket took `value` bytes
  end,      // the peer's FIN
  failed,   // `value` is the StreamError
  // to where the socket is
  start,
  pause,
  resume,
  delivered,  // `value` bytes reached whoever uses the stream
  shut_down,
  close,  // `value` bytes were delivered since that was last told
  reset,  // close, with RST
};

struct FarNote {
  FarNews news;
  std::uint32_t line;  // the number of a stream, the same on both loops
  std::uint64_t value = 0;
};

struct FarArrival {
  Address peer;
  std::move_only_function<void(std::unique_ptr<Stream>)> arrived;
};

// Memory of batches that have been read, for later ones: given back to the heap, and so to the system, it
// would have to be found page by page again. Of one loop.
class FarSpares {
 public:
  static constexpr std::size_t bytes_max = 8 * 1024 * 1024;

  // Empty, with room for so many bytes, if the newest one has it.
  ByteVector take(std::size_t bytes);
  void keep(ByteVector chunk);
  std::size_t bytes() const { return bytes_; }

 private:
  std::vector<ByteVector> chunks_;
  std::size_t bytes_ = 0;
};

// Bytes that lie side by side, in a batch.
struct FarPiece {
  enum class In : std::uint8_t {
    chunk,    // memory of the batch
    segment,  // one that it holds
  };
  In in;
  std::uint32_t place;  // which of them
  std::uint32_t begin, end;

  bool continues_with(const FarPiece& next) const {
    return in == next.in && place == next.place && end == next.begin;
  }
};

// A turn's worth, in the order in which it happened.
class FarBatch {
 public:
  // Used for as long as bytes are added.
  explicit FarBatch(FarSpares& spares) : spares_(spares) {}

  void add(const FarNote& note) { notes_.push_back(note); }
  // At least one byte, copied. A note of its own unless the last one goes on with it.
  void add_bytes(std::uint32_t line, Bytes bytes);
  // The same for bytes of a segment, which is held instead. However many streams share it, it is counted
  // once.
  void add_shared(std::uint32_t line, Bytes bytes, const SegmentRef& segment);

  std::span<const FarNote> notes() const { return notes_; }
  // What belongs to the next note of `bytes`, or `arrived`.
  std::span<const FarPiece> take_pieces(std::size_t count);
  FarArrival take_arrival() { return std::move(arrivals[arrivals_taken_++]); }

  Bytes bytes_of(const FarPiece& piece) const;
  // Of the batch's own memory.
  MutableBytes own_bytes_of(const FarPiece& piece);
  // Null: it lies in none.
  const SegmentRef* segment_of(const FarPiece& piece) const;
  // Lets go of the segments: it has been read.
  void release_segments() { segments_.clear(); }

  // Did it take more memory than a usual turn does?
  bool worth_keeping() const;
  void give_back(FarSpares& spares);

  std::vector<FarArrival> arrivals;

 private:
  ByteVector& chunk_for(std::size_t bytes);
  std::uint32_t hold(const SegmentRef& segment);
  void add_piece(std::uint32_t line, const FarPiece& piece);

  FarSpares& spares_;
  std::vector<FarNote> notes_;
  std::vector<FarPiece> pieces_;
  std::vector<ByteVector> chunks_;  // each filled as far as it was reserved
  std::vector<SegmentRef> segments_;
  std::size_t pieces_taken_ = 0;
  std::size_t arrivals_taken_ = 0;
};

class FarHearer {
 public:
  // On the loop that the batch was posted to, in a turn of its own.
  virtual void on_batch(FarBatch& batch) = 0;

 protected:
  ~FarHearer() = default;
};

class Courier final : private TurnEndHook {
 public:
  // Both loops outlive it; used on the first one's thread.
  Courier(Loop& from, Loop& to) : from_(from), to_(to), spares_(std::make_shared<FarSpares>()) {}
  // Who is told; not told any more once it has gone.
  void deliver_to(std::weak_ptr<FarHearer> hearer) { hearer_ = std::move(hearer); }

  void note(const FarNote& note) { batch().add(note); }
  void note_bytes(std::uint32_t line, Bytes bytes) { batch().add_bytes(line, bytes); }
  void note_shared(std::uint32_t line, Bytes bytes, const SegmentRef& segment) {
    batch().add_shared(line, bytes, segment);
  }
  void note_arrival(std::uint32_t line, FarArrival arrival);
  std::size_t spare_bytes() const { return spares_->bytes(); }

 private:
  FarBatch& batch();
  void on_turn_end() override;

  Loop& from_;
  Loop& to_;
  std::weak_ptr<FarHearer> hearer_;
  std::shared_ptr<FarSpares> spares_;  // what is on its way back may come later than the end
  std::unique_ptr<FarBatch> batch_;
};

}  // namespace crosspoint::net
