#include "net/tls_files.h"

#include <fmt/chrono.h>
#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace crosspoint::net {
namespace {

constexpr Duration ends_soon = std::chrono::days(14);

// Of a chain, which is some kilobytes, or a key.
Result<std::string, std::string> read_pem(const Files& disk, const std::string& path) {
  auto text = disk.read(path, {});
  if (!text) return fail(fmt::format("{} cannot be read: {}", path, text.error().reason));
  return std::move(*text);
}

// UTC, to the minute.
std::string date(WallTime time) {
  return fmt::format("{:%Y-%m-%d %H:%M} UTC",
                     fmt::gmtime(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count()));
}

std::vector<std::string> paths_of(const std::vector<TlsFilePair>& files) {
  std::vector<std::string> paths;
  for (const auto& pair: files) {
    paths.push_back(pair.certificate);
    paths.push_back(pair.key);
  }
  return paths;
}

bool has_expired(const TlsCertificateFacts& facts, WallTime now) { return facts.valid_until <= now; }

}  // namespace

std::string to_sentence(const TlsIdentityError& error, const TlsFilePair& files) {
  switch (error.part) {
    case TlsIdentityError::Part::certificates: return fmt::format("{} {}", files.certificate, error.what);
    case TlsIdentityError::Part::private_key: return fmt::format("{} {}", files.key, error.what);
    case TlsIdentityError::Part::pair: break;
  }
  return fmt::format("the private key in {} does not belong to the certificate in {}", files.key,
                     files.certificate);
}

Result<TlsCertificates, std::string> read_certificates(const Files& disk, std::span<const TlsFilePair> files,
                                                       const TlsServerSettings& settings) {
  TlsCertificates read;
  std::vector<TlsIdentity> identities;
  for (const auto& pair: files) {
    auto certificates = read_pem(disk, pair.certificate);
    if (!certificates) return fail(std::move(certificates.error()));
    auto key = read_pem(disk, pair.key);
    if (!key) return fail(std::move(key.error()));
    auto facts = read_certificate_facts(*certificates);
    if (!facts) return fail(fmt::format("{} {}", pair.certificate, facts.error()));
    read.shown.push_back({pair.certificate, std::move(*facts)});
    identities.push_back({std::move(*certificates), std::move(*key)});
  }
  auto context = TlsContext::server(identities, settings);
  if (!context) return fail(to_sentence(context.error(), files[context.error().identity]));
  read.context = std::move(*context);
  return read;
}

std::vector<TlsNotice> notices(const TlsCertificates& certificates, WallTime now) {
  using Grave = TlsNotice::Grave;
  std::vector<TlsNotice> found;
  for (const auto& [file, facts]: certificates.shown) {
    const auto until = facts.valid_until;
    if (facts.names.empty())
      found.push_back({Grave::yes, fmt::format("the certificate in {} names no host that it is for", file)});
    if (has_expired(facts, now)) {
      found.push_back(
          {Grave::yes, fmt::format("the certificate in {} has expired on {}", file, date(until))});
    } else if (facts.valid_from > now) {
      found.push_back({Grave::yes, fmt::format("the certificate in {} is valid from {} on", file,
                                               date(facts.valid_from))});
    } else if (until - now <= ends_soon) {
      found.push_back({Grave::no, fmt::format("the certificate in {} expires on {}", file, date(until))});
    }
  }
  return found;
}

TlsWatch::TlsWatch(Loop& loop, const Files& disk, std::vector<TlsFilePair> files, TlsServerSettings settings,
                   TlsCertificates certificates, Use use)
    : loop_(loop),
      disk_(disk),
      files_(std::move(files)),
      settings_(std::move(settings)),
      certificates_(std::move(certificates)),
      use_(std::move(use)),
      changes_(disk, paths_of(files_)),
      timer_(loop, [this] { look(); }) {
  say_notices();
  timer_.start_after(look_every);
}

void TlsWatch::look() {
  if (changes_.settled()) read_again();
  say_notices();
  timer_.start_after(look_every);
}

bool TlsWatch::read_again() {
  changes_.taken();
  auto read = read_certificates(disk_, files_, settings_);
  if (!read) {
    log::error("tls", "{}; the certificates in use stay", read.error());
    return false;
  }
  const auto now = loop_.wall_now();
  for (const auto& [file, facts]: read->shown) {
    if (!has_expired(facts, now)) continue;
    log::error("tls", "the certificate in {} has expired on {}; the certificates in use stay", file,
               date(facts.valid_until));
    return false;
  }
  certificates_ = std::move(*read);
  for (const auto& [file, facts]: certificates_.shown)
    log::info("tls", "showing the certificate in {}, valid until {}", file, date(facts.valid_until));
  say_notices();
  use_(certificates_.context);
  return true;
}

bool TlsWatch::read_again_with(TlsServerSettings settings) {
  settings_ = std::move(settings);
  return read_again();
}

void TlsWatch::say_notices() {
  const auto now = loop_.wall_now();
  const auto found = notices(certificates_, now);
  std::vector<std::string> sentences;
  for (const auto& notice: found) sentences.push_back(notice.sentence);
  // A clock that was set back must not silence them.
  const bool due = now - said_at_ >= notice_every || now < said_at_;
  if (sentences == said_ && (sentences.empty() || !due)) return;
  for (const auto& notice: found) {
    if (notice.grave == TlsNotice::Grave::yes) log::error("tls", "{}: clients refuse it", notice.sentence);
    if (notice.grave == TlsNotice::Grave::no) log::warning("tls", "{}", notice.sentence);
  }
  said_ = std::move(sentences);
  said_at_ = now;
}

}  // namespace crosspoint::net
