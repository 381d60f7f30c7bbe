#pragma once
// When memory runs out the process ends: with one line and an exit status, so that a supervisor starts it
// again within a second (reliability row D4). The limits on what strangers can make grow are there so that it
// does not come to that; going on without the memory would be a path through every function that nobody ever
// walks.
//
// Nothing is flushed, written back or cleaned up on the way: what must survive was on the disk before it was
// answered (src/store). There is no core, which would hold secrets.

namespace crosspoint {

inline constexpr int out_of_memory_exit_status = 71;  // EX_OSERR of sysexits.h

// For those who call malloc themselves.
[[noreturn]] void out_of_memory();

// `operator new` ends the process like that from now on, instead of throwing. Called by main before threads
// start.
void end_when_out_of_memory();

}  // namespace crosspoint
