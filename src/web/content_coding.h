#pragma once
// The two request fields that decide in which shape an asset is answered.

#include <string_view>

#include "http/message.h"

namespace crosspoint::web {

// May the answer be in this coding? Accept-Encoding, RFC 9110 section 12.5.3: named, or covered by "*", and
// not with a weight of 0. Without the field: no, since old clients leave it out.
bool accepts_coding(const http::Fields& fields, std::string_view coding);

// Does If-None-Match name this entity tag, or "*"? Compared weakly (RFC 9110 section 13.1.2).
bool names_tag(const http::Fields& fields, std::string_view tag);

}  // namespace crosspoint::web
