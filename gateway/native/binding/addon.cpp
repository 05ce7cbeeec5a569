// The addon: one instance per environment, on the OpenSSL that the running Node exports.
#include <openssl/crypto.h>

#include "gateway/native/binding/environment.hpp"
#include "gateway/native/core/openssl.hpp"

namespace causeway {
namespace {

// Compiled against the headers of one major version, it runs on no other. That every symbol is
// there is seen by the loader, which binds them all at once (-z now).
void requireOpenSsl() {
  if (OPENSSL_version_major() != OPENSSL_VERSION_MAJOR) {
    throw Failure("native.openssl_mismatch",
                  std::string("built for OpenSSL ") + OPENSSL_VERSION_STR + ", running on " +
                      OpenSSL_version(OPENSSL_VERSION_STRING));
  }
}

napi_value fill(napi_env env, napi_value exports) {
  requireOpenSsl();
  auto environment = std::make_unique<Environment>();
  const auto release = [](napi_env, void* instance, void*) {
    delete static_cast<Environment*>(instance);
  };
  check(napi_set_instance_data(env, environment.get(), release, nullptr), "no instance data");
  environment.release();

  napi_value version;
  const char* text = OpenSSL_version(OPENSSL_VERSION_STRING);
  check(napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &version), "no string");
  check(napi_set_named_property(env, exports, "openSslVersion", version), "openSslVersion");
  define<createArena>(env, exports, "createArena", nullptr);
  define<openPacketIo>(env, exports, "openPacketIo", nullptr);
  define<openSrtp>(env, exports, "openSrtp", nullptr);
  define<openDtls>(env, exports, "openDtls", nullptr);
  return exports;
}

napi_value initialise(napi_env env, napi_value exports) {
  try {
    return fill(env, exports);
  } catch (const Failure& failure) {
    napi_throw_error(env, failure.code(), failure.what());
    return nullptr;
  }
}

}  // namespace
}  // namespace causeway

NAPI_MODULE_INIT() { return causeway::initialise(env, exports); }
