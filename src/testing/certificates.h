#pragma once
// Certificates made while the test runs: an authority, and what it signs. Keys are fresh each time, so
// nothing secret is ever stored.

#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "net/tls.h"

namespace crosspoint::testing {

struct CertificateWish {
  std::vector<std::string> names = {"localhost"};      // DNS names, wildcards as they are
  std::vector<std::string> addresses = {"127.0.0.1"};  // IP addresses
  WallTime valid_from = WallTime(std::chrono::sys_days(std::chrono::year(2000) / 1 / 1));
  WallTime valid_until = WallTime(std::chrono::sys_days(std::chrono::year(2200) / 1 / 1));
  bool may_sign = false;  // an authority below the one that signs it
  unsigned rsa_bits = 0;  // 0: an elliptic key, which is made much faster
};

class CertificateAuthority {
 public:
  explicit CertificateAuthority(const std::string& name = "Test Authority");
  ~CertificateAuthority();
  CertificateAuthority(CertificateAuthority&&) noexcept;

  // What clients must trust.
  const std::string& certificate_pem() const;
  net::TlsIdentity issue(const CertificateWish& wish = {}) const;
  // An authority whose certificate this one has signed.
  CertificateAuthority issue_authority() const;

 private:
  struct Signer;
  explicit CertificateAuthority(std::unique_ptr<Signer> signer);
  std::unique_ptr<Signer> signer_;
};

// One for all the tests of a program, and what it issued for localhost and 127.0.0.1: making keys takes time.
const CertificateAuthority& test_authority();
const net::TlsIdentity& test_identity();

// Signed with its own key.
net::TlsIdentity self_signed(const CertificateWish& wish = {});

}  // namespace crosspoint::testing
