// The SRTP protection profiles and their sizes (RFC 4568 §6.2, RFC 6188 §2, RFC 7714 §12).
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace causeway {

struct SrtpProfile {
  std::string_view name;      // as SDP spells it
  const char* dtlsName;       // as OpenSSL spells it for use_srtp, or null
  const char* cipherName;     // the packet cipher
  const char* keystreamName;  // the cipher of key derivation
  size_t keyBytes;
  size_t saltBytes;
  size_t rtpTagBytes;
  size_t rtcpTagBytes;
  bool aead;
};

// HMAC_SHA1_32 shortens the tag of SRTP only: SRTCP keeps 80 bits (RFC 3711 §5.2).
inline constexpr std::array<SrtpProfile, 6> kSrtpProfiles{{
    {"AES_CM_128_HMAC_SHA1_80", "SRTP_AES128_CM_SHA1_80", "AES-128-CTR", "AES-128-CTR", 16, 14, 10,
     10, false},
    {"AES_CM_128_HMAC_SHA1_32", "SRTP_AES128_CM_SHA1_32", "AES-128-CTR", "AES-128-CTR", 16, 14, 4,
     10, false},
    {"AES_256_CM_HMAC_SHA1_80", nullptr, "AES-256-CTR", "AES-256-CTR", 32, 14, 10, 10, false},
    {"AES_256_CM_HMAC_SHA1_32", nullptr, "AES-256-CTR", "AES-256-CTR", 32, 14, 4, 10, false},
    {"AEAD_AES_128_GCM", "SRTP_AEAD_AES_128_GCM", "AES-128-GCM", "AES-128-CTR", 16, 12, 16, 16,
     true},
    {"AEAD_AES_256_GCM", "SRTP_AEAD_AES_256_GCM", "AES-256-GCM", "AES-256-CTR", 32, 12, 16, 16,
     true},
}};

inline const SrtpProfile* findSrtpProfile(std::string_view name) noexcept {
  for (const SrtpProfile& profile : kSrtpProfiles) {
    if (profile.name == name) return &profile;
  }
  return nullptr;
}

}  // namespace causeway
