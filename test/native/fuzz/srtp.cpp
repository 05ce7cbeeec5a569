// Feeds arbitrary octets to SRTP and SRTCP of every profile, through both directions.
#include <algorithm>
#include <cstdlib>

#include "gateway/native/core/srtp-context.hpp"

namespace {

using namespace causeway;

constexpr int32_t kRoom = 2048;
constexpr size_t kMostOctets = 1600;

SrtpContext open(const SrtpProfile& profile, SrtpDirection direction, Bytes mki) {
  static const uint8_t octets[32] = {1, 2, 3};
  return SrtpContext({.profile = &profile,
                      .direction = direction,
                      .masterKey = Bytes(octets, profile.keyBytes),
                      .masterSalt = Bytes(octets, profile.saltBytes),
                      .mki = mki,
                      .replayWindow = 64,
                      .maxStreams = 4});
}

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* input, size_t size) {
  if (size < 2 || size > kMostOctets) return 0;
  const SrtpProfile& profile = kSrtpProfiles[input[0] % kSrtpProfiles.size()];
  const bool rtcp = (input[1] & 1) != 0;
  const Bytes mki(input, (input[1] & 2) != 0 ? 2 : 0);
  const std::vector<uint8_t> packet(input + 2, input + size);
  const auto length = static_cast<int32_t>(packet.size());

  SrtpContext sender = open(profile, SrtpDirection::protect, mki);
  SrtpContext receiver = open(profile, SrtpDirection::unprotect, mki);
  // Of its exact size, so that a read beyond its end is seen.
  std::vector<uint8_t> foreign = packet;
  const int32_t refused = rtcp ? receiver.unprotectRtcp(foreign.data(), length)
                               : receiver.unprotectRtp(foreign.data(), length);
  require(refused < 0 && foreign == packet);

  std::vector<uint8_t> own(kRoom);
  std::copy(packet.begin(), packet.end(), own.begin());
  const int32_t sealed = rtcp ? sender.protectRtcp(own.data(), length, kRoom)
                              : sender.protectRtp(own.data(), length, kRoom);
  if (sealed < 0) return 0;
  const int32_t opened = rtcp ? receiver.unprotectRtcp(own.data(), sealed)
                              : receiver.unprotectRtp(own.data(), sealed);
  require(opened == length && std::equal(packet.begin(), packet.end(), own.begin()));
  return 0;
}
