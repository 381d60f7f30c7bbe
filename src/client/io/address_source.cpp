#include "client/io/address_source.h"

#include <utility>

#include "base/assert.h"

namespace crosspoint::client {

void FixedAddress::ask(Answer answer) {
  Address address{.url = url_, .first_message = {}};
  if (token_) {
    auto token = token_->token();
    if (!token) return answer(fail(std::move(token.error())));
    address.first_message = std::move(*token);
  }
  answer(std::move(address));
}

AccessAddress::AccessAddress(net::Loop& loop, net::Network& network, Outbound outbound, http::Url access,
                             std::unique_ptr<TokenSource> token)
    : loop_(loop),
      network_(network),
      outbound_(std::move(outbound)),
      access_(std::move(access)),
      token_(std::move(token)) {}

void AccessAddress::ask(Answer answer) {
  auto token = token_->token();
  if (!token) return answer(fail(std::move(token.error())));
  exchange_.emplace(loop_, network_, outbound_, access_, std::move(*token),
                    [this, answer = std::move(answer)](Result<http::Url, std::string> url) mutable {
                      auto tell = std::move(answer);
                      exchange_.reset();
                      if (!url) return tell(fail(std::move(url.error())));
                      tell(Address{.url = std::move(*url), .first_message = {}});
                    });
}

std::unique_ptr<AddressSource> make_address_source(net::Loop& loop, net::Network& network,
                                                   const Outbound& outbound, http::Url url,
                                                   std::unique_ptr<TokenSource> token) {
  if (url.scheme == "ws" || url.scheme == "wss")
    return std::make_unique<FixedAddress>(std::move(url), std::move(token));
  CROSSPOINT_ASSERT(token != nullptr);
  return std::make_unique<AccessAddress>(loop, network, outbound, std::move(url), std::move(token));
}

}  // namespace crosspoint::client
