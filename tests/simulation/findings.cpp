#include "findings.h"

namespace crosspoint::simulation {
namespace {

struct TotalsRow {
  const char* name;
  std::uint64_t Totals::* field;
};
constexpr TotalsRow totals_rows[] = {
    {"calls", &Totals::calls},
    {"results", &Totals::results},
    {"errors", &Totals::errors},
    {"ended with their caller's session", &Totals::abandoned},
    {"progressive results", &Totals::progressive_results},
    {"further arguments", &Totals::more_arguments},
    {"invocations", &Totals::invocations},
    {"interrupts", &Totals::interrupts},
    {"cancels", &Totals::cancels},
    {"canceled", &Totals::canceled},
    {"timed out", &Totals::timed_out},
    {"re-routed", &Totals::rerouted},
    {"queued", &Totals::queued},
    {"registered", &Totals::registered},
    {"revoked", &Totals::revoked},
    {"registered by force", &Totals::forced},
    {"publications", &Totals::publications},
    {"acknowledged", &Totals::acknowledged},
    {"publications refused", &Totals::refused},
    {"events", &Totals::events},
    {"events dropped", &Totals::events_dropped},
    {"authorizer asked", &Totals::asked},
    {"authorizer's verdicts", &Totals::verdicts},
    {"authorizer silent", &Totals::never_answered},
    {"authorization failed", &Totals::authorization_failed},
    {"sessions", &Totals::sessions},
    {"goodbyes", &Totals::goodbyes},
    {"returns on the same connection", &Totals::returns},
    {"connections cut", &Totals::cuts},
    {"connections gone silent", &Totals::silences},
    {"clients crashed", &Totals::crashes},
    {"aborts", &Totals::aborts},
    {"violations", &Totals::violations},
    {"sessions killed", &Totals::killed},
    {"closed because they did not read", &Totals::too_slow},
    {"stalls", &Totals::stalls},
    {"times at which everything was counted", &Totals::settled},
};

}  // namespace

std::vector<std::pair<const char*, std::uint64_t>> Totals::report() const {
  std::vector<std::pair<const char*, std::uint64_t>> rows;
  for (const auto& row: totals_rows) rows.emplace_back(row.name, this->*row.field);
  return rows;
}

void Totals::add(const Totals& other) {
  for (const auto& row: totals_rows) this->*row.field += other.*row.field;
}

}  // namespace crosspoint::simulation
