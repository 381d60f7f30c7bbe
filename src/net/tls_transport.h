#pragma once
// What OpenSSL reads from and writes to: the bytes that have come, and the stream below. Not its own memory
// BIOs, which would copy everything once more and never give their memory back. Private to net/*.cpp.

#include "net/tls.h"

struct bio_method_st;
struct bio_st;

namespace crosspoint::net {

struct TlsTransport {
  static const bio_method_st* method();
  static TlsStream& stream_of(bio_st* bio);

  static int read(bio_st* bio, char* out, std::size_t room, std::size_t* got);
  // Takes everything or fails: what the stream below leaves is kept.
  static int write(bio_st* bio, const char* data, std::size_t size, std::size_t* taken);
  static long control(bio_st* bio, int command, long number, void* pointer);
  // Called for each line of a key log (tls_write_key.h).
  static void keep_secret(const ssl_st* tls, const char* line);

  // Encrypted bytes to the stream below, or behind those that wait for it. False: write_error_ says why not.
  static bool pass_on(TlsStream& stream, Bytes bytes);
  // Where records are gathered that leave together: one buffer for all the streams of a loop, which is to say
  // of a thread.
  static ByteVector& gathered();
};

}  // namespace crosspoint::net
