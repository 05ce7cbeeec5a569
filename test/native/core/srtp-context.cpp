// SRTP contexts by themselves: refusals, lifetime, hand-over, MKI (RFC 3711 §3.3, §8.2, §9.2).
#include "gateway/native/core/srtp-context.hpp"

#include "test/native/core/check.hpp"

namespace causeway::test {
namespace {

constexpr int32_t kRoom = 2048;
constexpr uint32_t kSsrc = 7;

struct Packet {
  explicit Packet(uint16_t sequence, uint32_t ssrc = kSsrc) : octets(kRoom), length(32) {
    octets[0] = 0x80;
    octets[2] = static_cast<uint8_t>(sequence >> 8);
    octets[3] = static_cast<uint8_t>(sequence);
    write32(octets.data() + 8, ssrc);
  }
  Octets octets;
  int32_t length;
};

const Octets& key(const SrtpProfile& profile) {
  static const Octets k32(32, 3);
  static const Octets k16(16, 3);
  return profile.keyBytes == 32 ? k32 : k16;
}

const Octets& salt(const SrtpProfile& profile) {
  static const Octets s12(12, 4);
  static const Octets s14(14, 4);
  return profile.saltBytes == 12 ? s12 : s14;
}

SrtpContext open(const SrtpProfile& profile, SrtpDirection direction, Bytes mki = {},
                 uint32_t maxStreams = 4) {
  return SrtpContext({.profile = &profile,
                      .direction = direction,
                      .masterKey = key(profile),
                      .masterSalt = salt(profile),
                      .mki = mki,
                      .replayWindow = 64,
                      .maxStreams = maxStreams});
}

int32_t protect(SrtpContext& context, Packet& packet) {
  const int32_t length = context.protectRtp(packet.octets.data(), packet.length, kRoom);
  if (length > 0) packet.length = length;
  return length;
}

int32_t unprotect(SrtpContext& context, Packet& packet) {
  return context.unprotectRtp(packet.octets.data(), packet.length);
}

int32_t protectRtcp(SrtpContext& context, Packet& packet) {
  write32(packet.octets.data() + 4, kSsrc);
  const int32_t length = context.protectRtcp(packet.octets.data(), packet.length, kRoom);
  if (length > 0) packet.length = length;
  return length;
}

using Check = void (*)(const SrtpProfile&);

void neverOneIndexTwice(const SrtpProfile& profile) {
  SrtpContext sender = open(profile, SrtpDirection::protect);
  Packet first(9);
  Packet again(9);
  Packet earlier(8);
  expectTrue(protect(sender, first) > 0, "the first");
  expectEqual(protect(sender, again), int32_t{kSrtpReplayed}, "the same index again");
  expectTrue(protect(sender, earlier) > 0, "an earlier one, out of order");
}

void strangersLeaveNoState(const SrtpProfile& profile) {
  SrtpContext receiver = open(profile, SrtpDirection::unprotect);
  for (uint32_t ssrc = 1; ssrc < 100; ++ssrc) {
    Packet forged(1, ssrc);
    forged.length = 60;
    expectEqual(unprotect(receiver, forged), int32_t{kSrtpAuthenticationFailed}, "forged");
    expectTrue(!receiver.streamState(ssrc), "no state");
  }
}

void forgeryMovesNoIndex(const SrtpProfile& profile) {
  SrtpContext sender = open(profile, SrtpDirection::protect);
  SrtpContext receiver = open(profile, SrtpDirection::unprotect);
  Packet first(10);
  protect(sender, first);
  unprotect(receiver, first);
  Packet forged(40000);
  forged.length = 60;
  expectEqual(unprotect(receiver, forged), int32_t{kSrtpReplayed}, "an index below zero");
  Packet ahead(30000);
  ahead.length = 60;
  expectEqual(unprotect(receiver, ahead), int32_t{kSrtpAuthenticationFailed}, "forged");
  expectEqual(receiver.streamState(kSsrc)->highestSequence, 10, "the highest");
}

void boundedStreams(const SrtpProfile& profile) {
  SrtpContext sender = open(profile, SrtpDirection::protect, {}, 4);
  for (uint32_t ssrc = 1; ssrc <= 4; ++ssrc) {
    Packet packet(1, ssrc);
    expectTrue(protect(sender, packet) > 0, "within the limit");
  }
  Packet fifth(1, 5);
  expectEqual(protect(sender, fifth), int32_t{kSrtpTooManyStreams}, "beyond it");
}

void keyLifetime(const SrtpProfile& profile) {
  SrtpContext sender = open(profile, SrtpDirection::protect);
  sender.setStreamState(kSsrc, {0xffffffff, 65534, true, 0x7ffffffe});
  Packet last(65535);
  Packet beyond(0);
  expectTrue(protect(sender, last) > 0, "the last index");
  expectEqual(protect(sender, beyond), int32_t{kSrtpIndexExhausted}, "2^48");
  Packet lastRtcp(0);
  Packet beyondRtcp(0);
  expectTrue(protectRtcp(sender, lastRtcp) > 0, "the last SRTCP index");
  expectEqual(protectRtcp(sender, beyondRtcp), int32_t{kSrtpIndexExhausted}, "2^31");
}

void handOver(const SrtpProfile& profile) {
  SrtpContext before = open(profile, SrtpDirection::protect);
  before.setStreamState(kSsrc, {5, 65535, true, -1});
  SrtpContext receiver = open(profile, SrtpDirection::unprotect);
  receiver.setStreamState(kSsrc, {5, 65535, true, -1});
  Packet wrapped(0);
  protect(before, wrapped);
  expectTrue(unprotect(receiver, wrapped) > 0, "under the sixth rollover");

  SrtpContext after = open(profile, SrtpDirection::protect);
  after.setStreamState(kSsrc, *before.streamState(kSsrc));
  Packet again(0);
  expectEqual(protect(after, again), int32_t{kSrtpReplayed}, "what the other one used");
  Packet next(1);
  protect(after, next);
  expectTrue(unprotect(receiver, next) > 0, "the next index");
  expectFailure("native.out_of_range", [&] { after.setStreamState(kSsrc, {0, 1, true, -1}); });
}

void masterKeyIdentifier(const SrtpProfile& profile) {
  const Octets mki{1, 2, 3, 4};
  SrtpContext sender = open(profile, SrtpDirection::protect, mki);
  SrtpContext receiver = open(profile, SrtpDirection::unprotect, mki);
  SrtpContext plain = open(profile, SrtpDirection::protect);
  Packet with(1);
  Packet without(1);
  expectEqual(protect(sender, with), protect(plain, without) + 4, "four octets longer");
  Packet altered = with;
  const size_t trailing = profile.aead ? 0 : profile.rtpTagBytes;
  altered.octets[static_cast<size_t>(altered.length) - trailing - 1] ^= 1;
  expectEqual(unprotect(receiver, altered), int32_t{kSrtpAuthenticationFailed}, "another MKI");
  expectEqual(unprotect(receiver, with), 32, "this MKI");

  Packet report(0);
  protectRtcp(sender, report);
  expectEqual(receiver.unprotectRtcp(report.octets.data(), report.length), 32, "SRTCP");
}

void malformed(const SrtpProfile& profile) {
  SrtpContext receiver = open(profile, SrtpDirection::unprotect);
  SrtpContext sender = open(profile, SrtpDirection::protect);
  for (int32_t length = 0; length < 12; ++length) {
    Packet shortened(1);
    shortened.length = length;
    expectEqual(unprotect(receiver, shortened), int32_t{kSrtpMalformed}, "too short");
    expectEqual(protect(sender, shortened), int32_t{kSrtpMalformed}, "too short");
  }
  Packet version(1);
  version.octets[0] = 0x40;
  expectEqual(unprotect(receiver, version), int32_t{kSrtpMalformed}, "another version");
  Packet extended(1);
  extended.octets[0] = 0x9f;
  extended.octets[12 + 60 + 2] = 0xff;
  extended.length = 100;
  expectEqual(unprotect(receiver, extended), int32_t{kSrtpMalformed}, "beyond the end");
  Packet open(0);
  protectRtcp(sender, open);
  const size_t word = profile.aead ? static_cast<size_t>(open.length) - 4 : 32;
  open.octets[word] &= 0x7f;
  expectEqual(receiver.unprotectRtcp(open.octets.data(), open.length), int32_t{kSrtpMalformed},
              "SRTCP without the E flag");
}

void noRoom(const SrtpProfile& profile) {
  SrtpContext sender = open(profile, SrtpDirection::protect);
  Packet packet(1);
  const auto tag = static_cast<int32_t>(profile.rtpTagBytes);
  const int32_t refused = sender.protectRtp(packet.octets.data(), 32, 32 + tag - 1);
  expectEqual(refused, int32_t{kSrtpNoRoom}, "an octet short");
  expectEqual(sender.protectRtp(packet.octets.data(), 32, 32 + tag), 32 + tag, "just enough");
}

void shortTagOfSrtpOnly() {
  const SrtpProfile& profile = *findSrtpProfile("AES_CM_128_HMAC_SHA1_32");
  SrtpContext sender = open(profile, SrtpDirection::protect);
  Packet media(1);
  Packet report(0);
  expectEqual(protect(sender, media), 32 + 4, "SRTP");
  expectEqual(protectRtcp(sender, report), 32 + 4 + 10, "SRTCP: index and 80 bits");
}

// Keys of both lengths take turns on one engine: none may leave anything behind for the next.
void sharedEngine() {
  const auto engine = std::make_shared<CounterModeEngine>();
  std::vector<SrtpContext> senders;
  std::vector<SrtpContext> receivers;
  for (const SrtpProfile& profile : kSrtpProfiles) {
    for (const SrtpDirection direction : {SrtpDirection::protect, SrtpDirection::unprotect}) {
      SrtpContext context({.profile = &profile,
                           .direction = direction,
                           .masterKey = key(profile),
                           .masterSalt = salt(profile),
                           .mki = {},
                           .engine = engine});
      (direction == SrtpDirection::protect ? senders : receivers).push_back(std::move(context));
    }
  }
  for (uint16_t sequence = 1; sequence < 20; ++sequence) {
    for (size_t i = 0; i < senders.size(); ++i) {
      Packet packet(sequence);
      const Packet plain(sequence);
      SrtpContext alone = open(kSrtpProfiles[i], SrtpDirection::unprotect);
      protect(senders[i], packet);
      Packet copy = packet;
      expectEqual(unprotect(alone, copy), plain.length, "by a context with its own engine");
      expectEqual(unprotect(receivers[i], packet), plain.length, "by one that shares it");
      expectTrue(std::equal(plain.octets.begin(), plain.octets.begin() + plain.length,
                            packet.octets.begin()),
                 "what was sent");
    }
  }
}

void wrongSizes() {
  const Octets short15(15, 1);
  const Octets long5(5, 1);
  const SrtpProfile& profile = kSrtpProfiles[0];
  const auto attempt = [&](Bytes masterKey, Bytes mki) {
    SrtpContext({.profile = &profile,
                 .direction = SrtpDirection::protect,
                 .masterKey = masterKey,
                 .masterSalt = salt(profile),
                 .mki = mki});
  };
  expectFailure("native.out_of_range", [&] { attempt(short15, {}); });
  expectFailure("native.out_of_range", [&] { attempt(key(profile), long5); });
}

std::vector<Case> allCases() {
  const std::vector<std::pair<const char*, Check>> checks{
      {"no index is ever used twice", neverOneIndexTwice},
      {"a stranger's SSRC leaves no state", strangersLeaveNoState},
      {"a forged packet moves no index", forgeryMovesNoIndex},
      {"the number of SSRCs is bounded", boundedStreams},
      {"a key ends after 2^48 SRTP or 2^31 SRTCP packets", keyLifetime},
      {"an index is handed over and never goes back", handOver},
      {"an MKI is appended and expected", masterKeyIdentifier},
      {"what is malformed is refused as such", malformed},
      {"a tag that would leave the slot is refused", noRoom},
  };
  static std::vector<std::string> titles;  // what the cases point at
  titles.reserve(checks.size() * kSrtpProfiles.size());
  std::vector<Case> cases{
      {"HMAC_SHA1_32 shortens the tag of SRTP only", shortTagOfSrtpOnly},
      {"contexts share an engine and keep their keys", sharedEngine},
      {"keys, salts and MKIs of the wrong size are refused", wrongSizes},
  };
  for (const SrtpProfile& profile : kSrtpProfiles) {
    for (const auto& [title, check] : checks) {
      titles.push_back(std::string(profile.name) + ": " + title);
      cases.push_back({titles.back().c_str(), [&profile, check] { check(profile); }});
    }
  }
  return cases;
}

}  // namespace
}  // namespace causeway::test

int main() { return causeway::test::runCases(causeway::test::allCases()); }
