// `crosspoint principal`: a [[wamp.principal]] to paste into the configuration file. Standard output is for
// the block alone; what there is to say beside it is said on standard error.
#include <fmt/core.h>

#include <termios.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cstdio>

#include "base/random.h"
#include "cli/commands.h"
#include "cli/secret_file.h"
#include "cli/startup.h"
#include "net/system_files.h"
#include "wamp/auth/new_principal.h"
#include "wamp/client/login.h"

namespace crosspoint::cli {
namespace {

using wamp::auth::NewPrincipal;
using wamp::auth::PrincipalBlock;
using wamp::auth::ScramDialect;
using wamp::auth::ScramKdf;

// While somebody types a secret, the terminal does not show it.
class EchoOff {
 public:
  EchoOff() : is_terminal_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!is_terminal_) return;
    std::fputs("the secret, which is not shown: ", stderr);
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  ~EchoOff() {
    if (!is_terminal_) return;
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    std::fputs("\n", stderr);
  }

 private:
  termios before_{};
  bool is_terminal_;
};

Result<crypto::SecretText, std::string> typed_secret() {
  std::array<char, 4096> line{};
  const EchoOff quiet;
  const bool there = std::fgets(line.data(), static_cast<int>(line.size()), stdin) != nullptr;
  std::string_view text(line.data());
  const bool whole = text.size() + 1 < line.size() || text.ends_with('\n');
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  crypto::SecretText secret(text);
  crypto::wipe(std::as_writable_bytes(std::span(line)));
  if (!there || secret.empty())
    return fail(std::string("no secret: standard input has none, nor --password-file"));
  if (!whole) return fail(std::string("the secret on standard input is longer than 4094 bytes"));
  return secret;
}

Result<crypto::SecretText, std::string> given_secret(const config::Settings& settings) {
  const auto& file = settings.get<"principal.password-file">();
  if (file.empty()) return typed_secret();
  auto secret = read_secret_file(net::SystemFiles(), file);
  if (!secret) return fail("--password-file: " + secret.error());
  return secret;
}

// The public half of the key that is there, or of one that is made now.
Result<ByteVector, std::string> public_key(const config::Settings& settings) {
  const auto& file = settings.get<"principal.key-file">();
  const auto& created = settings.get<"principal.new-key">();
  if (file.empty() == created.empty())
    return fail(std::string("cryptosign takes a key: set --key-file, or --new-key to have one made"));
  net::SystemFiles files;
  if (!created.empty()) {
    std::array<std::byte, 32> seed;
    SystemRandom().fill(seed);
    auto pem = crypto::ed25519_pem_of(seed);
    auto written = files.create(created, pem);
    crypto::wipe(std::as_writable_bytes(std::span(pem)));
    const auto key = crypto::PrivateKey::from_ed25519_seed(seed);
    crypto::wipe(seed);
    if (!written)
      return fail(fmt::format("--new-key: {} cannot be written: {}", created, written.error().reason));
    if (!key) return fail(fmt::format("--new-key: the key {}", crypto::describe(key.error())));
    return key->public_key().ed25519_bytes();
  }
  auto text = read_secret_file(files, file);
  if (!text) return fail("--key-file: " + text.error());
  auto key = wamp::client::read_login_key(text->view());
  if (!key) return fail(fmt::format("--key-file: the key in {} {}", file, key.error()));
  return key->public_key().ed25519_bytes();
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

enum class Method : unsigned char { ticket, wampcra, scram, cryptosign };

PrincipalBlock with_secret(const config::Settings& settings, const NewPrincipal& who, Method method) {
  auto secret = given_secret(settings);
  if (!secret) return fail(std::move(secret.error()));
  const wamp::auth::SlowHash slow{
      .kdf = settings.pick<"principal.kdf">(ScramKdf::argon2id, ScramKdf::pbkdf2),
      .iterations = static_cast<std::uint32_t>(settings.get<"principal.iterations">()),
      .memory_kib = static_cast<std::uint32_t>(settings.get<"principal.memory">() / 1024)};
  std::array<std::byte, crypto::argon2_salt_bytes> salt;
  SystemRandom().fill(salt);
  if (method == Method::ticket) return wamp::auth::new_ticket_principal(who, secret->view(), slow, salt);
  if (method == Method::wampcra) return wamp::auth::new_wampcra_principal(who, secret->view(), slow, salt);
  if (!is_ascii(secret->view()))
    complain("the password is not ASCII: a client that prepares it (SASLprep) may make another one of it");
  const auto dialect =
      settings.pick<"principal.dialect">(ScramDialect::autobahn, ScramDialect::specification);
  return wamp::auth::new_scram_principal(who, secret->view(), dialect, slow, salt);
}

}  // namespace

int principal_command(const config::Settings& settings, const Notes& notes) {
  for (const auto& note: notes) complain(note);
  const NewPrincipal who{settings.get<"principal.authid">(), settings.get<"principal.role">(),
                         settings.get<"principal.realm">()};
  // Before a secret is typed, or a key made.
  if (auto good = wamp::auth::check_new_principal(who); !good) return complain_and_fail(good.error());
  const auto method =
      settings.pick<"principal.method">(Method::ticket, Method::wampcra, Method::scram, Method::cryptosign);
  PrincipalBlock block;
  if (method == Method::cryptosign) {
    const auto key = public_key(settings);
    if (!key) return complain_and_fail(key.error());
    block = wamp::auth::new_cryptosign_principal(who, *key);
  } else {
    block = with_secret(settings, who, method);
  }
  if (!block) return complain_and_fail(block.error());
  std::fputs(block->c_str(), stdout);
  return 0;
}

}  // namespace crosspoint::cli
