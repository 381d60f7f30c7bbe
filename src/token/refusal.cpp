#include "token/refusal.h"

namespace crosspoint::token {

std::string_view to_sentence(Refusal refusal) {
  switch (refusal) {
    case Refusal::too_long: return "the token is longer than 8 KiB";
    case Refusal::wrong_parts: return "this is not a token: three parts with dots between them are expected";
    case Refusal::malformed: return "the token cannot be read";
    case Refusal::duplicate_member: return "the token says something twice";
    case Refusal::critical_header: return "the token demands an extension that is not understood here";
    case Refusal::brings_key: return "the token brings a key, or the address of one; keys are configured";
    case Refusal::wrong_type: return "the token says that it is not a JWT";
    case Refusal::unsupported_algorithm: return "the token's signature algorithm is not allowed";
    case Refusal::unknown_key: return "no configured key is the one that the token names";
    case Refusal::bad_signature: return "the token's signature is not valid";
    case Refusal::bad_claims: return "a claim of the token has the wrong form";
    case Refusal::no_expiry: return "the token does not say when it expires";
    case Refusal::expired: return "the token has expired";
    case Refusal::not_yet_valid: return "the token is not valid yet";
    case Refusal::issued_in_future: return "the token was issued in the future";
    case Refusal::lifetime_too_long: return "the token is valid for too long";
    case Refusal::wrong_issuer: return "the token comes from another issuer";
    case Refusal::wrong_audience: return "the token is for another audience";
  }
  return "";
}

}  // namespace crosspoint::token
