#pragma once
// The relay on one loop: takes WebSocket upgrades in, sends each to the loop that owns its topic, keeps the
// sessions of this loop, ends its turns, reports.
//
// A topic belongs to one loop of the node, found from its name. Connections are accepted on any loop and move
// once, before the handshake is answered. A topic with many receivers spills: further receivers are seated on
// the loop with the fewest of them, on a copy that the owner feeds once a turn.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/log.h"
#include "base/pool.h"
#include "base/random.h"
#include "base/text_hash.h"
#include "http/io/server.h"
#include "net/loop.h"
#include "relay/hub.h"
#include "relay/io/session.h"
#include "relay/io/settings.h"
#include "relay/io/token_door.h"
#include "relay/news.h"
#include "relay/topic_copy.h"
#include "websocket/handshake.h"

namespace crosspoint::relay {

class Upload;
class Visitor;
struct Arrival;

class Gateway final : private SessionOwner, private HubEvents, private net::TurnEndHook {
 public:
  // `settings` outlives the gateway; `clock_start` is when the process began. `peers` are the node's gateways
  // in the order of their loops, this one included; complete before the loops run, and alive until all have
  // stopped.
  Gateway(net::Loop& loop, const RelaySettings& settings, std::size_t index, MonotonicTime process_start);
  ~Gateway();
  void know_peers(std::span<const std::unique_ptr<Gateway>> peers) { peers_ = peers; }

  // The relay's rows of the route table; the caller adds its own before them.
  void add_routes(http::Routes& routes);

  // Who is connected to this loop.
  std::vector<ClientReport> report() const;
  // Of all loops; `done` is called on this one.
  void report_all(std::function<void(std::vector<ClientReport>)> done);

  // ---- for those who manage the node (gateway_watch.cpp)
  std::vector<TopicReport> topic_reports() const;
  LoopReport loop_report() const;
  // The client of this id; nothing: it is not on this loop.
  std::optional<ClientReport> find_client(std::uint64_t id) const;
  // Closes its connection (1008; to who posts: 403), and what waits for it is not sent. It, as it was;
  // nothing: the same.
  std::optional<ClientReport> end_client(std::uint64_t id, std::string_view reason);
  // From now on `told` hears on this loop what happens here, some tenth of a second later.
  void tell_news(std::function<void(News)> told) { told_ = std::move(told); }

  std::size_t sessions() const { return sessions_.size(); }
  // Says goodbye (1001) to everybody; `done` is called once nobody is left, at the latest after `limit`.
  void stop(Duration limit, std::function<void()> done);

  net::Loop& loop() { return loop_; }
  std::size_t index() const { return index_; }
  MonotonicTime process_start() const { return process_start_; }
  const websocket::SocketLimits& stats_limits() const { return settings_.stats_limits; }

  // ---- token topics (gateway_tokens.cpp); only where the settings have them.
  TokenDoor& door() { return *door_; }
  // The gateway where a topic lives, its codes too.
  Gateway& owner_of(std::string_view topic) const;
  std::span<const std::unique_ptr<Gateway>> peers() const { return peers_; }
  // Connections on this loop that `grant` covers — its topic and booking, no more rights than it gives — now
  // end when it does; only the one that `code` opened, if that is given. Returns how many.
  std::size_t extend(const access::Grant& grant, const std::optional<crypto::Sha256Digest>& code);
  // Sends to everybody on a token topic that lives here, as nobody's own message. Nothing when nobody is
  // there.
  void publish_text(std::string_view topic, std::string_view text);
  bool has_audience(std::string_view topic);
  void on_stats_asked(std::function<void()> asked) { on_stats_asked_ = std::move(asked); }

  // ---- streams that come by HTTP (gateway_uploads.cpp); only where the settings have them. On the loop of
  // the request:
  void on_upload_taken(fanout::PublisherId id, std::size_t bytes);
  void forget_upload(fanout::PublisherId id);
  // On the loop of the topic:
  void begin_upload(fanout::PublisherId id);
  void publish_upload(fanout::PublisherId id, Bytes message);
  void end_upload(fanout::PublisherId id);

  // For the visitors of /ws and /echo, who are on no topic.
  void on_visitor_over(Visitor& visitor);

 private:
  class CopyLinkTo;
  class Seated;
  struct Spill;

  void on_upgrade(http::Request&& request, http::Takeover&& takeover);
  void on_stats(http::Request&& request, http::Takeover&& takeover);
  void on_token_topic(http::Request&& request, http::Takeover&& takeover);
  void on_echo(http::Request&& request, http::Takeover&& takeover);
  bool refuse_origin(const http::Request& request, http::Takeover& takeover);
  void add_upload_rows(http::Routes& routes);
  std::variant<std::unique_ptr<http::BodySink>, http::Response> take_upload(const http::Request& request);

  void send_to_owner(std::unique_ptr<Arrival> arrival);
  void arrive(std::unique_ptr<Arrival> arrival);  // on the owner
  bool redeem(Arrival& arrival);                  // on the owner
  void spend_elsewhere(const std::string& code);  // on the owner
  void refuse_code(std::unique_ptr<Arrival> arrival);
  static void refuse(std::unique_ptr<Arrival> arrival, http::Response response);
  void seat_on_copy(std::unique_ptr<Arrival> arrival);     // on another loop
  void open(std::unique_ptr<Arrival> arrival, Seat seat);  // where the session is going to live
  Gateway& loop_for_receiver(Topic& topic);

  void feed_copy(const std::string& topic, std::shared_ptr<const Handover> handover);
  void drop_copy(const std::string& topic);
  void on_copy_left(const std::string& topic, std::size_t loop_index);  // on the owner

  void let_in(std::unique_ptr<Visitor> visitor, const websocket::Acceptance& acceptance, ByteVector early);
  template <class Guest>
  void let_go(std::vector<std::unique_ptr<Guest>>& guests, std::uint32_t place);

  Session* find_session(std::uint64_t id) const;
  Upload* find_upload(std::uint64_t id) const;
  fanout::PublisherId next_publisher_id();
  void note(NewsKind kind, const std::function<ClientReport()>& what);

  void on_topic_created(std::string_view name) override;
  void on_topic_deleted(std::string_view name) override;
  void on_session_leaving(const Session& session) override;
  void on_session_over(Session& session) override;
  void on_stats_message(Bytes payload) override;
  void on_turn_end() override;
  void finish_if_stopped();

  net::Loop& loop_;
  const RelaySettings& settings_;
  const std::size_t index_;
  const MonotonicTime process_start_;
  std::span<const std::unique_ptr<Gateway>> peers_;
  SystemRandom random_;
  OriginPolicy origins_;
  Hub hub_;
  std::unique_ptr<TokenDoor> door_;
  ByText<std::unique_ptr<TopicCopy>> copies_;
  ByText<std::unique_ptr<Spill>> spills_;  // of topics owned here
  TextPool user_agents_;
  Pool session_pool_{sizeof(Session)};
  std::vector<std::unique_ptr<Session>> sessions_;
  std::vector<std::unique_ptr<Visitor>> visitors_;
  std::uint32_t next_id_ = 0;
  std::unordered_map<fanout::PublisherId, Upload*> uploads_;     // of requests on this loop
  std::unordered_map<fanout::PublisherId, Presence> uploading_;  // of those to a topic that lives here
  log::LogLimit refused_log_;
  net::Timer rest_timer_;
  net::Timer stop_timer_;
  std::function<void()> on_stopped_;
  std::function<void()> on_stats_asked_;
  LoopReport departed_;  // what those who have gone did
  std::function<void(News)> told_;
  NewsBook news_;
  net::Timer news_timer_;
};

}  // namespace crosspoint::relay
