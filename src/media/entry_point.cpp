#include "media/entry_point.h"

#include <algorithm>
#include <vector>

#include "base/assert.h"

namespace crosspoint::media {
namespace {

constexpr std::size_t streams_max = 2 * AccessPoint::pids_max;

std::uint8_t counter_minus(std::uint8_t counter, std::size_t steps) {
  return static_cast<std::uint8_t>((counter - steps) & 0x0f);
}

// Works out what the viewer gets, in one pass over the packets.
class Entry {
 public:
  Entry(const AccessPoint& point, Bytes rest) : point_(point), rest_(rest) {
    for (const auto& known: point.known()) {
      const bool may_be_orphaned = known.elementary && known.pid != point.pid;
      streams_.push_back(
          {.pid = known.pid, .counter = known.continuity_counter, .orphaned = may_be_orphaned});
    }
    count_tables();
    if (!point.head.empty()) note_straddling();
    for (std::size_t at = first_whole_packet(); at + packet_bytes <= rest_.size(); at += packet_bytes) {
      const PacketView packet{PacketBytes(rest_.subspan(at).first<packet_bytes>())};
      if (!packet.has_sync()) break;  // whatever it is, it goes out as it came
      if (!note(packet)) left_out_.push_back(at);
    }
  }

  void append_gaps(ByteVector& out) const {
    for (const auto& stream: streams_) {
      append(out, discontinuity_packet(stream.pid, counter_minus(stream.counter, stream.table_packets)));
    }
  }

  void append_tables(ByteVector& out) const {
    const std::size_t begin = out.size();
    append(out, point_.tables);
    std::vector<std::uint8_t> written(streams_.size());
    for (std::size_t at = begin; at + packet_bytes <= out.size(); at += packet_bytes) {
      const MutablePacketBytes packet(MutableBytes(out).subspan(at).first<packet_bytes>());
      const Stream* stream = find(PacketView(packet).pid());
      if (stream == nullptr) continue;
      const auto nth = ++written[static_cast<std::size_t>(stream - streams_.data())];
      const std::size_t still_to_come = stream->table_packets - nth;
      set_continuity_counter(packet, counter_minus(stream->counter, still_to_come));
    }
  }

  void append_rest(ByteVector& out) const {
    append(out, point_.head);
    std::size_t from = 0;
    for (const std::size_t at: left_out_) {
      append(out, rest_.subspan(from, at - from));
      from = at + packet_bytes;
    }
    append(out, rest_.subspan(from));
  }

 private:
  struct Stream {
    Pid pid = pid_null;
    std::uint8_t counter = 0;  // the viewer is to take this for the counter of the packet before
    bool settled = false;      // a packet of the rest has fixed the counter
    bool orphaned = false;     // its packets belong to a PES packet that began earlier
    std::size_t table_packets = 0;
  };

  const Stream* find(Pid pid) const {
    const auto at =
        std::find_if(streams_.begin(), streams_.end(), [pid](const auto& s) { return s.pid == pid; });
    return at == streams_.end() ? nullptr : &*at;
  }
  Stream* find_or_add(Pid pid) {
    const auto at =
        std::find_if(streams_.begin(), streams_.end(), [pid](const auto& s) { return s.pid == pid; });
    if (at != streams_.end()) return &*at;
    if (streams_.size() == streams_max) return nullptr;
    return &streams_.emplace_back(Stream{.pid = pid});
  }

  void count_tables() {
    for (std::size_t at = 0; at + packet_bytes <= point_.tables.size(); at += packet_bytes) {
      const PacketView packet{PacketBytes(Bytes(point_.tables).subspan(at).first<packet_bytes>())};
      if (Stream* stream = find_or_add(packet.pid())) ++stream->table_packets;
    }
  }

  std::size_t first_whole_packet() const {
    return point_.head.empty() ? 0 : std::min(rest_.size(), packet_bytes - point_.head.size());
  }

  // It is the access point itself, or a table directly before it: never left out.
  void note_straddling() {
    if (point_.head.size() + first_whole_packet() < packet_bytes) return;
    Packet packet;
    std::copy(point_.head.begin(), point_.head.end(), packet.begin());
    std::copy_n(rest_.begin(), first_whole_packet(),
                packet.begin() + static_cast<std::ptrdiff_t>(point_.head.size()));
    note(PacketView(packet));
  }

  // False: leave this packet out.
  bool note(const PacketView& packet) {
    Stream* stream = packet.pid() == pid_null ? nullptr : find_or_add(packet.pid());
    if (stream == nullptr || stream->settled) return true;
    if (stream->orphaned && !packet.payload_unit_start()) {
      stream->counter = packet.continuity_counter();
      return false;
    }
    stream->counter = counter_minus(packet.continuity_counter(), packet.has_payload() ? 1 : 0);
    stream->settled = true;
    return true;
  }

  const AccessPoint& point_;
  Bytes rest_;
  std::vector<Stream> streams_;
  std::vector<std::size_t> left_out_;  // where in the rest, ascending
};

}  // namespace

void AccessPoint::clear() {
  tables.clear();
  head.clear();
  pid = pid_null;
  pids_known = 0;
}

void append_join(const AccessPoint& point, Bytes rest, ByteVector& out) {
  const Entry entry(point, rest);
  entry.append_tables(out);
  entry.append_rest(out);
}

void append_skip(const AccessPoint& point, std::uint8_t tail_bytes, Bytes rest, ByteVector& out) {
  const Entry entry(point, rest);
  if (tail_bytes > 0 && tail_bytes < packet_bytes)
    out.resize(out.size() + packet_bytes - tail_bytes, std::byte{0xff});
  entry.append_gaps(out);
  entry.append_tables(out);
  entry.append_rest(out);
}

}  // namespace crosspoint::media
