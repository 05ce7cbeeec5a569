// SRTP against the published vectors: RFC 3711 Appendix B, RFC 6188 §7, RFC 7714 §16 and §17.
#include "gateway/native/core/srtp-context.hpp"
#include "test/native/core/check.hpp"

namespace causeway::test {
namespace {

const SrtpProfile& profile(std::string_view name) { return *findSrtpProfile(name); }

SecretBytes secret(std::string_view hex) {
  const Octets octets = fromHex(hex);
  SecretBytes secret(octets.size());
  std::copy(octets.begin(), octets.end(), secret.data());
  return secret;
}

std::string derived(std::string_view name, std::string_view key, std::string_view salt,
                    uint8_t label, size_t length, size_t skip = 0) {
  const SecretBytes octets =
      derive(profile(name), fromHex(key), fromHex(salt), label, skip + length);
  return toHex({octets.data() + skip, length});
}

constexpr size_t kBlock = 16;

// With label 0 the first counter is the salt itself, which makes the derivation a keystream.
void expectKeystream(std::string_view name, std::string_view key, std::string_view first,
                     std::string_view last) {
  constexpr std::string_view kSalt = "f0f1f2f3f4f5f6f7f8f9fafbfcfd";
  expectEqual(derived(name, key, kSalt, 0, 3 * kBlock), first, "blocks 0 to 2");
  expectEqual(derived(name, key, kSalt, 0, 3 * kBlock, 0xfeff * kBlock), last, "from feff");
}

void keystream128() {
  expectKeystream("AES_CM_128_HMAC_SHA1_80", "2b7e151628aed2a6abf7158809cf4f3c",
                  "e03ead0935c95e80e166b16dd92b4eb4d23513162b02d0f72a43a2fe4a5f97ab"
                  "41e95b3bb0a2e8dd477901e4fca894c0",
                  "ec8cdf7398607cb0f2d21675ea9ea1e4362b7c3c6773516318a077d7fc5073ae"
                  "6a2cc3787889374fbeb4c81b17ba6c44");
}

void keystream256() {
  expectKeystream("AES_256_CM_HMAC_SHA1_80",
                  "57f82fe3613fd170a85ec93c40b1f0922ec4cb0dc025b58272147cc438944a98",
                  "92bdd28a93c3f52511c677d08b5515a49da71b2378a854f67050756ded165bac"
                  "63c4868b7096d88421b563b8c94c9a31",
                  "cea518c90fd91ced9cbb18c078a547113dbc4814f4da5f00a08772b63c6a046d"
                  "6eb246913062a16891433e97dd01a57f");
}

void derivation128() {
  constexpr std::string_view kName = "AES_CM_128_HMAC_SHA1_80";
  constexpr std::string_view kKey = "e1f97a0d3e018be0d64fa32c06de4139";
  constexpr std::string_view kSalt = "0ec675ad498afeebb6960b3aabe6";
  expectEqual(derived(kName, kKey, kSalt, 0, 16), "c61e7a93744f39ee10734afe3ff7a087", "key");
  expectEqual(derived(kName, kKey, kSalt, 2, 14), "30cbbc08863d8c85d49db34a9ae1", "salt");
  expectEqual(derived(kName, kKey, kSalt, 1, 94),
              "cebe321f6ff7716b6fd4ab49af256a156d38baa48f0a0acf3c34e2359e6cdbce"
              "e049646c43d9327ad175578ef72270986371c10c9a369ac2f94a8c5fbcdddc25"
              "6d6e919a48b610ef17c2041e474035766b68642c59bbfc2f34db60dbdfb2",
              "authentication key");
}

void derivation256() {
  constexpr std::string_view kName = "AES_256_CM_HMAC_SHA1_80";
  constexpr std::string_view kKey =
      "f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6";
  constexpr std::string_view kSalt = "3b04803de51ee7c96423ab5b78d2";
  expectEqual(derived(kName, kKey, kSalt, 0, 32),
              "5ba1064e30ec51613cad926c5a28ef731ec7fb397f70a960653caf06554cd8c4", "key");
  expectEqual(derived(kName, kKey, kSalt, 2, 14), "fa31791685ca444a9e07c6c64e93", "salt");
  expectEqual(derived(kName, kKey, kSalt, 1, 20), "fd9c32d39ed5fbb5a9dc96b30818454d1313dc05",
              "authentication key");
}

constexpr std::string_view kGcmKey128 = "000102030405060708090a0b0c0d0e0f";
constexpr std::string_view kGcmKey256 =
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
constexpr std::string_view kGcmSalt = "517569642070726f2071756f";

std::unique_ptr<SrtpTransform> gcm(std::string_view name, std::string_view key) {
  const auto session = [&] { return SessionKey{secret(key), secret(kGcmSalt), secret("")}; };
  return makeGcmTransform(profile(name), SessionKeys{session(), session()}, {});
}

void gcmRtp(std::string_view name, std::string_view key, std::string_view sealed) {
  constexpr std::string_view kPlain =
      "8040f17b8041f8d35501a0b247616c6c696120657374206f6d6e697320646976"
      "69736120696e207061727465732074726573";
  constexpr uint32_t kSsrc = 0x5501a0b2;
  constexpr uint64_t kIndex = 0xf17b;
  Octets packet = fromHex(kPlain);
  const auto length = static_cast<int32_t>(packet.size());
  packet.resize(packet.size() + 16);
  const auto transform = gcm(name, key);
  expectEqual(transform->sealRtp(packet.data(), 12, length, kSsrc, kIndex), length + 16, "length");
  expectEqual(toHex(packet), sealed, "sealed");
  expectEqual(transform->openRtp(packet.data(), 12, length + 16, kSsrc, kIndex), length, "length");
  expectEqual(toHex({packet.data(), static_cast<size_t>(length)}), kPlain, "opened");
}

void gcmRtcp(std::string_view name, std::string_view key, std::string_view sealed) {
  constexpr std::string_view kPlain =
      "81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61"
      "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef";
  constexpr uint32_t kSsrc = 0x4d617273;
  constexpr uint32_t kIndex = 0x5d4;
  Octets packet = fromHex(kPlain);
  const auto length = static_cast<int32_t>(packet.size());
  packet.resize(packet.size() + 20);
  const auto transform = gcm(name, key);
  expectEqual(transform->sealRtcp(packet.data(), length, kSsrc, kIndex), length + 20, "length");
  expectEqual(toHex(packet), sealed, "sealed");
  expectEqual(transform->openRtcp(packet.data(), length + 20, kSsrc, kIndex), length, "length");
  expectEqual(toHex({packet.data(), static_cast<size_t>(length)}), kPlain, "opened");
}

}  // namespace
}  // namespace causeway::test

int main() {
  using namespace causeway::test;
  return runCases({
      {"AES-CM keystream is that of RFC 3711 Appendix B.2", keystream128},
      {"key derivation is that of RFC 3711 Appendix B.3", derivation128},
      {"AES-256-CM keystream is that of RFC 6188 §7.1", keystream256},
      {"256-bit key derivation is that of RFC 6188 §7.2", derivation256},
      {"AEAD_AES_128_GCM seals SRTP as in RFC 7714 §16.1",
       [] {
         gcmRtp("AEAD_AES_128_GCM", kGcmKey128,
                "8040f17b8041f8d35501a0b2f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f"
                "42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce");
       }},
      {"AEAD_AES_256_GCM seals SRTP as in RFC 7714 §16.2",
       [] {
         gcmRtp("AEAD_AES_256_GCM", kGcmKey256,
                "8040f17b8041f8d35501a0b232b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3"
                "b50b2a0276ffae0f1ba63799b87b7aa3db36dfffd6b0f9bb7878d7a76c13");
       }},
      {"AEAD_AES_128_GCM seals SRTCP as in RFC 7714 §17.1",
       [] {
         gcmRtcp("AEAD_AES_128_GCM", kGcmKey128,
                 "81c8000d4d61727363e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1"
                 "730d6fda4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf87245d9eade800005d4");
       }},
      {"AEAD_AES_256_GCM seals SRTCP as in RFC 7714 §17.2",
       [] {
         gcmRtcp("AEAD_AES_256_GCM", kGcmKey256,
                 "81c8000d4d617273d50ae4d1f5ce5d304ba297e47d470c282c3ece5dbffe0a50a2eaa5c1"
                 "110555be8415f658c61de0476f1b6fad1d1eb30c4446839f57ff6f6cb26ac3be800005d4");
       }},
  });
}
