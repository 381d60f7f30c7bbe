#pragma once
// What a server proves itself with, and what a certificate says of itself: for whom, and how long.

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace crosspoint::net {

// What a server shows: its certificate, then those that lead up to an authority, and the key of the first.
struct TlsIdentity {
  std::string certificates_pem;
  std::string private_key_pem;
};

// Which of several identities is wrong, and in which part.
struct TlsIdentityError {
  enum class Part {
    certificates,
    private_key,
    pair,  // each is right, but the key is not the certificate's
  };
  std::size_t identity = 0;
  Part part = Part::certificates;
  std::string what;  // completes "the file …"; holds nothing of the key
};

struct TlsCertificateFacts {
  std::vector<std::string> names;  // alternative names and addresses, as browsers compare them
  WallTime valid_from;
  WallTime valid_until;
};
// Of the first certificate, which is the server's own. The error completes "the file …".
Result<TlsCertificateFacts, std::string> read_certificate_facts(const std::string& certificates_pem);

}  // namespace crosspoint::net
