#pragma once
// What a process has used so far, from the scheduler's accounts: it does not depend on how fast its clients
// are.

namespace crosspoint::bench {

// What the process `pid` has run so far, all threads together, in seconds; 0 when it cannot be read.
double processor_seconds(int pid);

}  // namespace crosspoint::bench
