// Enters JavaScript with batches: on readiness, or on a tick, from the environment's own loop.
#include "gateway/native/binding/reactor.hpp"

#include "transcoder/native/shared/napi-call.hpp"

namespace causeway {

// What can fail comes before what only libuv can undo.
Reactor::Reactor(napi_env env, std::shared_ptr<PacketIo> io, std::shared_ptr<Arena> table,
                 napi_value onBatch)
    : env_(env), io_(std::move(io)), table_(std::move(table)) {
  uv_loop_t* loop = nullptr;
  check(napi_get_uv_event_loop(env, &loop), "no event loop");
  napi_value name;
  check(napi_create_string_utf8(env, "causeway.packets", NAPI_AUTO_LENGTH, &name), "no string");
  check(napi_async_init(env, nullptr, name, &context_), "no async context");
  check(napi_create_reference(env, onBatch, 1, &onBatch_), "no reference");
  const auto cleanUp = [](napi_async_cleanup_hook_handle, void* reactor) {
    static_cast<Reactor*>(reactor)->stop();
  };
  check(napi_add_async_cleanup_hook(env, cleanUp, this, &cleanup_), "no cleanup hook");
  if (uv_poll_init(loop, &poll_, io_->descriptor()) != 0) {
    release();
    throw Failure("native.system_failure", "the event loop takes no more descriptors");
  }
  uv_timer_init(loop, &timer_);
  timer_.data = poll_.data = this;
  setInterval(0);
}

void Reactor::setInterval(int32_t millis) {
  if (stopping_) return;
  intervalMillis_ = millis;
  if (millis == 0) {
    uv_timer_stop(&timer_);
    uv_poll_start(&poll_, UV_READABLE, [](uv_poll_t* poll, int, int) {
      static_cast<Reactor*>(poll->data)->turn();
    });
    return;
  }
  const auto period = static_cast<uint64_t>(millis);
  uv_poll_stop(&poll_);
  uv_timer_start(
      &timer_, [](uv_timer_t* timer) { static_cast<Reactor*>(timer->data)->turn(); }, period,
      period);
}

void Reactor::stop() {
  if (stopping_) return;
  stopping_ = true;
  uv_close(reinterpret_cast<uv_handle_t*>(&poll_), closed);
  uv_close(reinterpret_cast<uv_handle_t*>(&timer_), closed);
}

// One batch, then the loop has its turn. Readiness calls again by itself if more is waiting; the
// tick has to be asked.
void Reactor::turn() {
  const int32_t count = io_->read(reinterpret_cast<int32_t*>(table_->start()));
  if (count == 0) return;
  deliver(count);
  if (stopping_) return;
  io_->flush();
  if (count == kReceiveSlots && intervalMillis_ > 0) {
    const auto period = static_cast<uint64_t>(intervalMillis_);
    uv_timer_start(&timer_, timer_.timer_cb, 0, period);
  }
}

// napi_make_callback, because it alone runs promises and next ticks and reports what is thrown;
// and a throw ends the process, because a packet loop that has thrown is in no known state.
void Reactor::deliver(int32_t count) {
  napi_handle_scope scope;
  if (napi_open_handle_scope(env_, &scope) != napi_ok) return;
  napi_value receiver;
  napi_value function;
  napi_value argument;
  napi_status status = napi_get_global(env_, &receiver);
  if (status == napi_ok) status = napi_get_reference_value(env_, onBatch_, &function);
  if (status == napi_ok) status = napi_create_int32(env_, count, &argument);
  if (status == napi_ok) {
    status = napi_make_callback(env_, context_, receiver, function, 1, &argument, nullptr);
  }
  if (status == napi_pending_exception) {
    napi_value thrown;
    if (napi_get_and_clear_last_exception(env_, &thrown) == napi_ok) {
      napi_fatal_exception(env_, thrown);
    }
  }
  napi_close_handle_scope(env_, scope);
}

void Reactor::closed(uv_handle_t* handle) {
  auto* reactor = static_cast<Reactor*>(handle->data);
  if (--reactor->openHandles_ > 0) return;
  reactor->release();
  delete reactor;
}

void Reactor::release() {
  napi_handle_scope scope;
  if (napi_open_handle_scope(env_, &scope) == napi_ok) {
    napi_async_destroy(env_, context_);
    napi_delete_reference(env_, onBatch_);
    napi_close_handle_scope(env_, scope);
  }
  napi_remove_async_cleanup_hook(cleanup_);
}

}  // namespace causeway
