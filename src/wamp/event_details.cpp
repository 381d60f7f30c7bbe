#include "wamp/event_details.h"

#include <utility>

namespace crosspoint::wamp {
namespace {

using data::Value;
using NameList = std::optional<std::vector<std::string>>;

// visit(key, list) for each list of names, in the order in which they are written.
template <class Lists, class Visit>
void for_each_list_of_names(Lists& lists, Visit visit) {
  visit("exclude_authid", lists.exclude_authid);
  visit("exclude_authrole", lists.exclude_authrole);
  visit("eligible_authid", lists.eligible_authid);
  visit("eligible_authrole", lists.eligible_authrole);
}

void add_text(Value::Map& map, std::string_view key, std::string_view text) {
  if (!text.empty()) map.emplace_back(key, text);
}

// Reads what is there, and remembers whether something was not what it should be.
class DetailsReader {
 public:
  explicit DetailsReader(const Value& map) : map_(map) {}

  std::string_view text(std::string_view key) {
    const Value* value = map_.find(key);
    if (value == nullptr) return {};
    if (value->string() != nullptr) return *value->string();
    good_ = false;
    return {};
  }
  NameList names(std::string_view key) {
    const Value* value = map_.find(key);
    if (value == nullptr) return std::nullopt;
    std::vector<std::string> names;
    if (value->array() == nullptr) return refuse();
    for (const Value& name: *value->array()) {
      if (name.string() == nullptr) return refuse();
      names.push_back(*name.string());
    }
    return names;
  }
  std::optional<SessionId> session(std::string_view key) {
    const Value* value = map_.find(key);
    if (value == nullptr) return std::nullopt;
    if (value->natural() != nullptr && is_id(*value->natural())) return SessionId{*value->natural()};
    good_ = false;
    return std::nullopt;
  }
  bool good() const { return good_; }

 private:
  std::nullopt_t refuse() {
    good_ = false;
    return std::nullopt;
  }
  const Value& map_;
  bool good_ = true;
};

PassThrough pass_through_of(DetailsReader& reader) {
  if (const auto scheme = reader.text("ppt_scheme"); !scheme.empty()) {
    return {PassThrough::Dialect::ppt, scheme, reader.text("ppt_serializer"), reader.text("ppt_cipher"),
            reader.text("ppt_keyid")};
  }
  if (const auto algo = reader.text("enc_algo"); !algo.empty()) {
    return {PassThrough::Dialect::enc, algo, reader.text("enc_serializer"), {}, reader.text("enc_key")};
  }
  return {};
}

}  // namespace

void add_pass_through(Value::Map& details, const PassThrough& keys) {
  if (!keys) return;
  const bool enc = keys.dialect == PassThrough::Dialect::enc;
  details.emplace_back(enc ? "enc_algo" : "ppt_scheme", keys.scheme);
  add_text(details, enc ? "enc_serializer" : "ppt_serializer", keys.serializer);
  add_text(details, "ppt_cipher", keys.cipher);
  add_text(details, enc ? "enc_key" : "ppt_keyid", keys.keyid);
}

std::string write_event_details(const KeptEvent& event) {
  Value::Map map;
  if (event.publisher) {
    map.emplace_back("publisher", number(event.publisher->session));
    map.emplace_back("publisher_authid", event.publisher->authid);
    map.emplace_back("publisher_authrole", event.publisher->authrole);
  }
  if (event.lists) {
    for_each_list_of_names(*event.lists, [&](std::string_view key, const NameList& names) {
      if (names) map.emplace_back(key, Value::Array(names->begin(), names->end()));
    });
  }
  add_pass_through(map, event.pass_through.view());
  return crosspoint::to_string(data::write_value(data::Format::json, Value(std::move(map))));
}

bool read_event_details(std::string_view json, KeptEvent& event) {
  const auto map = data::read_value(data::Format::json, as_bytes(json));
  if (!map || map->map() == nullptr) return false;
  DetailsReader reader(*map);
  std::optional<KeptPublisher> publisher;
  if (const auto session = reader.session("publisher")) {
    publisher = KeptPublisher{*session, std::string(reader.text("publisher_authid")),
                              std::string(reader.text("publisher_authrole"))};
  }
  ReceiverLists lists;
  bool any_list = false;
  for_each_list_of_names(lists, [&](std::string_view key, NameList& names) {
    names = reader.names(key);
    any_list = any_list || names;
  });
  const PassThrough pass_through = pass_through_of(reader);
  if (!reader.good()) return false;
  event.publisher = std::move(publisher);
  event.lists.reset();
  if (any_list) event.lists = std::move(lists);
  event.pass_through = KeptPassThrough(pass_through);
  return true;
}

}  // namespace crosspoint::wamp
