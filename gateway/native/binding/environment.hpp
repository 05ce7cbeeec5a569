// What one JavaScript environment owns of this addon; nothing is static, so threads share nothing.
#pragma once

#include <node_api.h>

#include <memory>
#include <vector>

#include "gateway/native/core/arena.hpp"
#include "transcoder/native/shared/napi-call.hpp"

namespace causeway {

// An object given to JavaScript whose functions point back at it. It stays until its environment
// ends, because its functions may be kept that long; `close` releases what it holds.
class Face {
 public:
  virtual ~Face() = default;
};

class Environment {
 public:
  template <typename T>
  T& adopt(std::unique_ptr<T> face) {
    T& adopted = *face;
    faces_.push_back(std::move(face));
    return adopted;
  }

  // A typed array over the arena, which lives as long as either side needs it.
  napi_value expose(const NapiCall& call, const std::shared_ptr<Arena>& arena,
                    napi_typedarray_type type);
  // The arena under such a Uint8Array.
  std::shared_ptr<Arena> arenaOf(const NapiCall& call, napi_value array);

  static Environment& of(napi_env env);

 private:
  std::vector<std::unique_ptr<Face>> faces_;
  std::vector<std::weak_ptr<Arena>> arenas_;
};

napi_value createArena(NapiCall& call);
napi_value openPacketIo(NapiCall& call);
napi_value openSrtp(NapiCall& call);
napi_value openDtls(NapiCall& call);

}  // namespace causeway
