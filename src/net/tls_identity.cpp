#include "net/tls_identity.h"

#include <arpa/inet.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>
#include <memory>

#include "net/tls_pem.h"

namespace crosspoint::net {
namespace {

WallTime wall_time(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  // A date that our kind of time cannot hold (after 2262) is as good as its end.
  const std::chrono::sys_seconds seconds{std::chrono::seconds(::timegm(&parts))};
  if (seconds > std::chrono::floor<std::chrono::seconds>(WallTime::max())) return WallTime::max();
  if (seconds < std::chrono::ceil<std::chrono::seconds>(WallTime::min())) return WallTime::min();
  return seconds;
}

std::string address_text(const ASN1_OCTET_STRING* bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = ASN1_STRING_length(bytes) == 4 ? AF_INET : AF_INET6;
  if (ASN1_STRING_length(bytes) != 4 && ASN1_STRING_length(bytes) != 16) return {};
  return ::inet_ntop(family, ASN1_STRING_get0_data(bytes), text.data(), text.size());
}

std::vector<std::string> names_of(const X509* certificate) {
  const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> all(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
      &GENERAL_NAMES_free);
  std::vector<std::string> names;
  for (int i = 0; all && i < sk_GENERAL_NAME_num(all.get()); ++i) {
    const auto* name = sk_GENERAL_NAME_value(all.get(), i);
    if (name->type == GEN_DNS) {
      names.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
                         static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
    } else if (name->type == GEN_IPADD) {
      names.push_back(address_text(name->d.iPAddress));
    }
  }
  return names;
}

}  // namespace

Result<TlsCertificateFacts, std::string> read_certificate_facts(const std::string& certificates_pem) {
  TlsCertificateFacts facts;
  bool first = true;
  const auto read = for_each_certificate(certificates_pem, [&](const X509* certificate) {
    if (!std::exchange(first, false)) return std::string();
    facts = {.names = names_of(certificate),
             .valid_from = wall_time(X509_get0_notBefore(certificate)),
             .valid_until = wall_time(X509_get0_notAfter(certificate))};
    return std::string();
  });
  if (!read) return fail(read.error());
  return facts;
}

}  // namespace crosspoint::net
