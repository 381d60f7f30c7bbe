#include "wamp/auth/read_principal.h"

#include <algorithm>

#include "base/base64.h"
#include "base/hex.h"
#include "config/table_reader.h"
#include "wamp/auth/authenticator.h"
#include "wamp/auth/setting_rows.h"

namespace crosspoint::wamp::auth {
namespace {

using config::TableReader;

void read_ticket(TableReader& reader, Principal& principal) {
  const std::string clear = reader.text(rows::ticket);
  const std::string hash = reader.text(rows::ticket_hash);
  if (!clear.empty() && !hash.empty()) {
    return reader.problem("ticket", "stands beside ticket-hash; keep one of them");
  }
  if (!clear.empty()) principal.ticket = StoredPassword::from_clear(clear);
  if (hash.empty()) return;
  auto stored = StoredPassword::parse(hash);
  if (!stored) return reader.problem("ticket-hash", stored.error());
  principal.ticket = std::move(*stored);
}

void read_wampcra(TableReader& reader, Principal& principal) {
  const std::string secret = reader.text(rows::wampcra_secret);
  const std::string key = reader.text(rows::wampcra_key);
  const std::string salt = reader.text(rows::wampcra_salt);
  const auto iterations = static_cast<std::uint32_t>(reader.integer(rows::wampcra_iterations));
  const auto key_bytes = static_cast<std::uint32_t>(reader.integer(rows::wampcra_key_bytes));
  if (!secret.empty() && !key.empty()) {
    return reader.problem("wampcra-secret", "stands beside wampcra-key; keep one of them");
  }
  if (!secret.empty()) principal.wampcra = wampcra_from_secret(secret, salt, iterations, key_bytes);
  if (key.empty()) return;
  if (salt.empty()) return reader.problem("wampcra-key", "needs wampcra-salt: what it was derived with");
  const auto raw = decode_base64(Base64::standard, key);
  if (!raw || raw->size() != key_bytes) {
    return reader.problem("wampcra-key", "is not base64 of wampcra-key-bytes bytes");
  }
  principal.wampcra = WampCraCredential{crypto::SecretText(key), salt, iterations, key_bytes};
}

bool read_scram_key(TableReader& reader, const config::Option& row, crypto::Sha256Digest& out) {
  const std::string text = reader.required_text(row);
  auto bytes = decode_hex(text);
  if (!bytes || bytes->size() != out.size()) {
    const auto decoded = decode_base64(Base64::standard, text);
    bytes = decoded ? std::optional(*decoded) : std::nullopt;
  }
  if (!bytes || bytes->size() != out.size()) {
    if (!text.empty()) reader.problem(row.key, "is neither hex nor base64 of 32 bytes");
    return false;
  }
  std::ranges::copy(*bytes, out.begin());
  return true;
}

std::optional<ScramCredential> read_scram(TableReader reader) {
  ScramCredential credential;
  const auto salt = read_scram_salt(reader.required_text(rows::salt));
  credential.kdf = reader.text(rows::kdf) == "pbkdf2" ? ScramKdf::pbkdf2 : ScramKdf::argon2id;
  credential.iterations = static_cast<std::uint32_t>(reader.integer(rows::iterations));
  credential.memory_kib = static_cast<std::uint32_t>(reader.integer(rows::memory));
  const bool stored = read_scram_key(reader, rows::stored_key, credential.keys.stored);
  const bool server = read_scram_key(reader, rows::server_key, credential.keys.server);
  if (!salt) reader.problem("salt", "is neither base64 nor hex of 16 bytes");
  if (credential.kdf == ScramKdf::argon2id && credential.memory_kib == 0) {
    reader.problem("memory", "is missing; argon2id needs it, in KiB");
  }
  reader.finish();
  credential.salt = salt.value_or(std::string());
  return stored && server ? std::optional(std::move(credential)) : std::nullopt;
}

void read_keys(TableReader& reader, Principal& principal) {
  for (const auto& text: reader.list(rows::cryptosign_keys)) {
    if (const auto key = parse_cryptosign_key(text)) {
      principal.cryptosign_keys.push_back(*key);
    } else {
      reader.problem("cryptosign-keys", "has a key that is not 64 hexadecimal digits");
    }
  }
  for (auto text: reader.list(rows::certificates)) {
    std::erase(text, ':');  // as openssl x509 -fingerprint prints it
    const auto print = decode_hex(text);
    if (print && (print->size() == 32 || print->size() == 20)) {
      principal.certificates.push_back(*print);
    } else {
      reader.problem("certificates", "has a fingerprint that is neither SHA-256 nor SHA-1 in hex");
    }
  }
}

}  // namespace

PrincipalEntry read_principal(const std::string& file, const config::FileTable& table,
                              std::vector<std::string>& problems) {
  const std::size_t problems_before = problems.size();
  TableReader reader(file, "wamp.principal", table, problems);
  PrincipalEntry entry;
  Principal& principal = entry.principal;
  entry.realm = reader.text(rows::of_realm);
  principal.authid = reader.required_text(rows::authid);
  principal.role = reader.required_text(rows::role);
  if (principal.authid.size() > authid_bytes_max) reader.problem("authid", "is longer than 256 bytes");
  read_ticket(reader, principal);
  read_wampcra(reader, principal);
  read_keys(reader, principal);
  for (const auto& inner: reader.tables("scram")) {
    principal.scram = read_scram({file, "wamp.principal.scram", inner, problems});
  }
  for (const auto& inner: reader.tables("wamp-scram")) {
    principal.wamp_scram = read_scram({file, "wamp.principal.wamp-scram", inner, problems});
  }
  reader.finish();
  if (problems.size() == problems_before && principal.methods().empty()) {
    reader.problem("authid",
                   "has no way in; give it a ticket, ticket-hash, wampcra-secret, cryptosign-keys, …");
  }
  return entry;
}

}  // namespace crosspoint::wamp::auth
