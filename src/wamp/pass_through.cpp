#include "wamp/pass_through.h"

namespace crosspoint::wamp {

void take_pass_through(Elements& in, std::size_t key, PassThrough& taken) {
  const auto dialect = key < 4 ? PassThrough::Dialect::ppt : PassThrough::Dialect::enc;
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
  in.end();
  return payload;
}

}  // namespace crosspoint::wamp
