#pragma once
// Comparing secrets so that the time taken says nothing about where they differ. The lengths are not kept
// secret: they are those of hashes and codes, which everybody knows.

#include "base/bytes.h"

namespace crosspoint::crypto {

bool equal_in_constant_time(Bytes a, Bytes b);

}  // namespace crosspoint::crypto
