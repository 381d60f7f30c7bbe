#include "cli/tls_settings.h"

#include <fmt/core.h>

#include <utility>

#include "base/log.h"
#include "http/io/server.h"
#include "net/kernel_tls.h"

namespace crosspoint::cli {
namespace {

Result<std::vector<net::TlsFilePair>, std::string> file_pairs(const config::Settings& settings) {
  const auto& certificates = settings.get<"serve.tls-certificate">();
  const auto& keys = settings.get<"serve.tls-key">();
  if (certificates.size() != keys.size()) {
    return fail(fmt::format(
        "serve.tls-certificate names {} files and serve.tls-key {}; each certificate needs its key, in the "
        "same order",
        certificates.size(), keys.size()));
  }
  if (certificates.size() > net::TlsContext::identities_max) {
    return fail(fmt::format("serve.tls-certificate names {} files; at most {} are shown", certificates.size(),
                            net::TlsContext::identities_max));
  }
  std::vector<net::TlsFilePair> pairs;
  for (std::size_t i = 0; i < certificates.size(); ++i) pairs.push_back({certificates[i], keys[i]});
  return pairs;
}

}  // namespace

Result<std::optional<TlsSettings>, std::string> tls_settings(const Files& files,
                                                             const config::Settings& settings,
                                                             bool ask_for_certificate) {
  auto pairs = file_pairs(settings);
  if (!pairs) return fail(std::move(pairs.error()));
  if (pairs->empty()) return std::nullopt;
  TlsSettings tls;
  tls.files = std::move(*pairs);
  tls.server.answer_to_plain_text = http::answer_to_plain_http;
  tls.server.encrypt_below = settings.get<"serve.ktls">();
  tls.server.ask_for_certificate = ask_for_certificate;
  if (tls.server.encrypt_below && !net::kernel_encrypts_tls()) {
    log::warning("serve", "serve.ktls: this kernel cannot encrypt TLS (module tls); the program does it");
    tls.server.encrypt_below = false;
  }
  auto certificates = net::read_certificates(files, tls.files, tls.server);
  if (!certificates) {
    return fail(fmt::format("{}; see serve.tls-certificate and serve.tls-key", certificates.error()));
  }
  tls.certificates = std::move(*certificates);
  return tls;
}

Result<std::unique_ptr<net::TlsContext>, std::string> trusting(const Files& files, const std::string& file,
                                                               const config::Source& source) {
  if (file.empty()) {
    auto context = net::TlsContext::client();
    if (!context) return fail(fmt::format("the file {}", context.error()));
    return context;
  }
  const auto problem = [&](const std::string& what) {
    return fail(
        fmt::format("{}: the file {} {}; name one that holds the certificates of the authorities to trust",
                    source.text, file, what));
  };
  const auto text = files.read(file, {});
  if (!text) return problem("cannot be read: " + text.error().reason);
  auto context = net::TlsContext::client(*text);
  if (!context) return problem(context.error());
  return context;
}

}  // namespace crosspoint::cli
