// What one JavaScript environment owns of this addon; nothing is static, so threads share nothing.
#include "gateway/native/binding/environment.hpp"

#include <algorithm>

namespace causeway {

Environment& Environment::of(napi_env env) {
  void* instance = nullptr;
  check(napi_get_instance_data(env, &instance), "no instance");
  return *static_cast<Environment*>(instance);
}

// A transferred or detached ArrayBuffer keeps its own share, so that neither side can free memory
// under the other.
napi_value Environment::expose(const NapiCall& call, const std::shared_ptr<Arena>& arena,
                               napi_typedarray_type type) {
  const auto length = static_cast<size_t>(arena->length());
  auto share = std::make_unique<std::shared_ptr<Arena>>(arena);
  napi_value buffer;
  const auto release = [](napi_env, void*, void* hint) {
    delete static_cast<std::shared_ptr<Arena>*>(hint);
  };
  check(napi_create_external_arraybuffer(call.env(), arena->start(), length, release, share.get(),
                                         &buffer),
        "this runtime allows no external buffers");
  share.release();
  napi_value array;
  const size_t elements = type == napi_int32_array ? length / sizeof(int32_t) : length;
  check(napi_create_typedarray(call.env(), type, elements, buffer, 0, &array), "no array");
  std::erase_if(arenas_, [](const std::weak_ptr<Arena>& known) { return known.expired(); });
  arenas_.push_back(arena);
  return array;
}

std::shared_ptr<Arena> Environment::arenaOf(const NapiCall& call, napi_value array) {
  const ByteView view = call.toBytes(array);
  for (const std::weak_ptr<Arena>& known : arenas_) {
    std::shared_ptr<Arena> arena = known.lock();
    if (!arena || arena->start() != view.bytes) continue;
    if (static_cast<size_t>(arena->length()) == view.length) return arena;
  }
  throw Failure("native.bad_argument", "not an arena of this environment");
}

napi_value createArena(NapiCall& call) {
  const int32_t slots = call.int32(0);
  if (slots < 1 || slots > Arena::kMaxSlots) {
    throw Failure("native.out_of_range", "an arena has 1 to 65536 slots");
  }
  const auto arena = std::make_shared<Arena>(slots);
  return Environment::of(call.env()).expose(call, arena, napi_uint8_array);
}

}  // namespace causeway
