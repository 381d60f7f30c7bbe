#pragma once
// Lines of the log that say who changed what in a realm beside its own affairs: what it took from others, and
// what it left to be said in its name. In the form of what relay.* leaves there (access/actor.h):
//
//   in realm lab: session 7 of "joe" is ended, by "ann" (role "admin", session 12), from 192.0.2.7:5022 (why)

#include <string>
#include <string_view>

#include "wamp/realm.h"

namespace crosspoint::wamp {

// `why` may be empty.
void write_down(const Realm& realm, const Inhabitant& by, std::string_view what, std::string_view why = {});
// What clients may do all the time: through the realm's limit, and with how many lines it has kept back.
void write_down_some(Realm& realm, const Inhabitant& by, std::string_view what);

// The beginning of a URI for such a line: it has no spaces, so it is not taken for the words around it. What
// else somebody chose is log::quoted().
std::string_view beginning_of(std::string_view uri);

}  // namespace crosspoint::wamp
