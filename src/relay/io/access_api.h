#pragma once
// The access API on one loop: HTTP in, answers out (access/request.h, access/answers.h). Tokens are verified
// here; what follows from one is decided where its topic lives, or where the deny list is kept.
//
// An answer that comes from another loop finds its request again by a number: what answers a request never
// leaves its own loop.

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <unordered_map>

#include "access/cors.h"
#include "access/io/deny_keeper.h"
#include "access/request.h"
#include "http/io/server.h"
#include "net/work_share.h"
#include "relay/io/access_settings.h"
#include "relay/io/gateway.h"
#include "relay/io/stats_desk.h"

namespace crosspoint::relay {

class AccessApi {
 public:
  // All outlive the API; `gateway` and `crypto` are those of its loop. Tokens are verified in that share.
  AccessApi(Gateway& gateway, const AccessSettings& settings, access::DenyKeeper& keeper, StatsDesk& stats,
            net::WorkShare& crypto);
  ~AccessApi();

  // From now on, on the loop's thread.
  void verify_with(std::shared_ptr<const token::Verifier> verifier) { verifier_ = std::move(verifier); }

  // Requests whose tokens wait to be verified; one more is answered with 503.
  static constexpr std::size_t unverified_max = 1024;

  // Everything, for a port of its own.
  void add_routes(http::Routes& routes);
  // Beside topics and pages, on their port. What pages ask for alone, sessions and the status, so that those
  // that are served there need no other port; or everything, where there is no other.
  void add_page_routes(http::Routes& routes);
  void add_all_routes_beside_topics(http::Routes& routes);

 private:
  using Answer = std::move_only_function<void(http::Response)>;
  class Verification;

  void add_route(http::Routes& routes, std::string methods, std::string path);
  void handle(http::Request&& request, http::Responder responder);
  void verify_and_perform(Verification& verification);
  void perform(const access::AccessRequest& wanted, const http::Request& request, token::Claims claims,
               Answer answer);
  Result<token::Claims, http::Response> authenticate(const http::Request& request) const;
  void open_session(const std::string& topic, token::Claims claims, Answer answer);
  void refresh_session(const std::string& topic, const http::Request& request, const token::Claims& claims,
                       Answer answer);
  void change_bookings(access::Operation operation, const http::Request& request, const token::Claims& claims,
                       Answer answer);
  void list_bookings(access::Operation operation, const token::Claims& claims, Answer answer);
  void status(const token::Claims& claims, Answer answer);

  // Works out the answer on another gateway's loop, and gives it on this one's.
  void ask(Gateway& other, std::move_only_function<http::Response(Gateway&)> work, Answer answer);
  std::uint64_t keep(Answer answer);
  void give(std::uint64_t number, http::Response response);

  Gateway& gateway_;
  const AccessSettings& settings_;
  std::shared_ptr<const token::Verifier> verifier_;
  access::DenyKeeper& keeper_;
  StatsDesk& stats_;
  access::Cors cors_;
  net::WorkShare& crypto_;
  std::list<std::unique_ptr<Verification>> unverified_;
  std::unordered_map<std::uint64_t, Answer> waiting_;
  std::uint64_t last_number_ = 0;
};

}  // namespace crosspoint::relay
