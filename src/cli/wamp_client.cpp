#include "cli/wamp_client.h"

#include <fmt/core.h>

#include <utility>

#include "cli/secret_file.h"
#include "cli/tls_settings.h"
#include "net/system_files.h"
#include "net/tls_files.h"
#include "wamp/client/lines.h"
#include "wamp/uri.h"

namespace crosspoint::cli {
namespace {

using wamp::client::LinkState;

Result<wamp::client::Login, std::string> login(const Files& files, const config::Settings& settings) {
  auto login = wamp_login(files, {settings.get<"call.authid">(), settings.get<"call.ticket-file">(),
                                  settings.get<"call.secret-file">(), settings.get<"call.key-file">(), "--",
                                  settings.get<"call.password-file">()});
  if (!login) return login;
  const bool other = login->ticket || login->secret || login->password || login->key;
  login->certificate = !settings.get<"call.certificate-file">().empty() && !other;
  login->channel_binding = settings.pick<"call.channel-binding">("", "tls-unique", "tls-exporter");
  if (!login->channel_binding.empty() && !login->key && !login->password)
    return fail(std::string("--channel-binding goes with --key-file, or --password-file"));
  return login;
}

// Shows a certificate of ours, where one is named.
Result<void, std::string> prove(net::TlsContext& tls, const Files& files, const config::Settings& settings) {
  const auto& certificate = settings.get<"call.certificate-file">();
  const auto& key = settings.get<"call.certificate-key-file">();
  if (certificate.empty() != key.empty())
    return fail(std::string("--certificate-file and --certificate-key-file go together"));
  if (certificate.empty()) return {};
  auto text = files.read(certificate, {});
  if (!text) return fail(fmt::format("the file {} cannot be read: {}", certificate, text.error().reason));
  const auto secret = read_secret_file(files, key);
  if (!secret) return fail(secret.error());
  const auto shown = tls.prove_with({std::move(*text), std::string(secret->view())});
  if (shown) return {};
  return fail(net::to_sentence(shown.error(), {certificate, key}));
}

}  // namespace

Result<wamp::client::Login, std::string> wamp_login(const Files& files, const LoginFiles& login_files) {
  const auto& [authid, ticket, secret, key, flags, password] = login_files;
  if (!ticket.empty() + !secret.empty() + !key.empty() > 1)
    return fail(fmt::format("{0}ticket-file, {0}secret-file and {0}key-file exclude each other", flags));
  if (!password.empty() && !(ticket + secret + key).empty())
    return fail(fmt::format("{0}password-file and any other of {0}…-file exclude each other", flags));
  wamp::client::Login login;
  login.authid = authid;
  const auto& path = !ticket.empty() ? ticket : !secret.empty() ? secret : !key.empty() ? key : password;
  if (path.empty()) return login;
  auto text = read_secret_file(files, path);
  if (!text) return fail(std::move(text.error()));
  if (login.authid.empty() && key.empty())
    return fail(fmt::format("{}authid is missing: say whose ticket or secret it is", flags));
  if (!ticket.empty()) login.ticket = std::move(*text);
  if (!secret.empty()) login.secret = std::move(*text);
  if (!password.empty()) login.password = std::move(*text);
  if (!key.empty()) {
    auto made = wamp::client::read_login_key(text->view());
    if (!made) return fail(fmt::format("the file {} {}", key, made.error()));
    login.key = std::move(*made);
  }
  return login;
}

Result<WampClientPlan, std::string> wamp_client_plan(const config::Settings& settings) {
  WampClientPlan plan;
  auto place = wamp::client::parse_place(settings.get<"call.url">());
  if (!place) return fail("--url: " + place.error());
  const net::SystemFiles files;
  auto who = login(files, settings);
  if (!who) return fail(std::move(who.error()));
  auto tls = trusting(files, settings.get<"call.ca-file">(), settings.source<"call.ca-file">());
  if (!tls) return fail(std::move(tls.error()));
  if (auto proven = prove(**tls, files, settings); !proven) return fail(std::move(proven.error()));
  const auto& realm = settings.get<"call.realm">();
  if (!wamp::is_uri(realm, wamp::UriCheck::loose)) return fail(fmt::format("--realm: no name of a realm"));
  plan.tls = std::move(*tls);
  auto& link = plan.link;
  link.transport.place = std::move(*place);
  link.transport.format =
      settings.pick<"call.serializer">(data::Format::json, data::Format::msgpack, data::Format::cbor,
                                       data::Format::ubjson, data::Format::bjdata);
  link.transport.tls = plan.tls.get();
  link.transport.connect_time_max = settings.get<"call.connect-time-max">();
  link.agent.session.realm = realm;
  link.agent.session.reroute = settings.get<"call.reroute">();
  link.agent.session.login = std::move(*who);
  link.agent.session.opening_time_max = settings.get<"call.connect-time-max">();
  return plan;
}

Result<wamp::client::Arguments, std::string> given_arguments(const config::Settings& settings,
                                                             const std::vector<std::string>& words) {
  return wamp::client::read_arguments(std::span(words).subspan(1), settings.get<"call.kwargs">());
}

wamp::Payload payload_of(const wamp::client::Arguments& arguments) {
  return {data::Format::json, as_bytes(arguments.args), as_bytes(arguments.kwargs)};
}

WampClient::WampClient(WampClientPlan plan, Comes comes)
    : tls_(std::move(plan.tls)),
      place_(wamp::client::printable(plan.link.transport.place)),
      comes_(comes),
      link_(loops_.first(), network_, random_, std::move(plan.link), *this) {}

WampClient::~WampClient() = default;

int WampClient::run() {
  StopSignals signals(loops_.first(), [this] { finish(on_interrupt_signal()); });
  link_.start();
  loops_.run();
  return status_.value_or(exit_no_answer);
}

void WampClient::finish(int status) {
  if (status_) return;
  status_ = status;
  link_.leave();
}

void WampClient::finish_with(const wamp::client::Failure& failure) {
  if (finishing()) return;
  complain(wamp::client::failure_line(failure));
  const bool ours = failure.uri.starts_with("crosspoint.error.") && !failure.sentence.empty();
  finish(ours ? exit_no_answer : exit_wamp_error);
}

void WampClient::on_link_changed() {
  const auto& status = link_.status();
  if (status.state != LinkState::waiting || finishing()) return;
  complain(fmt::format("{}: {}", place_, status.last_error));
  if (comes_ == Comes::once || status.joins == 0) finish(exit_no_answer);
}

}  // namespace crosspoint::cli
