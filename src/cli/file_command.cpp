// `crosspoint file`: writes what a topic says to a file, for as long as it runs. Connections come back by
// themselves, with a new code each time; SIGHUP closes the file and opens it again by its name, for
// logrotate.
#include <fmt/core.h>
#include <time.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <utility>

#include "base/counted.h"
#include "base/log.h"
#include "cli/commands.h"
#include "cli/loop_threads.h"
#include "cli/startup.h"
#include "cli/tls_settings.h"
#include "client/io/reconnecting_socket.h"
#include "client/message_log.h"
#include "net/system_files.h"
#include "net/system_network.h"

namespace crosspoint::cli {
namespace {

enum class Form { text, binary };

Duration east_of_utc(WallTime at) {
  const auto seconds =
      static_cast<std::time_t>(std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count());
  std::tm local{};
  ::localtime_r(&seconds, &local);
  return std::chrono::seconds(local.tm_gmtoff);
}

// The file, or standard output. What cannot be written is said once, and again when it works.
class Output {
 public:
  explicit Output(std::string path) : path_(std::move(path)) {}

  Result<void, std::string> open() {
    if (is_standard()) return {};
    file_.reset(std::fopen(path_.c_str(), "ab"));
    if (file_) return {};
    return fail(fmt::format("{} cannot be opened: {}", path_, std::strerror(errno)));
  }
  void write(Bytes bytes) {
    std::FILE* file = is_standard() ? stdout : file_.get();
    const bool written = file != nullptr &&
                         std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size() &&
                         std::fflush(file) == 0;
    if (written == works_) return;
    works_ = written;
    if (written) {
      log::info("file", "{} can be written again; {} missing", path_,
                counted(lost_, "message is", "messages are"));
    } else {
      log::error("file", "{} cannot be written: {}", path_, std::strerror(errno));
    }
  }
  void count_lost() {
    if (!works_) ++lost_;
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  bool is_standard() const { return path_.empty() || path_ == "-"; }

  const std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
  bool works_ = true;
  std::uint64_t lost_ = 0;
};

class Recorder final : private client::ReconnectingSocketEvents {
 public:
  Recorder(net::Loop& loop, net::Network& network, Random& random,
           std::unique_ptr<client::AddressSource> address, client::ReconnectingSocketSettings settings,
           Output& output, Form form, std::function<void()> on_end)
      : loop_(loop),
        output_(output),
        form_(form),
        on_end_(std::move(on_end)),
        link_(loop, network, random, std::move(address), std::move(settings), *this) {
    link_.start();
  }
  void stop() { link_.close(websocket::CloseCode::normal); }

 private:
  void on_connected() override {}
  void on_message(websocket::MessageType type, Bytes payload) override {
    if (form_ == Form::binary) {
      output_.write(payload);
    } else {
      const auto now = loop_.wall_now();
      const auto kind =
          type == websocket::MessageType::text ? client::MessageKind::text : client::MessageKind::binary;
      output_.write(as_bytes(client::log_line(kind, payload, now, east_of_utc(now))));
    }
    output_.count_lost();
  }
  void on_closed() override { on_end_(); }

  net::Loop& loop_;
  Output& output_;
  const Form form_;
  std::function<void()> on_end_;
  client::ReconnectingSocket link_;
};

Result<std::unique_ptr<client::TokenSource>, std::string> token_source(const Files& files,
                                                                       const config::Settings& settings) {
  const auto& token = settings.get<"file.token">();
  const auto& file = settings.get<"file.token-file">();
  if (!file.empty()) return std::make_unique<client::TokenFile>(files, file);
  if (token.empty()) return nullptr;
  if (const auto checked = client::check_token(token); !checked) {
    return fail(settings.source<"file.token">().text + ": the token " + checked.error());
  }
  return std::make_unique<client::FixedToken>(token);
}

}  // namespace

int file_command(const config::Settings& settings, const Notes& notes) {
  if (!start_log(settings, notes)) return 1;
  const auto& text = settings.get<"file.url">();
  if (text.empty()) return complain_and_fail("say what to record with --url (RELAY_CLIENT_SESSION)");
  auto url = http::parse_url(text);
  if (!url) return complain_and_fail("--url: " + url.error());
  const net::SystemFiles files;
  auto token = token_source(files, settings);
  if (!token) return complain_and_fail(token.error());
  const bool is_access = url->scheme == "http" || url->scheme == "https";
  if (is_access && *token == nullptr) {
    return complain_and_fail(
        "an http or https address needs a token: set RELAY_CLIENT_TOKEN, or give --token-file");
  }
  const auto tls = trusting(files, settings.get<"file.ca-file">(), settings.source<"file.ca-file">());
  if (!tls) return complain_and_fail(tls.error());
  Output output(settings.get<"file.output">());
  if (const auto opened = output.open(); !opened) return complain_and_fail(opened.error());

  LoopThreads loops(1);
  net::SystemNetwork network;
  SystemRandom random;
  client::Outbound outbound;
  outbound.tls = tls->get();
  client::ReconnectingSocketSettings link;
  link.tls = tls->get();
  Recorder recorder(loops.first(), network, random,
                    client::make_address_source(loops.first(), network, outbound, *url, std::move(*token)),
                    std::move(link), output, settings.pick<"file.mode">(Form::text, Form::binary),
                    [&] { loops.stop(); });
  StopSignals signals(
      loops.first(), [&] { recorder.stop(); },
      [&] {
        if (const auto opened = output.open(); !opened) log::error("file", "{}", opened.error());
      });
  loops.run();
  return 0;
}

}  // namespace crosspoint::cli
