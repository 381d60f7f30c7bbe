#pragma once
// The PAT and the PMTs of a stream as they come by: the newest valid section of each, and what changed. A
// table that is repeated unchanged, as most are, costs one comparison.

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "media/psi.h"
#include "media/ts_packet.h"

namespace crosspoint::media {

class TableWatch {
 public:
  static constexpr std::size_t programs_max = 8;

  enum class Change : std::uint8_t {
    none,        // repeated, or nothing whole yet, or refused
    first,       // the first of its kind
    revised,     // another version of a table known
    replaced,    // other contents under the same version: another multiplexer speaks
    alternates,  // the contents of two tables ago are back: two multiplexers speak on one PID
  };

  bool is_table(Pid pid) const { return pid == pid_pat || find(pid) != nullptr; }
  // A packet of a PID for which is_table() holds.
  Change on_packet(const PacketView& packet);

  bool complete() const { return have_pat_ && any_pmt(); }
  // Of the first program that has one, the one players choose; null before it came.
  const Pmt* program() const;
  // How many program map PIDs have a PMT.
  std::size_t programs() const;
  // Of the program map PIDs that the PAT names.
  template <class Visit>
  void for_each_pid(Visit visit) const {
    for (const Table& table: pmts_) visit(table.pid);
  }
  std::uint64_t errors() const { return errors_; }

  // Appends the PAT and all PMTs as whole packets, counters from 0.
  void append_packets(ByteVector& out) const;
  // Packets of this PID were lost.
  void reset(Pid pid);

 private:
  struct Table {
    explicit Table(Pid of, std::uint16_t program = 0) : pid(of), program_number(program) {}

    Pid pid;
    std::uint16_t
        program_number;  // the PAT's, so that other programs' tables on the same PID do not interfere
    std::array<std::byte, packet_bytes> last_packet{};  // from its payload on; the rest is left zero
    std::size_t last_payload_bytes = 0;
    SectionAssembler assembler;
    ByteVector section;
    std::uint32_t crc = 0;
    std::uint32_t crc_before = 0;
    std::uint8_t version = 0;
    Pmt pmt;  // of a program map PID
  };
  const Table* find(Pid pid) const;
  Table* find(Pid pid) { return const_cast<Table*>(static_cast<const TableWatch*>(this)->find(pid)); }
  bool any_pmt() const { return programs() > 0; }
  Change on_section(Table& table, Bytes section);
  void follow(const Pat& pat);
  static Change replace(Table& table, Bytes section, std::uint8_t version);

  Table pat_{pid_pat};
  std::vector<Table> pmts_;  // in the order of the PAT
  bool have_pat_ = false;
  std::uint64_t errors_ = 0;
};

}  // namespace crosspoint::media
