#include "fanout/outbox.h"

#include <algorithm>

#include "base/assert.h"

namespace crosspoint::fanout {
namespace {

constexpr std::size_t private_segment_bytes = 960;

// Entries younger than this grow; so the age of the oldest byte is known this well, and a connection that has
// fallen behind holds at most ten entries for each second.
constexpr Duration entry_time_span = 100ms;

}  // namespace

const Outbox::Entry& Outbox::entry(std::size_t index) const {
  return index == 0 ? front_ : more_->entries[more_->begin + index - 1];
}

Outbox::Entry& Outbox::entry(std::size_t index) {
  return index == 0 ? front_ : more_->entries[more_->begin + index - 1];
}

Outbox::Entry* Outbox::last() {
  if (entries_ == 0) return nullptr;
  return entries_ == 1 ? &front_ : &more_->entries.back();
}

void Outbox::append_entry(Entry entry) {
  if (entries_++ == 0) {
    front_ = std::move(entry);
    return;
  }
  if (!more_) more_ = std::make_unique<Tail>();
  more_->entries.push_back(std::move(entry));
}

void Outbox::push(const Span& span, MonotonicTime now, Keep keep) {
  if (span.size() == 0) return;
  bytes_ += span.size();
  const bool expendable = keep == Keep::while_there_is_room;
  if (Entry* back = last(); back != nullptr && back->span.continues_with(span) &&
                            now - back->pushed() < entry_time_span && back->expendable() == expendable) {
    back->span.end = span.end;
    return;
  }
  append_entry({span, now, keep});
}

void Outbox::push_private(Bytes header, Bytes payload, MonotonicTime now) {
  const std::size_t bytes = header.size() + payload.size();
  if (!private_ || private_->room() < bytes) {
    private_ = Segment::make(static_cast<std::uint32_t>(std::max(bytes, private_segment_bytes)));
  }
  const std::uint32_t begin = private_->size();
  private_->append(header);
  private_->append(payload);
  push({private_, begin, private_->size()}, now);
}

MonotonicTime Outbox::oldest() const {
  CROSSPOINT_ASSERT(entries_ > 0);
  return front_.pushed();
}

std::size_t Outbox::gather(std::span<Bytes> pieces) const {
  const std::size_t count = std::min<std::size_t>(pieces.size(), entries_);
  for (std::size_t i = 0; i < count; ++i) pieces[i] = entry(i).span.bytes();
  return count;
}

std::size_t Outbox::gather(std::span<Bytes> pieces, std::span<const SegmentRef*> segments) const {
  const std::size_t count = gather(pieces);
  for (std::size_t i = 0; i < count; ++i) segments[i] = &entry(i).span.segment;
  return count;
}

void Outbox::wrote(std::size_t bytes) {
  CROSSPOINT_ASSERT(bytes <= bytes_);
  if (bytes == bytes_) return clear();
  while (bytes > 0) {
    Span& span = front_.span;
    const std::size_t taken = std::min(bytes, span.size());
    if (owed_ >= taken) {
      owed_ -= static_cast<std::uint32_t>(taken);
    } else {
      const std::size_t owed_here = owed_;
      owed_ = 0;
      follow_frames(span.bytes().subspan(owed_here), taken - owed_here);
    }
    bytes -= taken;
    bytes_ -= taken;
    span.begin += static_cast<std::uint32_t>(taken);
    if (span.size() == 0) pop_front();
  }
}

void Outbox::follow_frames(Bytes frames, std::size_t bytes) {
  std::size_t at = 0;
  while (at < bytes) at += static_cast<std::size_t>(frame_length_(frames.subspan(at)));
  owed_ = static_cast<std::uint32_t>(at - bytes);
}

std::size_t Outbox::frames_in(Bytes whole_frames) const {
  std::size_t frames = 0;
  for (std::size_t at = 0; at < whole_frames.size(); ++frames) {
    at += static_cast<std::size_t>(frame_length_(whole_frames.subspan(at)));
  }
  return frames;
}

std::size_t Outbox::frames_unwritten() const {
  std::size_t frames = 0;
  for (std::size_t i = 0; i < entries_; ++i) {
    frames += frames_in(entry(i).span.bytes().subspan(i == 0 ? owed_ : 0));
  }
  return frames;
}

Outbox::Dropped Outbox::drop_unwritten() {
  const Dropped dropped{.frames = frames_unwritten(), .bytes = bytes_ - owed_};
  if (dropped.bytes == 0) return dropped;
  if (owed_ == 0) {
    clear();
    return dropped;
  }
  // A frame lies in one span, and what is owed is the beginning of the front one.
  CROSSPOINT_ASSERT(front_.span.size() >= owed_);
  front_.span.end = front_.span.begin + owed_;
  more_.reset();
  entries_ = 1;
  bytes_ = owed_;
  return dropped;
}

Outbox::Dropped Outbox::drop_oldest(std::size_t bytes, MonotonicTime before, MonotonicTime now) {
  Dropped dropped;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < entries_; ++i) {
    Entry& here = entry(i);
    const std::size_t owed = i == 0 ? owed_ : 0;
    if (here.expendable() && (dropped.bytes < bytes || here.pushed() < before)) {
      dropped.frames += frames_in(here.span.bytes().subspan(owed));
      dropped.bytes += here.span.size() - owed;
      if (owed == 0) continue;
      here.span.end = here.span.begin + owed_;
      here = Entry(std::move(here.span), now, Keep::always);
    }
    if (kept != i) entry(kept) = std::move(here);
    ++kept;
  }
  bytes_ -= dropped.bytes;
  keep_first(kept);
  return dropped;
}

void Outbox::keep_first(std::size_t entries) {
  if (entries == 0) return clear();
  if (entries == entries_) return;
  entries_ = static_cast<std::uint32_t>(entries);
  if (entries == 1) return more_.reset();
  more_->entries.resize(more_->begin + entries - 1);
}

void Outbox::pop_front() {
  --entries_;
  if (entries_ == 0) {
    front_.span = {};
    return;
  }
  auto& [entries, begin] = *more_;
  front_ = std::move(entries[begin++]);
  if (begin == entries.size()) {
    more_.reset();
  } else if (begin >= 64 && begin * 2 >= entries.size()) {
    entries.erase(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(begin));
    begin = 0;
  }
}

void Outbox::clear() {
  front_.span = {};
  more_.reset();
  entries_ = 0;
  bytes_ = 0;
  owed_ = 0;
  private_ = {};
}

}  // namespace crosspoint::fanout
