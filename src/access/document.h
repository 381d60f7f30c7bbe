#pragma once
// What the access API says of itself: an OpenAPI 2.0 document (/swagger.json), which clients are generated
// from, and a page for people (/docs) that loads nothing from anywhere.

#include "http/message.h"

namespace crosspoint::access {

http::Response api_document();
http::Response documentation_page();

}  // namespace crosspoint::access
