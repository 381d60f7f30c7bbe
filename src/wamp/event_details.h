#pragma once
// What a database has of a kept event beside the columns of its own (time, topic, payload): its publisher,
// its lists of receivers and how its payload is to be read, as one JSON text. What is not there is not in it;
// mostly it is "{}".
//
//   {"publisher":…,"publisher_authid":"…","publisher_authrole":"…"}    when the publisher was disclosed
//   {"exclude_authid":[…],"exclude_authrole":[…],"eligible_authid":[…],"eligible_authrole":[…]}
//   {"ppt_scheme":"…","ppt_serializer":"…","ppt_cipher":"…","ppt_keyid":"…"}
//   {"enc_algo":"…","enc_serializer":"…","enc_key":"…"}
//
// Lists of sessions are not in a history, and not in here.

#include <string>
#include <string_view>

#include "data/value.h"
#include "wamp/kept_event.h"

namespace crosspoint::wamp {

// The keys of PassThrough, as Details have them; those that are empty are left out.
void add_pass_through(data::Value::Map& details, const PassThrough& keys);

std::string write_event_details(const KeptEvent& event);

// False: it is no such text, and the event is as it was.
bool read_event_details(std::string_view json, KeptEvent& event);

}  // namespace crosspoint::wamp
