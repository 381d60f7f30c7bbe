#include "wamp/auth/new_principal.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/base64.h"
#include "base/hex.h"
#include "base/utf8.h"
#include "wamp/auth/authenticator.h"
#include "wamp/auth/stored_password.h"
#include "wamp/auth/wampcra.h"

namespace crosspoint::wamp::auth {
namespace {

std::string standard_base64(Bytes bytes) { return encode_base64(Base64::standard, bytes); }

// As PHC strings have it.
std::string unpadded_base64(Bytes bytes) {
  auto text = standard_base64(bytes);
  text.erase(text.find_last_not_of('=') + 1);
  return text;
}

// A basic string of TOML; the text is checked.
std::string toml_text(std::string_view text) {
  std::string quoted = "\"";
  for (const char c: text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

Result<void, std::string> check_word(std::string_view option, std::string_view word) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (word.empty()) return fail(fmt::format("{} is missing", option));
  if (word.size() > authid_bytes_max) return fail(fmt::format("{} is longer than 256 bytes", option));
  if (!is_utf8(as_bytes(word)) || std::ranges::any_of(word, is_control))
    return fail(fmt::format("{} holds what is no text", option));
  return {};
}

PrincipalBlock head(const NewPrincipal& who) {
  if (auto good = check_new_principal(who); !good) return fail(std::move(good.error()));
  const auto realm = who.realm.empty() ? std::string() : fmt::format("realm = {}\n", toml_text(who.realm));
  return fmt::format("[[wamp.principal]]\n{}authid = {}\nrole = {}\n", realm, toml_text(who.authid),
                     toml_text(who.role));
}

// The head with further lines, which are made only when it is good: they are slow.
template <class Lines>
PrincipalBlock with_lines(const NewPrincipal& who, Lines lines) {
  auto text = head(who);
  if (!text) return text;
  PrincipalBlock more = lines();
  if (!more) return more;
  return *text + *more;
}

std::unexpected<std::string> no_memory() {
  return fail(std::string("--memory: so much memory is not to be had"));
}

// Before anything slow is done.
Result<void, std::string> check_cost(const SlowHash& slow) {
  if (slow.kdf == ScramKdf::argon2id && slow.iterations > argon2_time_cost_max)
    return fail(fmt::format("--iterations: Argon2id takes at most {} passes", argon2_time_cost_max));
  return {};
}

std::uint32_t or_usual(std::uint32_t wanted, std::uint32_t usual) { return wanted == 0 ? usual : wanted; }

PrincipalBlock ticket_hash(std::string_view ticket, const SlowHash& slow, Salt salt) {
  if (auto good = check_cost(slow); !good) return fail(std::move(good.error()));
  std::string encoded;
  if (slow.kdf == ScramKdf::argon2id) {
    const auto passes = or_usual(slow.iterations, new_principal_passes);
    const auto hash = crypto::argon2id(as_bytes(ticket), salt, passes, slow.memory_kib);
    if (!hash) return no_memory();
    encoded = fmt::format("$argon2id$v=19$m={},t={},p=1${}${}", slow.memory_kib, passes,
                          unpadded_base64(salt), unpadded_base64(*hash));
  } else {
    const auto rounds = or_usual(slow.iterations, new_principal_rounds);
    encoded = fmt::format("$pbkdf2-sha256$i={}${}${}", rounds, unpadded_base64(salt),
                          unpadded_base64(crypto::pbkdf2_sha256(as_bytes(ticket), salt, rounds, 32)));
  }
  // The bounds are those of whoever reads it.
  if (const auto stored = StoredPassword::parse(encoded); !stored) return fail("the hash " + stored.error());
  return fmt::format("ticket-hash = \"{}\"\n", encoded);
}

}  // namespace

Result<void, std::string> check_new_principal(const NewPrincipal& who) {
  if (auto good = check_word("--authid", who.authid); !good) return good;
  if (auto good = check_word("--role", who.role); !good) return good;
  return who.realm.empty() ? Result<void, std::string>() : check_word("--realm", who.realm);
}

PrincipalBlock new_ticket_principal(const NewPrincipal& who, std::string_view ticket, const SlowHash& slow,
                                    Salt salt) {
  return with_lines(who, [&] { return ticket_hash(ticket, slow, salt); });
}

PrincipalBlock new_wampcra_principal(const NewPrincipal& who, std::string_view secret, const SlowHash& slow,
                                     Salt salt) {
  return with_lines(who, [&]() -> PrincipalBlock {
    const auto rounds = or_usual(slow.iterations, new_principal_rounds_of_clients);
    // The salt's text is what is hashed, by both ends.
    const auto made = wampcra_from_secret(secret, standard_base64(salt), rounds);
    return fmt::format("wampcra-key = \"{}\"\nwampcra-salt = \"{}\"\nwampcra-iterations = {}\n",
                       made.key.view(), made.salt, made.iterations);
  });
}

PrincipalBlock new_scram_principal(const NewPrincipal& who, std::string_view password, ScramDialect dialect,
                                   const SlowHash& slow, Salt salt) {
  return with_lines(who, [&]() -> PrincipalBlock {
    if (auto good = check_cost(slow); !good) return fail(std::move(good.error()));
    const bool argon2 = slow.kdf == ScramKdf::argon2id;
    const ScramCredential costs{
        .salt = standard_base64(salt),
        .kdf = slow.kdf,
        .iterations =
            or_usual(slow.iterations, argon2 ? new_principal_passes : new_principal_rounds_of_clients),
        .memory_kib = argon2 ? slow.memory_kib : 0};
    const auto keys = scram_keys(password, costs, dialect);
    if (!keys) return no_memory();
    return fmt::format(
        "[wamp.principal.{}]\nsalt = \"{}\"\nkdf = \"{}\"\niterations = {}\n{}stored-key = "
        "\"{}\"\nserver-key = \"{}\"\n",
        dialect == ScramDialect::autobahn ? "scram" : "wamp-scram", costs.salt,
        argon2 ? "argon2id" : "pbkdf2", costs.iterations,
        argon2 ? fmt::format("memory = {}\n", costs.memory_kib) : "", encode_hex(keys->stored),
        encode_hex(keys->server));
  });
}

PrincipalBlock new_cryptosign_principal(const NewPrincipal& who, Bytes public_key) {
  return with_lines(who, [&]() -> PrincipalBlock {
    return fmt::format("cryptosign-keys = [\"{}\"]\n", encode_hex(public_key));
  });
}

}  // namespace crosspoint::wamp::auth
