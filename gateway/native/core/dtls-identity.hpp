// A certificate of our own, made fresh, and the context of all associations that show it.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "gateway/native/core/openssl.hpp"

namespace causeway {

// Hash functions of a=fingerprint by their names in SDP (RFC 8122 §5).
struct FingerprintHash {
  std::string_view name;
  const EVP_MD* (*digest)();
};
inline constexpr std::array<FingerprintHash, 5> kFingerprintHashes{{
    {"sha-1", EVP_sha1},
    {"sha-224", EVP_sha224},
    {"sha-256", EVP_sha256},
    {"sha-384", EVP_sha384},
    {"sha-512", EVP_sha512},
}};

// Upper-case hexadecimal with colons. Throws native.bad_argument for an unknown hash.
std::string certificateFingerprint(const X509* certificate, std::string_view hash);

class DtlsIdentity {
 public:
  // A fresh ECDSA P-256 key and a self-signed certificate over it.
  DtlsIdentity();
  DtlsIdentity(PrivateKeyPtr key, CertificatePtr certificate);

  const X509* certificate() const noexcept { return certificate_.get(); }
  const EVP_PKEY* key() const noexcept { return key_.get(); }
  // Shared by count with every SSL made of it.
  SSL_CTX* context() const noexcept { return context_.get(); }

 private:
  PrivateKeyPtr key_;
  CertificatePtr certificate_;
  SslContextPtr context_;
};

PrivateKeyPtr makePrivateKey();
CertificatePtr makeCertificate(EVP_PKEY* key);

}  // namespace causeway
