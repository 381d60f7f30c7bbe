#include "media/stream_watch.h"

#include <algorithm>

namespace crosspoint::media {
namespace {

// A stream that has announced no access point for so many pictures is searched for them.
constexpr std::uint32_t starts_before_scanning = 250;
// A clock never runs backwards. Forwards it jumps when the line was interrupted; together with a counter that
// jumped it is taken for another encoder's.
constexpr std::int64_t clock_back_max = static_cast<std::int64_t>(pcr_hz) / 10;
constexpr std::int64_t clock_ahead_max = static_cast<std::int64_t>(pcr_hz) * 2;
// After so long without a picture, sound is enough to come in at.
constexpr Duration video_silence_max = 5s;
// After so long without tables there will be none: jsmpeg needs none.
constexpr Duration tables_wait_max = 2s;
// Signs of another stream that follow each other so quickly, so often, do not mean that publishers replace
// each other: feeds of separate encoders share the topic, and the same PIDs.
constexpr Duration quick_sign = 2s;
constexpr std::uint32_t signs_believed = 5;

std::uint32_t read_header(const std::byte* packet) {
  return std::uint32_t{to_u8(packet[0])} << 24 | std::uint32_t{to_u8(packet[1])} << 16 |
         std::uint32_t{to_u8(packet[2])} << 8 | to_u8(packet[3]);
}

// Of a packet with nothing but payload, on the same PID, one further.
std::uint32_t next_header(std::uint32_t header) { return (header & ~0x0fu) | ((header + 1) & 0x0f); }
std::uint32_t continuation_header(Pid pid, std::uint8_t counter) {
  return next_header(0x47000010u | std::uint32_t{pid} << 8 | counter);
}

Bytes elementary_data(Bytes payload, const Result<PesHeader, PesError>& header) {
  return header ? payload.subspan(std::min(payload.size(), header->header_bytes)) : Bytes{};
}

std::optional<Timestamp> time_of(const Result<PesHeader, PesError>& header) {
  return header ? header->decode_time() : std::nullopt;
}

}  // namespace

// ---- PIDs ----

PidEntry* PidMap::find_or_add(Pid pid) {
  std::size_t slot = (pid ^ pid >> 8) % slots;
  while (slots_[slot] != no_entry) {
    PidEntry& entry = entries_[slots_[slot]];
    if (entry.pid == pid) return &entry;
    slot = (slot + 1) % slots;
  }
  return count_ == entries_.size() ? nullptr : add(pid, slot);
}

PidEntry* PidMap::add(Pid pid, std::size_t slot) {
  slots_[slot] = static_cast<std::uint8_t>(count_);
  PidEntry& entry = entries_[count_++];
  entry.pid = pid;
  entry.role = pid == pid_pat                ? PidEntry::Role::table
               : is_service_information(pid) ? PidEntry::Role::information
                                             : PidEntry::Role::other;
  entry.starts_unannounced = starts_before_scanning;  // until the stream shows that it announces them
  return &entry;
}

// ---- messages ----

void StreamWatch::begin_message(MonotonicTime now, std::size_t carried) {
  now_ = now;
  restarted_ = false;
  access_.reset();
  run_begin_ = -static_cast<std::int64_t>(carried);
  run_has_pat_ = false;
  run_pmts_ = 0;
}

std::size_t StreamWatch::on_packets(Bytes packets, std::int64_t offset) {
  std::size_t count = 0;
  for (std::size_t at = 0; at + packet_bytes <= packets.size(); at += packet_bytes, ++count) {
    const std::byte* bytes = packets.data() + at;
    if (continuation_ != 0 && read_header(bytes) == continuation_) {
      ++current_->frame_packets;
      current_->continuity_counter = continuation_ & 0x0f;
      continuation_ = next_header(continuation_);
      continue;
    }
    const PacketView packet{PacketBytes(bytes, packet_bytes)};
    if (!packet.has_sync()) break;
    current_ = nullptr;
    on_packet(packet, offset + static_cast<std::int64_t>(at));
    expect_continuation();
  }
  counters_.packets += count;
  return count;
}

void StreamWatch::end_message() {
  // What is reported must lie in the message that is reported on; so this is the last moment to decide.
  if (scanning_ && scanner_.promising()) {
    access_ = scan_begin_;
    access_pid_ = video_pid_;
    access_has_tables_ = scan_has_tables_;
    note_key_frame(scan_time_);
  }
  scanning_ = false;
}

void StreamWatch::restart() {
  continuation_ = 0;
  ++counters_.restarts;
  restarted_ = true;
  access_.reset();
  for (PidEntry& entry: pids_.all()) {
    // Tables come before anything that tells that the stream is another: their counters are the new stream's
    // already.
    if (entry.role <= PidEntry::Role::information) continue;
    entry.counted = false;
    entry.continuity_counter = 0x0f;
    entry.access_announced = false;
    entry.wanted = false;
    entry.starts_unannounced = starts_before_scanning;
    entry.frame_packets = 0;
  }
  began_ = now_;
  last_pcr_.reset();
  counter_jumped_ = false;
  last_video_.reset();
  last_audio_.reset();
  last_access_.reset();
  key_frame_time_.reset();
  frames_per_second_ = 0;
  key_frame_seconds_ = 0;
  largest_frame_packets_ = 0;
  has_b_pictures_ = false;
  scrambled_ = false;
  video_guess_ = Codec::unknown;
  video_format_ = {};
  audio_format_ = {};
  scanning_ = false;
  gathering_ = false;
}

// ---- packets ----

void StreamWatch::expect_continuation() {
  const bool nothing_to_tell = current_ != nullptr && current_->role > PidEntry::Role::information &&
                               current_->counted && !current_->repeated && !current_->wanted && !run_active_;
  continuation_ = nothing_to_tell ? continuation_header(current_->pid, current_->continuity_counter) : 0;
}

void StreamWatch::on_packet(const PacketView& packet, std::int64_t offset) {
  const Pid pid = packet.pid();
  if (pid == pid_null) return;
  if (packet.transport_error()) {
    ++counters_.transport_errors;
    return;
  }
  PidEntry* entry = pids_.find_or_add(pid);
  if (entry == nullptr) {
    ++counters_.packets_ignored;
    return;
  }
  current_ = entry;
  check_counter(*entry, packet);
  if (packet.has_adaptation() && pid == pcr_pid_) check_clock(*entry, packet);
  if (!packet.has_payload()) return;

  ++entry->frame_packets;
  if (entry->role <= PidEntry::Role::information) {
    if (!run_active_) {
      run_begin_ = offset;
      run_has_pat_ = false;
      run_pmts_ = 0;
    }
    run_active_ = true;
    if (entry->role == PidEntry::Role::table) on_table(*entry, packet);
    return;
  }
  if (packet.payload_unit_start() || entry->wanted || packet.has_adaptation())
    on_payload(*entry, packet, offset);
  run_active_ = false;
}

void StreamWatch::check_counter(PidEntry& entry, const PacketView& packet) {
  const std::uint8_t counter = packet.continuity_counter();
  const std::uint8_t expected = (entry.continuity_counter + (packet.has_payload() ? 1 : 0)) & 0x0f;
  const bool first = !std::exchange(entry.counted, true);
  const bool was_repeated = std::exchange(entry.repeated, false);
  const std::uint8_t last = std::exchange(entry.continuity_counter, counter);
  if (counter == expected || first) return;
  if (counter == last && !was_repeated) {  // section 2.4.3.3 allows one exact copy
    entry.repeated = true;
    return;
  }
  if (entry.role == PidEntry::Role::table) tables_.reset(entry.pid);
  if (packet.discontinuity()) return;
  ++counters_.continuity_errors;
  counter_jumped_ = true;
}

void StreamWatch::check_clock(PidEntry& entry, const PacketView& packet) {
  const auto pcr = packet.pcr();
  if (!pcr) return;
  if (last_pcr_) {
    const std::int64_t ahead = pcr_difference(*pcr, *last_pcr_);
    const bool counter_broken = counter_jumped_ || packet.discontinuity();
    if (ahead < -clock_back_max || (ahead > clock_ahead_max && counter_broken)) {
      on_sign_of_another_stream();
      entry.counted = true;
      entry.continuity_counter = packet.continuity_counter();
    }
  }
  last_pcr_ = pcr;
  counter_jumped_ = false;
}

// ---- tables ----

void StreamWatch::on_table(const PidEntry& entry, const PacketView& packet) {
  // A copy of the packet before: inside a longer section it must not be read twice.
  if (entry.repeated && !packet.payload_unit_start()) return;
  if (packet.payload_unit_start()) {
    if (entry.pid == pid_pat) {
      run_has_pat_ = true;
    } else {
      ++run_pmts_;
    }
  }
  const std::uint64_t errors = tables_.errors();
  const auto change = tables_.on_packet(packet);
  counters_.table_errors += tables_.errors() - errors;
  if (change == TableWatch::Change::none) return;

  const Pid video_before = video_pid_;
  const Codec codec_before = listed_video_;
  if (entry.pid == pid_pat) assign_roles();
  on_pmt();
  const bool other_video =
      codec_before != Codec::none && (video_pid_ != video_before || listed_video_ != codec_before);
  switch (change) {
    case TableWatch::Change::none: return;
    // A new version is what a multiplexer sends that mutes the sound; only other pictures make another stream
    // of it.
    case TableWatch::Change::first:
    case TableWatch::Change::revised:
      if (other_video) on_sign_of_another_stream();
      return;
    case TableWatch::Change::replaced:
    case TableWatch::Change::alternates: on_sign_of_another_stream(); return;
  }
}

void StreamWatch::on_sign_of_another_stream() {
  const bool quick = signs_in_a_row_ > 0 && now_ - last_sign_ < quick_sign;
  if (!restarted_) signs_in_a_row_ = quick ? signs_in_a_row_ + 1 : 1;
  last_sign_ = now_;
  if (!feeds_interleaved(now_)) restart();
}

bool StreamWatch::feeds_interleaved(MonotonicTime now) const {
  return signs_in_a_row_ > signs_believed && now - last_sign_ < quick_sign;
}

void StreamWatch::assign_roles() {
  for (PidEntry& entry: pids_.all()) {
    const bool table = tables_.is_table(entry.pid);
    if (table) {
      entry.role = PidEntry::Role::table;
    } else if (entry.role == PidEntry::Role::table) {
      entry.role = is_service_information(entry.pid) ? PidEntry::Role::information : PidEntry::Role::other;
    }
  }
  tables_.for_each_pid([this](Pid pid) {
    if (PidEntry* entry = pids_.find_or_add(pid)) entry->role = PidEntry::Role::table;
  });
}

void StreamWatch::on_pmt() {
  const Pmt* program = tables_.program();
  if (program == nullptr) return;
  if (pcr_pid_ != program->pcr_pid) last_pcr_.reset();
  pcr_pid_ = program->pcr_pid;
  for (PidEntry& entry: pids_.all()) entry.listed = false;
  Pid video = pid_null;
  listed_audio_ = Codec::none;
  video_listed_ = audio_listed_ = false;
  for (const auto& stream: program->streams) {
    PidEntry* entry = pids_.find_or_add(stream.pid);
    if (entry == nullptr || entry->role == PidEntry::Role::table) continue;
    entry->listed = true;
    entry->codec = codec_of(stream);
    if (is_video(entry->codec)) {
      entry->role = PidEntry::Role::video;
      if (!video_listed_) video = stream.pid;
      if (!video_listed_) listed_video_ = entry->codec;
      video_listed_ = true;
    } else if (is_audio(entry->codec)) {
      entry->role = PidEntry::Role::audio;
      if (!audio_listed_) listed_audio_ = entry->codec;
      audio_listed_ = true;
    }
  }
  if (video_listed_) video_pid_ = video;
  if (!video_listed_ && !feeds_interleaved(now_)) listed_video_ = Codec::none;
}

// ---- elementary streams ----

void StreamWatch::on_payload(PidEntry& entry, const PacketView& packet, std::int64_t offset) {
  if (packet.scrambled()) {
    scrambled_ = true;
    return;
  }
  if (packet.payload_unit_start()) return on_pes_start(entry, packet, offset);
  if (packet.random_access()) entry.access_announced = true;
  if (entry.wanted) on_video_data(entry, packet.payload());
}

void StreamWatch::on_pes_start(PidEntry& entry, const PacketView& packet, std::int64_t offset) {
  const Bytes payload = packet.payload();
  const bool starts = payload.size() >= 4 && read_big_endian(payload.first(3)) == 1;
  if (!starts) return;
  entry.elementary = true;
  // The stream_id decides where it can, as it does for jsmpeg: feeds that share a PID, or have no tables, are
  // told apart.
  const std::uint8_t id = to_u8(payload[3]);
  const bool private_stream = !is_video_stream_id(id) && !is_audio_stream_id(id);
  if (is_video_stream_id(id) || (private_stream && is_video(entry.codec)))
    return on_video_start(entry, packet, offset);
  if (is_audio_stream_id(id) || (private_stream && is_audio(entry.codec)))
    return on_audio_start(entry, packet, offset);
}

// Of several video streams players show the one the tables list first, or the only one that comes.
bool StreamWatch::is_primary(const PidEntry& entry) {
  const bool silent =
      last_video_ ? now_ - *last_video_ > video_silence_max : now_ - began_ > video_silence_max;
  if (video_pid_ == pid_null || (video_pid_ != entry.pid && silent)) video_pid_ = entry.pid;
  return video_pid_ == entry.pid;
}

bool StreamWatch::audio_only() const {
  if (last_video_) return now_ - *last_video_ > video_silence_max;
  if (tables_.complete() && !video_listed_) return true;
  return now_ - began_ > video_silence_max;
}

void StreamWatch::on_video_start(PidEntry& entry, const PacketView& packet, std::int64_t offset) {
  if (!is_primary(entry)) return;
  if (gathering_) read_headers();
  if (last_video_)
    largest_frame_packets_ = std::max<std::size_t>(largest_frame_packets_, entry.frame_packets - 1);
  entry.frame_packets = 1;
  entry.wanted = false;
  scanning_ = false;
  last_video_ = now_;
  ++frames_since_key_;

  const Bytes payload = packet.payload();
  const auto header = parse_pes_header(payload);
  if (packet.random_access() || std::exchange(entry.access_announced, false)) {
    entry.starts_unannounced = 0;
    note_access_point(entry, with_tables(offset), header);
  } else if (entry.starts_unannounced >= starts_before_scanning) {
    begin_scan(entry, with_tables(offset), header);
  } else {
    ++entry.starts_unannounced;
  }
  const Bytes elementary = elementary_data(payload, header);
  if (is_mpeg_video(video_format_.codec) && find_picture_type(elementary) == PictureType::b)
    has_b_pictures_ = true;
  if (entry.wanted) on_video_data(entry, elementary);
}

void StreamWatch::begin_scan(PidEntry& entry, std::int64_t begin, const Result<PesHeader, PesError>& header) {
  scanner_.begin(entry.codec);
  scanning_ = true;
  scan_begin_ = begin;
  scan_has_tables_ = run_active_ && run_has_pat_ && run_pmts_ >= tables_.programs();
  scan_time_ = time_of(header);
  // Its headers are read as well, should it prove to be a key frame.
  gathering_ = true;
  gathered_ = 0;
  entry.wanted = true;
}

void StreamWatch::on_video_data(PidEntry& entry, Bytes elementary) {
  if (gathering_) {
    const std::size_t taken = std::min(elementary.size(), headers_.size() - gathered_);
    std::copy_n(elementary.begin(), taken, headers_.begin() + static_cast<std::ptrdiff_t>(gathered_));
    gathered_ += taken;
  }
  if (scanning_) {
    const auto verdict = scanner_.feed(elementary);
    if (verdict != AccessScanner::Verdict::undecided) {
      scanning_ = false;
      if (verdict == AccessScanner::Verdict::access_point) {
        access_ = scan_begin_;
        access_pid_ = entry.pid;
        access_has_tables_ = scan_has_tables_;
        video_guess_ = scanner_.codec();
        note_key_frame(scan_time_);
      } else {
        gathering_ = false;
      }
    }
  }
  if (gathering_ && gathered_ == headers_.size()) read_headers();
  entry.wanted = gathering_ || scanning_;
}

void StreamWatch::read_headers() {
  gathering_ = false;
  const Codec codec = is_video(listed_video_) ? listed_video_ : video_guess_;
  if (const auto format = find_video_format(codec, Bytes(headers_).first(gathered_))) video_format_ = *format;
}

void StreamWatch::note_access_point(PidEntry& entry, std::int64_t begin,
                                    const Result<PesHeader, PesError>& header) {
  access_ = begin;
  access_pid_ = entry.pid;
  access_has_tables_ = run_active_ && run_has_pat_ && run_pmts_ >= tables_.programs();
  if (entry.pid != video_pid_) {
    ++counters_.access_points;
    last_access_ = now_;
    return;
  }
  note_key_frame(time_of(header));
  gathering_ = true;
  gathered_ = 0;
  entry.wanted = true;
}

// Rate and distance come from the stream's own clock, so that bursts on the way do not matter.
void StreamWatch::note_key_frame(const std::optional<Timestamp>& time) {
  ++counters_.access_points;
  last_access_ = now_;
  if (time && key_frame_time_) {
    const std::int64_t ticks = timestamp_difference(*time, *key_frame_time_);
    if (ticks > 0 && ticks < 600 * timestamp_hz) {
      key_frame_seconds_ = static_cast<double>(ticks) / static_cast<double>(timestamp_hz);
      frames_per_second_ = frames_since_key_ / key_frame_seconds_;
    }
  }
  key_frame_time_ = time;
  frames_since_key_ = 0;
}

void StreamWatch::on_audio_start(PidEntry& entry, const PacketView& packet, std::int64_t offset) {
  last_audio_ = now_;
  const Bytes payload = packet.payload();
  const auto header = parse_pes_header(payload);
  if (const auto format = find_audio_format(entry.codec, elementary_data(payload, header)))
    audio_format_ = *format;
  if (audio_only()) note_access_point(entry, with_tables(offset), header);
}

// ---- what it comes to ----

std::optional<std::int64_t> StreamWatch::access_point() const {
  const bool tables_given_up = now_ - began_ > tables_wait_max;
  return tables_.complete() || tables_given_up ? access_ : std::nullopt;
}

void StreamWatch::describe_access_point(AccessPoint& point) const {
  point.clear();
  point.pid = access_pid_;
  if (!access_has_tables_) tables_.append_packets(point.tables);
  for (const PidEntry& entry: pids_.all()) {
    if (!entry.counted && !entry.listed) continue;
    point.pids[point.pids_known++] = {
        .pid = entry.pid, .continuity_counter = entry.continuity_counter, .elementary = entry.elementary};
  }
}

StreamWatch::Facts StreamWatch::facts(MonotonicTime now) const {
  Facts facts;
  const bool video_comes = last_video_.has_value();
  const bool audio_comes = last_audio_.has_value();
  if (video_comes || video_listed_) {
    facts.video = video_format_.codec != Codec::unknown ? video_format_.codec
                  : listed_video_ == Codec::mpeg2_video
                      ? Codec::unknown  // the tables say so of MPEG-1 as well
                  : is_video(listed_video_) ? listed_video_
                                            : video_guess_;
  }
  if (audio_comes || audio_listed_) {
    facts.audio = audio_format_.codec != Codec::unknown ? audio_format_.codec
                  : is_audio(listed_audio_)             ? listed_audio_
                                                        : Codec::unknown;
  }
  facts.video_format = video_format_;
  facts.audio_format = audio_format_;
  facts.frames_per_second = frames_per_second_;
  facts.key_frame_seconds = key_frame_seconds_;
  facts.largest_frame_bytes = largest_frame_packets_ * (packet_bytes - 4);
  facts.has_tables = tables_.complete();
  facts.has_b_pictures = has_b_pictures_;
  facts.feeds_interleaved = feeds_interleaved(now);
  facts.scrambled = scrambled_;
  facts.age = now - began_;
  if (last_video_) facts.since_video = now - *last_video_;
  if (last_audio_) facts.since_audio = now - *last_audio_;
  facts.since_access_point = now - last_access_.value_or(began_);
  return facts;
}

}  // namespace crosspoint::media
