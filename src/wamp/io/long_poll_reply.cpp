#include "wamp/io/long_poll_reply.h"

#include <utility>

namespace crosspoint::wamp {

LongPollReply::LongPollReply(http::Responder responder, http::Fields fields) {
  auto& loop = responder.loop();
  owed_ = std::make_unique<Owed>(std::move(responder), std::move(fields), loop);
}

// A responder dies where its connection lives.
LongPollReply::~LongPollReply() {
  if (!owed_) return;
  auto& loop = owed_->loop;
  loop.post([owed = std::move(owed_)] {});
}

void LongPollReply::answer(http::Response response, std::move_only_function<void()> undelivered) {
  auto& loop = owed_->loop;
  for (const auto field: owed_->fields) response.fields.add(field.name, field.value);
  loop.post([owed = std::move(owed_), response = std::move(response),
             undelivered = std::move(undelivered)]() mutable {
    if (!owed->responder.abandoned()) return owed->responder.respond(std::move(response));
    if (undelivered) undelivered();
  });
}

}  // namespace crosspoint::wamp
