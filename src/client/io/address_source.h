#pragma once
// Where a ReconnectingSocket is to connect to, asked anew before every attempt: always the same address, or
// one that an access service gives for a token and that works once.

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "client/io/access_exchange.h"
#include "client/io/token_source.h"
#include "http/url.h"

namespace crosspoint::client {

struct Address {
  http::Url url;  // ws or wss
  // Not empty: a token that the older relay wants as the first message, and answers, before the connection
  // counts (access_reply.h, TokenAnswer).
  std::string first_message;
};

class AddressSource {
 public:
  using Answer = std::move_only_function<void(Result<Address, std::string>)>;
  virtual ~AddressSource() = default;

  // Calls `answer` once: inside this call, or in a later turn, and then it may destroy the source. The error
  // is a sentence. Asked again only after it has answered or was told to stop.
  virtual void ask(Answer answer) = 0;
  // The answer is not wanted any more.
  virtual void stop() {}
  // What people are shown, by printable(): the address itself, or that of the access service.
  virtual const http::Url& place() const = 0;
};

class FixedAddress final : public AddressSource {
 public:
  // With a token: it is what is said first.
  explicit FixedAddress(http::Url url, std::unique_ptr<TokenSource> token = nullptr)
      : url_(std::move(url)), token_(std::move(token)) {}
  void ask(Answer answer) override;
  const http::Url& place() const override { return url_; }

 private:
  http::Url url_;
  std::unique_ptr<TokenSource> token_;
};

class AccessAddress final : public AddressSource {
 public:
  // `access` is http or https. `loop` and `network` outlive it.
  AccessAddress(net::Loop& loop, net::Network& network, Outbound outbound, http::Url access,
                std::unique_ptr<TokenSource> token);
  void ask(Answer answer) override;
  void stop() override { exchange_.reset(); }
  const http::Url& place() const override { return access_; }

 private:
  net::Loop& loop_;
  net::Network& network_;
  const Outbound outbound_;
  const http::Url access_;
  std::unique_ptr<TokenSource> token_;
  std::optional<AccessExchange> exchange_;
};

// The one or the other, by the address: http and https are access services and need a token, ws and wss are
// opened. `token` may be null for the latter.
std::unique_ptr<AddressSource> make_address_source(net::Loop& loop, net::Network& network,
                                                   const Outbound& outbound, http::Url url,
                                                   std::unique_ptr<TokenSource> token);

}  // namespace crosspoint::client
