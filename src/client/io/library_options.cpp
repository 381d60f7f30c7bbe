#include "client/io/library_options.h"

#include <fmt/core.h>

#include <utility>

#include "net/tls_files.h"

namespace crosspoint::client {
namespace {

Result<std::string, std::string> text_of(const Files& files, const std::string& path) {
  auto text = files.read(path, {});
  if (!text) return fail(fmt::format("the file {} cannot be read: {}", path, text.error().reason));
  return std::move(*text);
}

Result<std::unique_ptr<net::TlsContext>, std::string> trusting(const Files& files, const std::string& file) {
  if (file.empty()) return net::TlsContext::client();
  const auto text = text_of(files, file);
  if (!text) return fail("ca_file: " + text.error());
  auto context = net::TlsContext::client(*text);
  if (!context) return fail(fmt::format("ca_file: the file {} {}", file, context.error()));
  return context;
}

Result<std::optional<http::Proxy>, std::string> proxy(std::string_view option, const std::string& text) {
  if (text.empty()) return std::nullopt;
  auto parsed = http::parse_proxy(text);
  if (!parsed) return fail(fmt::format("{}: {}", option, parsed.error()));
  return std::move(*parsed);
}

}  // namespace

Result<std::unique_ptr<net::TlsContext>, std::string> tls_of(const Files& files, const TlsFiles& named) {
  if (named.certificate.empty() != named.key.empty())
    return fail(std::string("certificate_file and certificate_key_file go together"));
  auto context = trusting(files, named.authorities);
  if (!context || named.certificate.empty()) return context;
  auto certificates = text_of(files, named.certificate);
  if (!certificates) return fail("certificate_file: " + certificates.error());
  auto key = text_of(files, named.key);
  if (!key) return fail("certificate_key_file: " + key.error());
  const auto shown = (*context)->prove_with({std::move(*certificates), std::move(*key)});
  if (shown) return context;
  return fail("certificate_file, certificate_key_file: " +
              net::to_sentence(shown.error(), {named.certificate, named.key}));
}

Result<http::ProxyRules, std::string> proxy_rules(const std::string& http_proxy,
                                                  const std::string& https_proxy, std::string no_proxy) {
  auto http = proxy("http_proxy", http_proxy);
  if (!http) return fail(std::move(http.error()));
  auto https = proxy("https_proxy", https_proxy);
  if (!https) return fail(std::move(https.error()));
  return http::ProxyRules{std::move(*http), std::move(*https), std::move(no_proxy)};
}

}  // namespace crosspoint::client
