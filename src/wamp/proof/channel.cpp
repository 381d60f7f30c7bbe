#include "wamp/proof/channel.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/base64.h"
#include "crypto/sha.h"

namespace crosspoint::wamp::proof {

Bytes find_binding(std::string_view name, const ChannelBindings& bindings) {
  if (name == "tls-unique") return bindings.tls_unique;
  if (name == "tls-server-end-point") return bindings.tls_server_end_point;
  if (name == "tls-exporter") return bindings.tls_exporter;
  return {};
}

std::optional<SignedBytes> channel_id(std::string_view binding, const ChannelBindings& bindings) {
  SignedBytes id{};
  if (binding.empty()) return id;
  const auto bytes = find_binding(binding, bindings);
  if (binding == "tls-unique" && !bytes.empty()) return crypto::sha256(bytes);
  if (binding == "tls-exporter" && bytes.size() == id.size()) {
    std::ranges::copy(bytes, id.begin());
    return id;
  }
  return std::nullopt;
}

SignedBytes bound(const SignedBytes& challenge, const SignedBytes& channel) {
  SignedBytes message;
  for (std::size_t i = 0; i < message.size(); ++i) message[i] = challenge[i] ^ channel[i];
  return message;
}

std::string gs2_channel(std::string_view binding, Bytes bytes) {
  if (binding.empty()) return encode_base64(Base64::standard, as_bytes(std::string_view("n,,")));
  ByteVector all;
  append(all, fmt::format("p={},,", binding));
  append(all, bytes);
  return encode_base64(Base64::standard, all);
}

}  // namespace crosspoint::wamp::proof
