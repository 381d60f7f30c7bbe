#pragma once
// What went wrong in TLS, as sentences for people. Private to net/*.cpp. `peer` is a host name of ours or
// "the client"; nothing that a stranger wrote gets into a sentence.

#include <string>
#include <string_view>

namespace crosspoint::net {

// `verify_result` as SSL_get_verify_result gives it; not X509_V_OK.
std::string why_not_trusted(long verify_result, std::string_view peer);

// `error` as ERR_peek_last_error gives it.
std::string why_handshake_failed(unsigned long error, std::string_view peer);
std::string why_broken(unsigned long error, std::string_view peer);

std::string speaks_no_tls(std::string_view peer);
std::string left_during_handshake(std::string_view peer);

}  // namespace crosspoint::net
