#pragma once
// What the packets of one stream tell, one after the other: the inside of TsObserver, which finds the packets
// in messages.
//
// Offsets are those of the current message. A packet that began in an earlier message has a negative one.

#include <array>
#include <cstdint>
#include <optional>

#include "base/time.h"
#include "media/elementary.h"
#include "media/entry_point.h"
#include "media/pes.h"
#include "media/random_access.h"
#include "media/stream_counters.h"
#include "media/table_watch.h"
#include "media/ts_packet.h"

namespace crosspoint::media {

// One PID of a stream, as far as it is followed.
struct PidEntry {
  enum class Role : std::uint8_t { table, information, video, audio, other };
  Pid pid = pid_null;
  Role role = Role::other;
  Codec codec = Codec::unknown;            // as the tables say
  std::uint8_t continuity_counter = 0x0f;  // of the last packet with payload; multiplexers begin at 0
  bool counted = false;                    // a packet has come
  bool repeated = false;                   // the last packet was a duplicate
  bool listed = false;                     // in the PMT
  bool elementary = false;                 // carries PES
  bool access_announced = false;         // random_access_indicator came before the packet that starts the PES
  bool wanted = false;                   // its payload is being looked at
  std::uint32_t frame_packets = 0;       // of the PES packet that is coming in
  std::uint32_t starts_unannounced = 0;  // PES packets since the last random_access_indicator
};

// At most 64 of them, found by one look in most cases.
class PidMap {
 public:
  PidMap() { slots_.fill(no_entry); }
  // Null when there are too many.
  PidEntry* find_or_add(Pid pid);
  std::span<PidEntry> all() { return std::span(entries_).first(count_); }
  std::span<const PidEntry> all() const { return std::span(entries_).first(count_); }

 private:
  static constexpr std::uint8_t no_entry = 0xff;
  static constexpr std::size_t slots = 256;  // four for each entry: chains stay short
  PidEntry* add(Pid pid, std::size_t slot);

  std::array<PidEntry, AccessPoint::pids_max> entries_;
  std::array<std::uint8_t, slots> slots_;
  std::size_t count_ = 0;
};

class StreamWatch {
 public:
  StreamWatch(StreamCounters& counters, MonotonicTime now) : counters_(counters), began_(now), now_(now) {}
  StreamWatch(const StreamWatch&) = delete;
  StreamWatch& operator=(const StreamWatch&) = delete;

  // `carried`: bytes of a packet that the messages before this one held.
  void begin_message(MonotonicTime now, std::size_t carried);
  // Whole packets side by side. Returns how many had their sync byte; the first that had not ends it.
  std::size_t on_packets(Bytes packets, std::int64_t offset);
  void end_message();
  // Bytes that are no packet lie before the next one.
  void on_gap() { run_active_ = false; }
  // Another stream begins here.
  void restart();

  bool restarted() const { return restarted_; }
  // In this message; nothing as long as a viewer could not do anything with it.
  std::optional<std::int64_t> access_point() const;
  // All but `head`.
  void describe_access_point(AccessPoint& point) const;

  struct Facts {
    Codec video = Codec::none;
    Codec audio = Codec::none;
    VideoFormat video_format;
    AudioFormat audio_format;
    double frames_per_second = 0;  // measured
    double key_frame_seconds = 0;
    std::size_t largest_frame_bytes = 0;
    bool has_tables = false;
    bool has_b_pictures = false;
    bool feeds_interleaved = false;
    bool scrambled = false;
    std::optional<Duration> since_video;  // since the last packet that begins a picture
    std::optional<Duration> since_audio;
    std::optional<Duration> since_access_point;  // or since the beginning
    Duration age{};
  };
  Facts facts(MonotonicTime now) const;

 private:
  void on_packet(const PacketView& packet, std::int64_t offset);
  void expect_continuation();
  void check_counter(PidEntry& entry, const PacketView& packet);
  void check_clock(PidEntry& entry, const PacketView& packet);
  void on_table(const PidEntry& entry, const PacketView& packet);
  void on_pmt();
  void assign_roles();
  bool feeds_interleaved(MonotonicTime now) const;
  void on_sign_of_another_stream();

  void on_payload(PidEntry& entry, const PacketView& packet, std::int64_t offset);
  void on_pes_start(PidEntry& entry, const PacketView& packet, std::int64_t offset);
  void on_video_start(PidEntry& entry, const PacketView& packet, std::int64_t offset);
  void on_audio_start(PidEntry& entry, const PacketView& packet, std::int64_t offset);
  void on_video_data(PidEntry& entry, Bytes elementary);
  bool is_primary(const PidEntry& entry);
  bool audio_only() const;
  void begin_scan(PidEntry& entry, std::int64_t begin, const Result<PesHeader, PesError>& header);
  void note_access_point(PidEntry& entry, std::int64_t begin, const Result<PesHeader, PesError>& header);
  void note_key_frame(const std::optional<Timestamp>& time);
  void read_headers();

  // Where a viewer begins who is to see the packet at `offset` first.
  std::int64_t with_tables(std::int64_t offset) const { return run_active_ ? run_begin_ : offset; }

  StreamCounters& counters_;
  // Most packets carry on with the PES packet of the one before, and have nothing to tell but their counter.
  // Their four header bytes are known beforehand; 0 when the next packet has to be looked at in any case.
  PidEntry* current_ = nullptr;
  std::uint32_t continuation_ = 0;
  PidMap pids_;
  TableWatch tables_;
  MonotonicTime began_;  // of the stream, or of the last restart
  MonotonicTime now_;

  // Tables that follow each other directly, up to the packet looked at.
  bool run_active_ = false;
  bool run_has_pat_ = false;  // in this message
  std::size_t run_pmts_ = 0;  // in this message
  std::int64_t run_begin_ = 0;

  // This message.
  bool restarted_ = false;
  std::optional<std::int64_t> access_;
  Pid access_pid_ = pid_null;
  bool access_has_tables_ = false;

  // The clock, and signs that another multiplexer speaks.
  Pid pcr_pid_ = pid_null;
  std::optional<Pcr> last_pcr_;
  bool counter_jumped_ = false;  // since last_pcr_
  MonotonicTime last_sign_{};
  std::uint32_t signs_in_a_row_ = 0;

  // Pictures.
  Pid video_pid_ = pid_null;  // the one that players show
  bool video_listed_ = false;
  bool audio_listed_ = false;
  Codec listed_video_ = Codec::none;
  Codec listed_audio_ = Codec::none;
  std::optional<MonotonicTime> last_video_;
  std::optional<MonotonicTime> last_audio_;
  std::optional<MonotonicTime> last_access_;
  std::optional<Timestamp> key_frame_time_;
  std::uint32_t frames_since_key_ = 0;
  double frames_per_second_ = 0;
  double key_frame_seconds_ = 0;
  std::size_t largest_frame_packets_ = 0;
  bool has_b_pictures_ = false;
  bool scrambled_ = false;
  Codec video_guess_ = Codec::unknown;
  VideoFormat video_format_;
  AudioFormat audio_format_;

  AccessScanner scanner_;
  bool scanning_ = false;
  std::int64_t scan_begin_ = 0;
  bool scan_has_tables_ = false;
  std::optional<Timestamp> scan_time_;

  // The beginning of the newest key frame's data, for its headers.
  static constexpr std::size_t headers_bytes_max = 512;
  bool gathering_ = false;
  std::size_t gathered_ = 0;
  std::array<std::byte, headers_bytes_max> headers_;
};

}  // namespace crosspoint::media
