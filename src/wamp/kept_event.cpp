#include "wamp/kept_event.h"

namespace crosspoint::wamp {
namespace {

std::size_t bytes_of_list(const std::optional<std::vector<SessionId>>& list) {
  return list ? list->size() * sizeof(SessionId) : 0;
}
std::size_t bytes_of_list(const std::optional<std::vector<std::string>>& list) {
  std::size_t bytes = 0;
  if (list) {
    for (const auto& text: *list) bytes += sizeof(text) + text.size();
  }
  return bytes;
}

}  // namespace

std::size_t bytes_of(const ReceiverLists& lists) {
  return bytes_of_list(lists.exclude) + bytes_of_list(lists.eligible) + bytes_of_list(lists.exclude_authid) +
         bytes_of_list(lists.exclude_authrole) + bytes_of_list(lists.eligible_authid) +
         bytes_of_list(lists.eligible_authrole);
}

bool KeptEvent::admits(const Participant& who) const {
  return !lists || lists->admit(who.id(), who.identity().authid, who.identity().authrole);
}

std::size_t KeptEvent::bytes() const {
  std::size_t bytes = sizeof(KeptEvent) + topic.size() + pass_through.bytes() + payload.bytes();
  if (lists) bytes += bytes_of(*lists);
  if (publisher) bytes += publisher->authid.size() + publisher->authrole.size();
  return bytes;
}

SharedKeptEvent keep_event(const Publish& message, PublicationId publication, const Participant* publisher,
                           WallTime now) {
  KeptEvent event;
  event.publication = publication;
  event.time = now;
  event.topic = message.topic;
  event.lists = message.lists;
  if (publisher != nullptr) {
    event.publisher =
        KeptPublisher{publisher->id(), publisher->identity().authid, publisher->identity().authrole};
  }
  event.pass_through = KeptPassThrough(message.pass_through);
  event.payload = KeptPayload(message.payload);
  return std::make_shared<const KeptEvent>(std::move(event));
}

}  // namespace crosspoint::wamp
