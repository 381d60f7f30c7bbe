#include "media/table_watch.h"

#include <algorithm>

namespace crosspoint::media {
namespace {

// The last four bytes of a section that passed its check.
std::uint32_t crc_of(Bytes section) { return static_cast<std::uint32_t>(read_big_endian(section.last(4))); }

}  // namespace

const TableWatch::Table* TableWatch::find(Pid pid) const {
  if (pid == pid_pat) return &pat_;
  const auto at =
      std::find_if(pmts_.begin(), pmts_.end(), [pid](const Table& table) { return table.pid == pid; });
  return at == pmts_.end() ? nullptr : &*at;
}

TableWatch::Change TableWatch::on_packet(const PacketView& packet) {
  Table& table = *find(packet.pid());
  const Bytes payload = packet.payload();
  if (payload.empty()) return Change::none;

  // A table of one packet that is repeated is the same to the last byte of its payload.
  const Bytes last = Bytes(table.last_packet).first(table.last_payload_bytes);
  if (packet.payload_unit_start() && last.size() == payload.size() &&
      std::memcmp(last.data(), payload.data(), last.size()) == 0) {
    return Change::none;
  }
  table.last_payload_bytes = 0;
  table.assembler.feed(packet.payload_unit_start(), payload);
  Change change = Change::none;
  std::size_t sections = 0;
  while (const auto section = table.assembler.next()) {
    ++sections;
    if (const Change each = on_section(table, *section); each != Change::none) change = each;
  }
  // Only a packet that holds its section whole can be skipped when it comes again: a longer one must be put
  // together anew.
  if (packet.payload_unit_start() && sections > 0 && table.assembler.empty()) {
    std::copy(payload.begin(), payload.end(), table.last_packet.begin());
    table.last_payload_bytes = payload.size();
  }
  return change;
}

TableWatch::Change TableWatch::on_section(Table& table, Bytes section) {
  if (std::equal(section.begin(), section.end(), table.section.begin(), table.section.end()))
    return Change::none;
  if (table.pid == pid_pat) {
    const auto pat = parse_pat(section);
    if (!pat) return ++errors_, Change::none;
    // What is not valid yet will be repeated when it is. Of a PAT in several sections the first one is
    // followed.
    if (!pat->current || pat->section_number != 0) return Change::none;
    have_pat_ = true;
    const Change change = replace(table, section, pat->version);
    follow(*pat);
    return change;
  }
  auto pmt = parse_pmt(section);
  if (!pmt) {
    // Program map PIDs may carry other tables beside the PMT.
    if (pmt.error() != PsiError::wrong_table_id) ++errors_;
    return Change::none;
  }
  if (!pmt->current || pmt->program_number != table.program_number) return Change::none;
  const Change change = replace(table, section, pmt->version);
  table.pmt = std::move(*pmt);
  return change;
}

TableWatch::Change TableWatch::replace(Table& table, Bytes section, std::uint8_t version) {
  const std::uint32_t crc = crc_of(section);
  const bool first = table.section.empty();
  const bool returns = !first && crc == table.crc_before;
  const bool same_version = version == table.version;
  table.crc_before = first ? crc : table.crc;
  table.crc = crc;
  table.version = version;
  table.section.assign(section.begin(), section.end());
  if (first) return Change::first;
  if (returns) return Change::alternates;
  return same_version ? Change::replaced : Change::revised;
}

// Tables that the new PAT does not name are forgotten. Of several programs on one PID the first is followed.
void TableWatch::follow(const Pat& pat) {
  std::vector<Table> before = std::move(pmts_);
  pmts_.clear();
  for (const auto& program: pat.programs) {
    const bool usable = program.number != 0 && program.pid != pid_pat && program.pid != pid_null;
    if (!usable || find(program.pid) != nullptr || pmts_.size() == programs_max) continue;
    const auto known = std::find_if(before.begin(), before.end(), [&](const Table& table) {
      return table.pid == program.pid && table.program_number == program.number;
    });
    if (known != before.end()) {
      pmts_.push_back(std::move(*known));
    } else {
      pmts_.emplace_back(program.pid, program.number);
    }
  }
}

const Pmt* TableWatch::program() const {
  const auto at =
      std::find_if(pmts_.begin(), pmts_.end(), [](const Table& table) { return !table.section.empty(); });
  return at == pmts_.end() ? nullptr : &at->pmt;
}

std::size_t TableWatch::programs() const {
  return static_cast<std::size_t>(
      std::count_if(pmts_.begin(), pmts_.end(), [](const Table& table) { return !table.section.empty(); }));
}

void TableWatch::append_packets(ByteVector& out) const {
  std::uint8_t counter = 0;
  if (have_pat_) append_section_packets(pat_.section, pid_pat, counter, out);
  for (const Table& table: pmts_) {
    counter = 0;
    if (!table.section.empty()) append_section_packets(table.section, table.pid, counter, out);
  }
}

void TableWatch::reset(Pid pid) {
  if (Table* table = find(pid)) {
    table->assembler.reset();
    table->last_payload_bytes = 0;
  }
}

}  // namespace crosspoint::media
