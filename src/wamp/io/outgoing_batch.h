#pragma once
// What one client of a `.batched` subprotocol gets in one turn, gathered until it is sent as one batch.
//
// A single EVENT that others get too is not copied: its frame is a batch of one already (message_frame.h).
// Where there is more in a turn, small messages are copied into one frame; sharing that as well would need
// clients that get just the same, and saves little beside the write.

#include <optional>
#include <utility>

#include "wamp/batch.h"
#include "wamp/io/message_frame.h"

namespace crosspoint::wamp {

class OutgoingBatch {
 public:
  explicit OutgoingBatch(data::Format format, batch::Separator separator)
      : format_(format), separator_(separator) {}

  // What the client used, it gets.
  void answer_with(std::optional<batch::Separator> separator) { separator_ = separator.value_or(separator_); }
  batch::Separator separator() const { return separator_; }

  void add(Bytes message) {
    copy_shared();
    const batch::Envelope envelope(format_, separator_, message.size());
    append(bytes_, envelope.before());
    append(bytes_, message);
    append(bytes_, envelope.after());
  }
  // A message_frame of this format, batched.
  void add(const Span& frame) {
    if (empty()) {
      shared_ = frame;
      return;
    }
    copy_shared();
    append(bytes_, content_of(frame).bytes());
  }

  bool empty() const { return bytes_.empty() && !shared_; }
  std::size_t bytes() const { return shared_ ? shared_->size() : bytes_.size(); }

  // The frame of the only message, if others have it too; the content of a batch otherwise. Empty then.
  std::optional<Span> take_shared() { return std::exchange(shared_, std::nullopt); }
  ByteVector take_bytes() { return std::exchange(bytes_, {}); }
  void clear() {
    shared_.reset();
    bytes_ = {};
  }

 private:
  void copy_shared() {
    if (shared_) append(bytes_, content_of(*take_shared()).bytes());
  }

  const data::Format format_;
  batch::Separator separator_;
  std::optional<Span> shared_;
  ByteVector bytes_;
};

}  // namespace crosspoint::wamp
