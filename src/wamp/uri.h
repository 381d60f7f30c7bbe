#pragma once
// URIs of topics, procedures, realms and errors: components joined by dots, without white space or '#'.
//
// Loose is the default, because clients in the field use capitals and hyphens; strict allows a-z, 0-9 and '_'
// alone.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "wamp/options.h"

namespace crosspoint::wamp {

enum class UriCheck : std::uint8_t { loose, strict };

inline constexpr std::size_t uri_bytes_max = 4096;
// Of a wildcard pattern: each costs the index a place of its own (wildcard_tree.h).
inline constexpr std::size_t wildcard_components_max = 128;

// A full URI: no component is empty. At most uri_bytes_max long.
bool is_uri(std::string_view uri, UriCheck check);

// What SUBSCRIBE and REGISTER may name: exact as above; a prefix may end in an empty component, or be empty,
// which matches everything; of a wildcard pattern any component may be empty.
bool is_pattern(std::string_view uri, Match match, UriCheck check);

// Is `uri` meant by `pattern`? Exact: they are equal. Prefix: it begins with it, be that in the middle of a
// component. Wildcard: it has as many components, and each of the pattern's is empty or the same.
bool matches(std::string_view uri, std::string_view pattern, Match match);

// One more than there are dots.
std::size_t component_count(std::string_view uri);

// "wamp." (and "crossbar.", as Crossbar.io has it): the router's own. Clients may call and subscribe there,
// but neither register nor publish.
bool is_reserved(std::string_view uri);

}  // namespace crosspoint::wamp
