#pragma once
// The cookie by which a browser is recognised (RFC 6265), named as Crossbar.io names it: cbtid.
//
// Its value is random and says nothing. It is for the router alone (HttpOnly), and browsers send it with no
// request that a page of another site makes (SameSite).

#include <string>
#include <string_view>

#include "base/random.h"
#include "base/time.h"

namespace crosspoint::wamp {

inline constexpr std::string_view cookie_name = "cbtid";
inline constexpr std::size_t cookie_bytes_max = 64;

// Our cookie's value in a Cookie field; empty: there is none, or none that could be ours.
std::string_view find_cookie(std::string_view field);

std::string make_cookie(Random& random);  // 24 characters, unpredictable

// The value of a Set-Cookie field. `secure`: only over TLS.
std::string set_cookie(std::string_view cookie, Duration age_max, bool secure);

// Whether a page of `origin` is one of the host that was asked: "https://lab.example.org:8443" of the Host
// "lab.example.org:8443".
bool is_same_host(std::string_view origin, std::string_view host);

}  // namespace crosspoint::wamp
