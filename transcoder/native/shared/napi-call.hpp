// One call from JavaScript: every argument is checked, every failure becomes a typed Error.
#pragma once

#include <node_api.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <exception>
#include <new>
#include <optional>
#include <string>
#include <utility>

#include "transcoder/native/shared/failure.hpp"

namespace causeway {

struct ByteView {
  uint8_t* bytes;
  size_t length;
};

struct SampleView {
  int16_t* samples;
  size_t count;
};

inline void check(napi_status status, const char* what) {
  if (status != napi_ok) throw Failure("native.bad_argument", what);
}

// The arguments of a call, and the object (`Face`) whose function was called.
class NapiCall {
 public:
  static constexpr size_t kMaxArguments = 8;

  NapiCall(napi_env env, napi_callback_info call) : env_(env) {
    count_ = arguments_.size();
    check(napi_get_cb_info(env, call, &count_, arguments_.data(), nullptr, &data_), "no call");
  }

  napi_env env() const noexcept { return env_; }

  template <typename Face>
  Face& face() const noexcept {
    return *static_cast<Face*>(data_);
  }

  napi_value value(size_t position) const {
    if (position >= count_) throw Failure("native.bad_argument", "an argument is missing");
    return arguments_[position];
  }

  int32_t int32(size_t position) const { return toInt32(value(position)); }

  uint32_t uint32(size_t position) const { return toUint32(value(position)); }

  uint32_t toUint32(napi_value from) const {
    const double number = toDouble(from);
    if (!(number >= 0 && number <= UINT32_MAX) || number != std::trunc(number)) {
      throw Failure("native.bad_argument", "an unsigned 32-bit integer is expected");
    }
    return static_cast<uint32_t>(number);
  }

  int32_t toInt32(napi_value from) const {
    const double number = toDouble(from);
    if (!(number >= INT32_MIN && number <= INT32_MAX) || number != std::trunc(number)) {
      throw Failure("native.bad_argument", "a 32-bit integer is expected");
    }
    return static_cast<int32_t>(number);
  }

  double toDouble(napi_value from) const {
    double number = 0;
    check(napi_get_value_double(env_, from, &number), "a number is expected");
    return number;
  }

  std::string toText(napi_value from) const {
    size_t length = 0;
    check(napi_get_value_string_utf8(env_, from, nullptr, 0, &length), "a string is expected");
    if (length > kMaxTextBytes) throw Failure("native.out_of_range", "the string is too long");
    std::string text(length, '\0');
    check(napi_get_value_string_utf8(env_, from, text.data(), length + 1, &length), "no string");
    return text;
  }

  ByteView toBytes(napi_value from) const {
    const auto [start, length] = typedArray(from, napi_uint8_array, "a Uint8Array is expected");
    return ByteView{static_cast<uint8_t*>(start), length};
  }

  SampleView toSamples(napi_value from) const {
    const auto [start, count] = typedArray(from, napi_int16_array, "an Int16Array is expected");
    return SampleView{static_cast<int16_t*>(start), count};
  }

  // A property that may be absent or undefined.
  std::optional<napi_value> property(napi_value object, const char* name) const {
    napi_valuetype type;
    check(napi_typeof(env_, object, &type), name);
    if (type != napi_object) throw Failure("native.bad_argument", "an object is expected");
    napi_value found;
    check(napi_get_named_property(env_, object, name, &found), name);
    check(napi_typeof(env_, found, &type), name);
    if (type == napi_undefined) return std::nullopt;
    return found;
  }

  napi_value required(napi_value object, const char* name) const {
    const std::optional<napi_value> found = property(object, name);
    if (!found) throw Failure("native.bad_argument", std::string(name) + " is missing");
    return *found;
  }

  int32_t integerOr(napi_value object, const char* name, int32_t otherwise, int32_t least,
                    int32_t most) const {
    const std::optional<napi_value> found = property(object, name);
    if (!found) return otherwise;
    const int32_t number = toInt32(*found);
    if (number < least || number > most) {
      throw Failure("native.out_of_range", std::string(name) + " is out of range");
    }
    return number;
  }

  napi_value number(double of) const {
    napi_value made;
    check(napi_create_double(env_, of, &made), "no number");
    return made;
  }

  napi_value integer(int32_t of) const {
    napi_value made;
    check(napi_create_int32(env_, of, &made), "no number");
    return made;
  }

  napi_value boolean(bool of) const {
    napi_value made;
    check(napi_get_boolean(env_, of, &made), "no boolean");
    return made;
  }

  napi_value text(const std::string& of) const {
    napi_value made;
    check(napi_create_string_utf8(env_, of.data(), of.size(), &made), "no string");
    return made;
  }

  // A Uint8Array of its own.
  napi_value bytes(const uint8_t* from, size_t length) const {
    void* start = nullptr;
    napi_value buffer;
    check(napi_create_arraybuffer(env_, length, &start, &buffer), "no buffer");
    for (size_t i = 0; i < length; ++i) static_cast<uint8_t*>(start)[i] = from[i];
    napi_value array;
    check(napi_create_typedarray(env_, napi_uint8_array, length, buffer, 0, &array), "no array");
    return array;
  }

  napi_value object() const {
    napi_value made;
    check(napi_create_object(env_, &made), "no object");
    return made;
  }

  void set(napi_value object, const char* name, napi_value to) const {
    check(napi_set_named_property(env_, object, name, to), name);
  }

  napi_value undefined() const {
    napi_value made;
    check(napi_get_undefined(env_, &made), "no undefined");
    return made;
  }

 private:
  static constexpr size_t kMaxTextBytes = 4096;

  // A Buffer is a Uint8Array too; every other view is refused.
  std::pair<void*, size_t> typedArray(napi_value from, napi_typedarray_type wanted,
                                      const char* what) const {
    napi_typedarray_type type;
    void* start = nullptr;
    size_t count = 0;
    check(napi_get_typedarray_info(env_, from, &type, &count, &start, nullptr, nullptr), what);
    if (type != wanted) throw Failure("native.bad_argument", what);
    return {start, count};
  }

  napi_env env_;
  void* data_ = nullptr;
  size_t count_ = 0;
  std::array<napi_value, kMaxArguments> arguments_{};
};

// Wraps a function of a binding as what N-API calls: no C++ exception leaves it.
template <napi_value (*body)(NapiCall&)>
napi_value guarded(napi_env env, napi_callback_info info) {
  const char* code = "native.system_failure";
  std::string detail;
  try {
    NapiCall call(env, info);
    return body(call);
  } catch (const Failure& failure) {
    code = failure.code();
    detail = failure.what();
  } catch (const std::exception& exception) {
    detail = exception.what();
  }
  bool pending = false;
  napi_is_exception_pending(env, &pending);
  if (!pending) napi_throw_error(env, code, detail.c_str());
  return nullptr;
}

template <napi_value (*body)(NapiCall&)>
void define(napi_env env, napi_value object, const char* name, void* face) {
  napi_value function;
  check(napi_create_function(env, name, NAPI_AUTO_LENGTH, guarded<body>, face, &function), name);
  check(napi_set_named_property(env, object, name, function), name);
}

}  // namespace causeway
