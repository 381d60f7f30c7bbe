#pragma once
// A hash as OpenSSL computes it, over pieces that follow each other. Private to crypto/*.cpp.
//
// OpenSSL 3 looks an algorithm up by its name whenever it is told one, and allocates a context for each
// digest; together that costs more than hashing a few hundred bytes. So an algorithm is looked up once, and
// each thread has one context to work in. A context holds nothing between two digests.

#include <initializer_list>

#include "base/bytes.h"

struct evp_md_st;  // OpenSSL's EVP_MD

namespace crosspoint::crypto {

class Hash {
 public:
  static const Hash& sha1();
  static const Hash& sha256();
  static const Hash& sha384();
  static const Hash& sha512();

  Hash(const Hash&) = delete;
  Hash& operator=(const Hash&) = delete;

  // `digest` is as long as the hash makes it.
  void digest(std::initializer_list<Bytes> pieces, MutableBytes digest) const;

 private:
  explicit Hash(const char* name);
  const evp_md_st* const algorithm_;  // for as long as the process lives
};

}  // namespace crosspoint::crypto
