#include "wamp/client/io/program_plan.h"

#include <utility>

#include "client/io/library_options.h"
#include "net/system_files.h"
#include "wamp/client/public_value.h"
#include "wamp/uri.h"

namespace crosspoint::wamp::client {
namespace {

Result<Login, std::string> login_of(const WampClientOptions& options) {
  if (!options.ticket.empty() + !options.secret.empty() + !options.password.empty() + !options.key.empty() >
      1)
    return fail(std::string("ticket, secret, password and key exclude each other"));
  if (!options.password.empty() && options.authid.empty())
    return fail(std::string("authid: a password is somebody's; say whose"));
  if (options.authmethods.empty() != (options.on_challenge == nullptr))
    return fail(std::string("authmethods and on_challenge go together"));
  Login login;
  login.authid = options.authid;
  login.channel_binding = options.channel_binding;
  login.others = options.authmethods;
  if (!options.authextra.empty()) login.extra = to_data(options.authextra);
  const bool other = !options.ticket.empty() || !options.secret.empty() || !options.password.empty() ||
                     !options.key.empty() || !options.authmethods.empty();
  login.certificate = !options.certificate_file.empty() && !other;
  if (!options.password.empty()) login.password.emplace(options.password);
  if (!options.ticket.empty()) login.ticket.emplace(options.ticket);
  if (!options.secret.empty()) login.secret.emplace(options.secret);
  if (!options.key.empty()) {
    auto key = read_login_key(options.key);
    if (!key) return fail("key: what is given " + key.error());
    login.key = std::move(*key);
  }
  return login;
}

data::Format format_of(WampClientOptions::Serializer serializer) {
  switch (serializer) {
    case WampClientOptions::Serializer::json: return data::Format::json;
    case WampClientOptions::Serializer::msgpack: return data::Format::msgpack;
    case WampClientOptions::Serializer::cbor: return data::Format::cbor;
    case WampClientOptions::Serializer::ubjson: return data::Format::ubjson;
    case WampClientOptions::Serializer::bjdata: return data::Format::bjdata;
  }
  return data::Format::cbor;
}

Match to_wamp(WampMatch match) {
  switch (match) {
    case WampMatch::exact: return Match::exact;
    case WampMatch::prefix: return Match::prefix;
    case WampMatch::wildcard: return Match::wildcard;
  }
  return Match::exact;
}

Invoke to_wamp(WampInvoke invoke) {
  switch (invoke) {
    case WampInvoke::single: return Invoke::single;
    case WampInvoke::roundrobin: return Invoke::roundrobin;
    case WampInvoke::random: return Invoke::random;
    case WampInvoke::first: return Invoke::first;
    case WampInvoke::last: return Invoke::last;
  }
  return Invoke::single;
}

std::optional<std::vector<SessionId>> sessions_of(const std::optional<std::vector<std::uint64_t>>& numbers) {
  if (!numbers) return std::nullopt;
  std::vector<SessionId> sessions;
  for (const auto number: *numbers) {
    if (is_id(number)) sessions.emplace_back(SessionId{number});  // nobody has another one
  }
  return sessions;
}

// The system's authorities take a while to read: not where nobody would ask for them.
Result<std::unique_ptr<net::TlsContext>, std::string> tls_of(const WampClientOptions& options,
                                                             const Place& place) {
  const bool plain = !is_secure(place) && options.ca_file.empty() && options.http_proxy.empty() &&
                     options.https_proxy.empty();
  if (plain) return nullptr;
  return crosspoint::client::tls_of(
      net::SystemFiles(), {options.ca_file, options.certificate_file, options.certificate_key_file});
}

// The error names the option.
Result<void, std::string> check(const WampClientOptions& options, const Place& place) {
  using namespace std::chrono_literals;
  const auto& binding = options.channel_binding;
  if (!binding.empty() && binding != "tls-unique" && binding != "tls-exporter")
    return fail(std::string("channel_binding: it is tls-unique, or tls-exporter"));
  if (!binding.empty() && options.key.empty() && options.password.empty())
    return fail(std::string("channel_binding: what is bound is the proof of a key, or of a password"));
  if ((!binding.empty() || !options.certificate_file.empty()) && !is_secure(place))
    return fail(std::string("url: without TLS there is no channel_binding, and no certificate is shown"));
  if (!is_uri(options.realm, UriCheck::loose)) return fail(std::string("realm: that is no name of a realm"));
  if (options.connect_time_max <= 0ms) return fail(std::string("connect_time_max: must be more than 0"));
  if (options.retry_first <= 0ms || options.retry_longest < options.retry_first)
    return fail(std::string("retry_first: must be more than 0, and retry_longest no less than that"));
  return {};
}

}  // namespace

Result<ProgramPlan, std::string> plan(const WampClientOptions& options) {
  ProgramPlan plan;
  auto place = parse_place(options.url);
  if (!place) return fail("url: " + place.error());
  if (auto right = check(options, *place); !right) return fail(std::move(right.error()));
  auto who = login_of(options);
  if (!who) return fail(std::move(who.error()));
  auto tls = tls_of(options, *place);
  if (!tls) return fail(std::move(tls.error()));
  auto proxies = crosspoint::client::proxy_rules(options.http_proxy, options.https_proxy, options.no_proxy);
  if (!proxies) return fail(std::move(proxies.error()));
  plan.tls = std::move(*tls);
  auto& transport = plan.link.transport;
  transport.place = std::move(*place);
  transport.format = format_of(options.serializer);
  transport.tls = plan.tls.get();
  transport.proxies = std::move(*proxies);
  transport.fields.add("User-Agent", options.user_agent);
  transport.connect_time_max = options.connect_time_max;
  transport.message_bytes_max = options.message_bytes_max;
  plan.link.waiting_bytes_max = options.send_bytes_max;
  plan.link.backoff.first = options.retry_first;
  plan.link.backoff.longest = options.retry_longest;
  plan.link.backoff.after_short_life_min = options.retry_first;
  plan.link.attempts_max = options.attempts_max;
  plan.link.agent.invocations_max = options.invocations_max;
  auto& session = plan.link.agent.session;
  session.realm = options.realm;
  session.agent = options.user_agent;
  session.login = std::move(*who);
  session.opening_time_max = options.connect_time_max;
  session.limits.bytes_max = options.message_bytes_max;
  session.reroute = options.reroute;
  session.payload_passthru = options.passthru;
  return plan;
}

CancelMode to_wamp(WampCancel mode) {
  switch (mode) {
    case WampCancel::killnowait: return CancelMode::killnowait;
    case WampCancel::skip: return CancelMode::skip;
    case WampCancel::kill: return CancelMode::kill;
  }
  return CancelMode::killnowait;
}

SubscribeOrder to_wamp(std::string_view topic, const WampSubscribeOptions& options) {
  return {std::string(topic), to_wamp(options.match), options.get_retained};
}

RegisterOrder to_wamp(std::string_view procedure, const WampRegisterOptions& options) {
  return {.procedure = std::string(procedure),
          .match = to_wamp(options.match),
          .invoke = to_wamp(options.invoke),
          .concurrency = options.concurrency,
          .force_reregister = options.force,
          .disclose_caller = options.disclose_caller,
          .forward_timeout = options.forward_timeout,
          .progressive = options.progressive};
}

PassThrough to_wamp(const std::optional<WampPassthru>& how) {
  if (!how) return {};
  return {PassThrough::Dialect::ppt, how->scheme, how->serializer, how->cipher, how->keyid};
}

std::optional<WampPassthru> to_public(const PassThrough& how) {
  if (!how) return std::nullopt;
  return WampPassthru{std::string(how.scheme), std::string(how.serializer), std::string(how.cipher),
                      std::string(how.keyid)};
}

std::optional<ReceiverLists> lists_of(const WampPublishOptions& options) {
  ReceiverLists lists;
  lists.eligible = sessions_of(options.eligible);
  lists.exclude = sessions_of(options.exclude);
  lists.eligible_authid = options.eligible_authid;
  lists.eligible_authrole = options.eligible_authrole;
  lists.exclude_authid = options.exclude_authid;
  lists.exclude_authrole = options.exclude_authrole;
  const bool any = lists.eligible || lists.exclude || lists.eligible_authid || lists.eligible_authrole ||
                   lists.exclude_authid || lists.exclude_authrole;
  return any ? std::optional(std::move(lists)) : std::nullopt;
}

}  // namespace crosspoint::wamp::client
