#pragma once
// What call, publish, subscribe and register have in common: one loop, a link to the router as the settings
// say, Ctrl-C that says GOODBYE, and an exit status.

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/files.h"
#include "base/random.h"
#include "cli/loop_threads.h"
#include "cli/startup.h"
#include "config/settings.h"
#include "net/system_network.h"
#include "wamp/client/io/link.h"
#include "wamp/client/words.h"

namespace crosspoint::cli {

inline constexpr int exit_no_answer = 1;   // no connection, no session, a setting that cannot be
inline constexpr int exit_wamp_error = 3;  // the router or a callee said ERROR
inline constexpr int exit_interrupted = 130;

// Who somebody is in a realm, as options say it; at most one of the files.
struct LoginFiles {
  std::string authid, ticket, secret, key;
  std::string_view flags;     // what the options begin with, for sentences: "--"
  std::string password = {};  // of SCRAM
};
// The error is a sentence, and holds nothing secret.
Result<wamp::client::Login, std::string> wamp_login(const Files& files, const LoginFiles& login_files);

struct WampClientPlan {
  std::unique_ptr<net::TlsContext> tls;
  wamp::client::LinkSettings link;
};
// The error is a sentence that names the setting.
Result<WampClientPlan, std::string> wamp_client_plan(const config::Settings& settings);

// The arguments behind the first word, and call.kwargs. The error is a sentence.
Result<wamp::client::Arguments, std::string> given_arguments(const config::Settings& settings,
                                                             const std::vector<std::string>& words);
wamp::Payload payload_of(const wamp::client::Arguments& arguments);  // as good as they are

// The base of each command's own part. Destroyed after run().
class WampClient : protected wamp::client::LinkEvents {
 public:
  // `comes_back`: goes on when a session is lost; else that is the end of it. Without a first session it is,
  // in any case.
  enum class Comes : unsigned char { once, back };
  WampClient(WampClientPlan plan, Comes comes);
  virtual ~WampClient();

  // Until finish(), Ctrl-C, or the router's no. The exit status.
  int run();

 protected:
  // Ends with GOODBYE and this exit status; the first one counts.
  void finish(int status);
  void finish_with(const wamp::client::Failure& failure);
  bool finishing() const { return status_.has_value(); }
  wamp::client::Link& link() { return link_; }
  net::SystemLoop& loop() { return loops_.first(); }

  // Ctrl-C: the exit status that goes with it.
  virtual int on_interrupt_signal() { return exit_interrupted; }
  void on_link_changed() override;
  void on_closed() override { loops_.stop(); }

 private:
  LoopThreads loops_{1};
  net::SystemNetwork network_;
  SystemRandom random_;
  const std::unique_ptr<net::TlsContext> tls_;
  const std::string place_;
  const Comes comes_;
  std::optional<int> status_;
  wamp::client::Link link_;
};

}  // namespace crosspoint::cli
