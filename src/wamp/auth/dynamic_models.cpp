#include "wamp/auth/dynamic_models.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/base64.h"
#include "crypto/hmac.h"

namespace crosspoint::wamp::auth {
namespace {

// Each model draws a number for the name, and the highest wins.
std::uint64_t draw(const DynamicModel& model, std::string_view authid, Bytes disguise_key) {
  const auto text = fmt::format("model {} {} {} {} {} {} {}", model.salt_bytes, model.iterations,
                                model.key_bytes, static_cast<int>(model.kdf), model.memory_kib,
                                model.role.size(), model.role + std::string(authid));
  const auto hash = crypto::hmac_sha256(disguise_key, as_bytes(text));
  return read_big_endian(Bytes(hash).first(8));
}

}  // namespace

DynamicModel DynamicModel::of(std::string role, const WampCraCredential& credential) {
  return {.role = std::move(role),
          .salt_bytes = credential.salt.size(),
          .iterations = credential.iterations,
          .key_bytes = credential.key_bytes};
}

DynamicModel DynamicModel::of(std::string role, const ScramCredential& credential) {
  const auto salt = decode_base64(Base64::standard, credential.salt);
  return {.role = std::move(role),
          .salt_bytes = salt ? salt->size() : 0,
          .iterations = credential.iterations,
          .kdf = credential.kdf,
          .memory_kib = credential.memory_kib};
}

WampCraCredential DynamicModel::wampcra() const {
  return {.key = {}, .salt = std::string(salt_bytes, 'A'), .iterations = iterations, .key_bytes = key_bytes};
}

ScramCredential DynamicModel::scram() const {
  return {.salt = encode_base64(Base64::standard, ByteVector(salt_bytes)),
          .kdf = kdf,
          .iterations = iterations,
          .memory_kib = memory_kib};
}

void DynamicModels::note(std::string_view procedure, Method method, DynamicModel model) {
  auto& models = models_[{std::string(procedure), method}];
  if (std::ranges::find(models, model) != models.end()) return;
  if (models.size() == models_max) models.erase(models.begin());
  models.push_back(std::move(model));
}

const DynamicModel* DynamicModels::model_for(std::string_view procedure, Method method,
                                             std::string_view authid, Bytes disguise_key) const {
  const auto found = models_.find({std::string(procedure), method});
  if (found == models_.end()) return nullptr;
  const auto& models = found->second;
  return &*std::ranges::max_element(
      models, {}, [&](const DynamicModel& model) { return draw(model, authid, disguise_key); });
}

}  // namespace crosspoint::wamp::auth
