// Owning pointers to OpenSSL's objects, and the rule that its error queue is left empty.
#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "transcoder/native/shared/failure.hpp"

namespace causeway {

template <auto release>
struct Release {
  template <typename T>
  void operator()(T* object) const noexcept {
    release(object);
  }
};

using CipherPtr = std::unique_ptr<EVP_CIPHER, Release<EVP_CIPHER_free>>;
using CipherContextPtr = std::unique_ptr<EVP_CIPHER_CTX, Release<EVP_CIPHER_CTX_free>>;
using DigestPtr = std::unique_ptr<EVP_MD, Release<EVP_MD_free>>;
using DigestContextPtr = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;
using PrivateKeyPtr = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, Release<X509_free>>;
using BioMethodPtr = std::unique_ptr<BIO_METHOD, Release<BIO_meth_free>>;
using SslContextPtr = std::unique_ptr<SSL_CTX, Release<SSL_CTX_free>>;
using SslPtr = std::unique_ptr<SSL, Release<SSL_free>>;

// Node's own code reads the same per-thread queue: what is left in it surfaces there as an error
// of an unrelated call. It must also be empty before SSL_get_error is asked.
class CleanErrorQueue {
 public:
  CleanErrorQueue() noexcept { ERR_clear_error(); }
  ~CleanErrorQueue() { ERR_clear_error(); }
  CleanErrorQueue(const CleanErrorQueue&) = delete;
  CleanErrorQueue& operator=(const CleanErrorQueue&) = delete;
};

// OpenSSL's words for the first error in the queue.
inline std::string firstOpenSslError(const char* otherwise) {
  const char* reason = ERR_reason_error_string(ERR_peek_error());
  return reason != nullptr ? reason : otherwise;
}

inline void requireCrypto(bool done, const char* step) {
  if (done) return;
  throw Failure("native.crypto_failure", std::string(step) + ": " + firstOpenSslError("?"));
}

}  // namespace causeway
