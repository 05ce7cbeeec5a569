// Enters JavaScript with batches: on readiness, or on a tick, from the environment's own loop.
#pragma once

#include <node_api.h>
#include <uv.h>

#include <cstdint>
#include <memory>

#include "gateway/native/core/packet-io.hpp"

namespace causeway {

// Lives from `start` until `stop`, and then until libuv has given its handles back: it deletes
// itself, and an environment that ends waits for that.
class Reactor {
 public:
  static constexpr int32_t kMaxIntervalMillis = 5;

  // Batches are described at the start of `table`.
  Reactor(napi_env env, std::shared_ptr<PacketIo> io, std::shared_ptr<Arena> table,
          napi_value onBatch);

  void setInterval(int32_t millis);
  void stop();

 private:
  ~Reactor() = default;

  void turn();
  void deliver(int32_t count);
  void release();
  static void closed(uv_handle_t* handle);

  napi_env env_;
  std::shared_ptr<PacketIo> io_;
  std::shared_ptr<Arena> table_;
  int32_t intervalMillis_ = 0;
  bool stopping_ = false;
  int openHandles_ = 2;
  napi_ref onBatch_ = nullptr;
  napi_async_context context_ = nullptr;
  napi_async_cleanup_hook_handle cleanup_ = nullptr;
  uv_poll_t poll_{};
  uv_timer_t timer_{};
};

}  // namespace causeway
