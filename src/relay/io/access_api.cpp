#include "relay/io/access_api.h"

#include <fmt/core.h>

#include <utility>

#include "access/answers.h"
#include "access/document.h"
#include "access/session_address.h"
#include "base/audit.h"
#include "crypto/sha.h"
#include "relay/io/gather.h"

namespace crosspoint::relay {
namespace {

using access::Operation;

constexpr std::size_t body_bytes_max = 64 * 1024;  // nothing that is read is anywhere near it
constexpr std::string_view admin_scope = "relay:admin";
constexpr std::string_view stats_scope = "relay:stats";

bool has_body(const http::Request& request) {
  return !request.body.empty() || request.head.fields.find("Content-Length").value_or("0") != "0" ||
         request.head.fields.count("Transfer-Encoding") > 0;
}

http::Response page_of(Operation operation) {
  if (operation == Operation::docs) return access::documentation_page();
  if (operation == Operation::document) return access::api_document();
  return http::json_response(200, "\"ok\"\n");
}

http::Response too_many_unverified() {
  auto response = access::operation_failed(503, "too many tokens wait to be verified; try again in a second");
  response.fields.add("Retry-After", "1");
  return response;
}

// By what a token says of itself: no part of it that could be used.
access::Actor actor_of(const token::Claims& claims, std::string address) {
  std::string who = "a token";
  if (!claims.subject.empty()) who += " of " + log::quoted(claims.subject);
  if (!claims.issuer.empty()) who += " by " + log::quoted(claims.issuer);
  return {std::move(who), std::move(address)};
}

// The older relay's words, which differ from operation to operation.
http::Response missing_admin_scope(Operation operation, const token::Claims& claims) {
  if (operation != Operation::deny) {
    return access::operation_failed(401, "token missing relay:admin scope");
  }
  const std::string_view why =
      claims.scopes.empty() ? "token Missing Required Claims" : "missing relay:admin Scope";
  return access::operation_failed(401, "is token missing relay:admin scope? " + std::string(why));
}

}  // namespace

// A request whose token is verified when the loop's share for that has room.
class AccessApi::Verification final : public net::WorkShare::Work {
 public:
  Verification(AccessApi& api, access::AccessRequest the_wanted, http::Request the_request, Answer the_answer)
      : wanted(std::move(the_wanted)),
        request(std::move(the_request)),
        answer(std::move(the_answer)),
        api_(api) {}

  const access::AccessRequest wanted;
  const http::Request request;
  Answer answer;
  std::list<std::unique_ptr<Verification>>::iterator place;

 private:
  void on_share() override { api_.verify_and_perform(*this); }
  AccessApi& api_;
};

AccessApi::AccessApi(Gateway& gateway, const AccessSettings& settings, access::DenyKeeper& keeper,
                     StatsDesk& stats, net::WorkShare& crypto)
    : gateway_(gateway),
      settings_(settings),
      verifier_(settings.verifier),
      keeper_(keeper),
      stats_(stats),
      cors_(settings.allow_origins),
      crypto_(crypto) {}

AccessApi::~AccessApi() = default;

void AccessApi::add_route(http::Routes& routes, std::string methods, std::string path) {
  const http::CollectedHandler handler = [this](http::Request&& request, http::Responder responder) {
    handle(std::move(request), std::move(responder));
  };
  routes.rows.push_back({.methods = std::move(methods),
                         .path = std::move(path),
                         .handler = handler,
                         .body_bytes_max = body_bytes_max});
}

void AccessApi::add_routes(http::Routes& routes) {
  add_route(routes, "* HEAD OPTIONS", "*");
  routes.not_found = [](const http::Request& request) { return access::path_not_found(request.path); };
}

void AccessApi::add_page_routes(http::Routes& routes) {
  add_route(routes, "POST OPTIONS", "/session/*");
  add_route(routes, "GET OPTIONS", "/status");
}

void AccessApi::add_all_routes_beside_topics(http::Routes& routes) {
  add_route(routes, "POST OPTIONS", "/session/*");
  for (const char* path: {"/bids/deny", "/bids/allow", "/status", "/docs", "/swagger.json", "/healthz"}) {
    add_route(routes, "* HEAD OPTIONS", path);
  }
}

void AccessApi::handle(http::Request&& request, http::Responder responder) {
  if (auto preflight = cors_.preflight(request.head)) return responder.respond(std::move(*preflight));
  Answer answer = [this, origin = cors_.allowed_origin(request.head),
                   responder = std::move(responder)](http::Response response) mutable {
    cors_.add_to(origin, response);
    responder.respond(std::move(response));
  };

  auto wanted = access::route_request(request.head.method, request.head.target, request.path);
  if (!wanted) return answer(std::move(wanted.error()));
  if (!access::needs_token(wanted->operation)) return answer(page_of(wanted->operation));
  if (!access::presented_token(request.head.fields)) return answer(access::no_credentials());
  if (unverified_.size() == unverified_max) return answer(too_many_unverified());
  auto verification =
      std::make_unique<Verification>(*this, std::move(*wanted), std::move(request), std::move(answer));
  auto& added = *verification;
  added.place = unverified_.insert(unverified_.end(), std::move(verification));
  crypto_.run(added);
}

void AccessApi::verify_and_perform(Verification& verification) {
  const auto done = std::move(*verification.place);
  unverified_.erase(done->place);
  const auto& request = done->request;
  auto claims = authenticate(request);
  if (!claims) return done->answer(claims.error());
  if (auto media = access::check_media_types(request.head.fields, has_body(request)); !media) {
    return done->answer(std::move(media.error()));
  }
  perform(done->wanted, request, std::move(*claims), std::move(done->answer));
}

Result<token::Claims, http::Response> AccessApi::authenticate(const http::Request& request) const {
  const auto token = access::presented_token(request.head.fields);
  if (!token) return fail(access::no_credentials());
  auto claims = verifier_->authenticate(*token, gateway_.loop().wall_now());
  if (!claims) return fail(access::token_refused(claims.error(), settings_.bad_token_status));
  if (!verifier_->is_for_us(*claims)) {
    return fail(access::wrong_audience(token::joined_audience(*claims), settings_.audience,
                                       settings_.bad_token_status));
  }
  return std::move(*claims);
}

void AccessApi::perform(const access::AccessRequest& wanted, const http::Request& request,
                        token::Claims claims, Answer answer) {
  switch (wanted.operation) {
    case Operation::open_session: return open_session(wanted.topic, std::move(claims), std::move(answer));
    case Operation::refresh_session: return refresh_session(wanted.topic, request, claims, std::move(answer));
    case Operation::deny:
    case Operation::allow: return change_bookings(wanted.operation, request, claims, std::move(answer));
    case Operation::list_denied:
    case Operation::list_allowed: return list_bookings(wanted.operation, claims, std::move(answer));
    case Operation::status: return status(claims, std::move(answer));
    case Operation::docs:
    case Operation::document:
    case Operation::health: return answer(page_of(wanted.operation));
  }
}

void AccessApi::open_session(const std::string& topic, token::Claims claims, Answer answer) {
  ask(
      gateway_.owner_of(topic),
      [topic, claims = std::move(claims), &url = settings_.relay_url](Gateway& owner) {
        const auto code = owner.door().desk().issue(claims, topic, owner.loop().now());
        return code ? access::session_opened(access::session_uri(url, topic, *code))
                    : access::answer_to(code.error());
      },
      std::move(answer));
}

void AccessApi::refresh_session(const std::string& topic, const http::Request& request,
                                const token::Claims& claims, Answer answer) {
  const auto grant = access::grant_of(claims, topic, settings_.allow_no_booking);
  if (!grant) return answer(access::answer_to(grant.error()));
  if (gateway_.door().desk().denies(*grant)) {
    return answer(access::answer_to(access::IssueRefusal::denied));
  }
  const auto connection = access::parse_refresh_body(request.body);
  if (!connection) return answer(access::operation_failed(400, connection.error()));
  if (connection->empty() && grant->booking.empty()) {
    return answer(access::operation_failed(
        400, "a token without a booking extends one connection: name it, as {\"connection\":\"<code>\"}"));
  }
  std::optional<crypto::Sha256Digest> code;
  if (!connection->empty()) code = crypto::sha256(as_bytes(*connection));

  // On every loop, since receivers of a large topic are seated on all of them.
  struct Gathering {
    std::size_t missing;
    std::size_t extended = 0;
  };
  const auto number = keep(std::move(answer));
  auto gathering = std::make_shared<Gathering>(Gathering{gateway_.peers().size()});
  for (const auto& peer: gateway_.peers()) {
    peer->loop().post([this, &peer = *peer, grant = *grant, code, gathering, number] {
      gateway_.loop().post([this, extended = peer.extend(grant, code), at = grant.expires, gathering,
                            number] {
        gathering->extended += extended;
        if (--gathering->missing > 0) return;
        give(number, gathering->extended > 0 ? access::session_extended(at, gathering->extended)
                                             : access::operation_failed(404, "no such connection is open"));
      });
    });
  }
}

void AccessApi::change_bookings(Operation operation, const http::Request& request,
                                const token::Claims& claims, Answer answer) {
  const auto parameters = access::parse_booking_parameters(request.query);
  if (!parameters) return answer(parameters.error());
  if (!claims.has_scope(admin_scope)) return answer(missing_admin_scope(operation, claims));
  if (access::is_over(parameters->until, gateway_.loop().wall_now())) {
    return answer(access::operation_failed(
        400,
        operation == Operation::deny
            ? fmt::format("booking expiry time (exp) of [{}] missing or in the past", parameters->seconds)
            : "exp (booking expiry time) missing or in the past"));
  }
  const auto number = keep(std::move(answer));
  auto done = [this, number](std::optional<std::string> trouble) {
    give(number, trouble ? access::operation_failed(500, *trouble) : access::done());
  };
  access::BookingChange change{parameters->booking, parameters->until,
                               actor_of(claims, gateway_.door().client_address(request))};
  if (operation == Operation::deny) {
    keeper_.deny(std::move(change), gateway_.loop(), std::move(done));
  } else {
    keeper_.allow(std::move(change), gateway_.loop(), std::move(done));
  }
}

void AccessApi::list_bookings(Operation operation, const token::Claims& claims, Answer answer) {
  if (!claims.has_scope(admin_scope)) return answer(missing_admin_scope(operation, claims));
  // The deny list is the same everywhere; who was let in, each loop knows of its own topics.
  if (operation == Operation::list_denied)
    return answer(access::booking_ids(gateway_.door().desk().denied()));
  gather_allowed(gateway_.peers(), gateway_.loop(),
                 [this, number = keep(std::move(answer))](std::vector<std::string> ids) {
                   give(number, access::booking_ids(std::move(ids)));
                 });
}

void AccessApi::status(const token::Claims& claims, Answer answer) {
  if (!claims.has_scope(stats_scope)) {
    return answer(access::operation_failed(401, "token missing relay:stats scope"));
  }
  const auto number = keep(std::move(answer));
  stats_.list(ListForm::status, gateway_.loop(),
              [this, number](std::string text) { give(number, http::json_response(200, std::move(text))); });
}

void AccessApi::ask(Gateway& other, std::move_only_function<http::Response(Gateway&)> work, Answer answer) {
  if (&other == &gateway_) return answer(work(other));
  const auto number = keep(std::move(answer));
  other.loop().post([this, &other, number, work = std::move(work)]() mutable {
    gateway_.loop().post(
        [this, number, response = work(other)]() mutable { give(number, std::move(response)); });
  });
}

std::uint64_t AccessApi::keep(Answer answer) {
  waiting_.emplace(++last_number_, std::move(answer));
  return last_number_;
}

void AccessApi::give(std::uint64_t number, http::Response response) {
  const auto found = waiting_.find(number);
  auto answer = std::move(found->second);
  waiting_.erase(found);
  answer(std::move(response));
}

}  // namespace crosspoint::relay
