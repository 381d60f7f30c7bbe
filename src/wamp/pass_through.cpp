#include "wamp/pass_through.h"

#include "data/cursor.h"

namespace crosspoint::wamp {
namespace {

constexpr std::size_t first_enc_key = 4;

// Those of the specification, and a vendor's.
bool is_scheme(std::string_view scheme) {
  return scheme == "wamp" || scheme == "mqtt" || scheme.starts_with("x_");
}

// A binary, by the specification. wampy sends a map for the serializer "native", and text for JSON.
bool is_one_element(const Payload& payload) {
  data::Cursor cursor(payload.format, payload.args, {});
  if (!cursor.enter_array()) return false;
  const auto first = cursor.more();
  if (!first || !*first || !cursor.skip()) return false;
  const auto second = cursor.more();
  return second && !*second;
}

}  // namespace

void take_pass_through(Elements& in, std::size_t key, PassThrough& taken) {
  const auto dialect = key < first_enc_key ? PassThrough::Dialect::ppt : PassThrough::Dialect::enc;
  if (taken && taken.dialect != dialect) in.refuse("a message has either ppt_* or enc_*, not both");
  taken.dialect = dialect;
  switch (key) {
    case 0: taken.scheme = in.text("Options.ppt_scheme"); break;
    case 1: taken.serializer = in.text("Options.ppt_serializer"); break;
    case 2: taken.cipher = in.text("Options.ppt_cipher"); break;
    case 3: taken.keyid = in.text("Options.ppt_keyid"); break;
    case 4: taken.scheme = in.text("Options.enc_algo"); break;
    case 5: taken.serializer = in.text("Options.enc_serializer"); break;
    case 6: taken.keyid = in.text("Options.enc_key"); break;
    default: break;
  }
}

Payload read_payload(Elements& in, const PassThrough& pass_through) {
  if (in.ok() && pass_through && pass_through.scheme.empty())
    in.refuse("ppt_scheme (or enc_algo) is missing");
  const auto payload = in.payload(pass_through.dialect == PassThrough::Dialect::enc);
  if (in.ok() && pass_through && !payload.kwargs.empty())
    in.refuse("a payload that is passed through has no Kwargs");
  if (in.ok() && pass_through.dialect == PassThrough::Dialect::ppt) {
    if (!is_scheme(pass_through.scheme))
      in.refuse("ppt_scheme must be \"wamp\", \"mqtt\", or begin with x_");
    else if (!is_one_element(payload))
      in.refuse("a payload that is passed through (ppt_*) is one element of Args");
  }
  in.end();
  return payload;
}

}  // namespace crosspoint::wamp
