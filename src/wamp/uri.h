#pragma once
// URIs of topics, procedures, realms and errors: components joined by dots, without white space or '#'.
//
// Loose is the default, because clients in the field use capitals and hyphens; strict allows a-z, 0-9 and '_'
// alone.

#include <cstdint>
#include <string_view>

#include "wamp/options.h"

namespace crosspoint::wamp {

enum class UriCheck : std::uint8_t { loose, strict };

inline constexpr std::size_t uri_bytes_max = 4096;

// A full URI: no component is empty. At most uri_bytes_max long.
bool is_uri(std::string_view uri, UriCheck check);

// What SUBSCRIBE and REGISTER may name: exact as above; a prefix may end in an empty component, or be empty,
// which matches everything; of a wildcard pattern any component may be empty.
bool is_pattern(std::string_view uri, Match match, UriCheck check);

// "wamp." (and "crossbar.", as Crossbar.io has it): the router's own. Clients may call and subscribe there,
// but neither register nor publish.
bool is_reserved(std::string_view uri);

}  // namespace crosspoint::wamp
