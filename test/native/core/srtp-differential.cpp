// SRTP beside Debian's libsrtp2: whoever protects, both accept and refuse the same packets.
#include <srtp2/srtp.h>

#include <algorithm>
#include <array>
#include <optional>
#include <random>

#include "gateway/native/core/srtp-context.hpp"
#include "test/native/core/check.hpp"

namespace causeway::test {
namespace {

constexpr int32_t kRoom = 2048;
constexpr uint32_t kWindow = 128;
constexpr uint32_t kSsrc = 0x11223344;
constexpr size_t kHeader = 12;

struct Key {
  Octets key;
  Octets salt;
};

Key randomKey(std::mt19937& random, const SrtpProfile& profile) {
  const auto octets = [&](size_t length) {
    Octets made(length);
    for (uint8_t& octet : made) octet = static_cast<uint8_t>(random());
    return made;
  };
  return {octets(profile.keyBytes), octets(profile.saltBytes)};
}

// Either implementation, with one key in one direction; nullopt is a refusal.
class Endpoint {
 public:
  virtual ~Endpoint() = default;
  virtual std::optional<Octets> protect(Octets packet, bool rtcp) = 0;
  virtual std::optional<Octets> unprotect(Octets packet, bool rtcp) = 0;
};

class Ours final : public Endpoint {
 public:
  Ours(const SrtpProfile& profile, const Key& key, SrtpDirection direction)
      : context_({.profile = &profile,
                  .direction = direction,
                  .masterKey = key.key,
                  .masterSalt = key.salt,
                  .mki = {},
                  .replayWindow = kWindow}) {}

  std::optional<Octets> protect(Octets packet, bool rtcp) override {
    const auto length = static_cast<int32_t>(packet.size());
    packet.resize(kRoom);
    return cut(std::move(packet), rtcp ? context_.protectRtcp(packet.data(), length, kRoom)
                                       : context_.protectRtp(packet.data(), length, kRoom));
  }

  std::optional<Octets> unprotect(Octets packet, bool rtcp) override {
    const auto length = static_cast<int32_t>(packet.size());
    const Octets before = packet;
    const int32_t opened = rtcp ? context_.unprotectRtcp(packet.data(), length)
                                : context_.unprotectRtp(packet.data(), length);
    if (opened < 0) expectTrue(packet == before, "a refused packet is left as it was");
    return cut(std::move(packet), opened);
  }

 private:
  static std::optional<Octets> cut(Octets packet, int32_t length) {
    if (length < 0) return std::nullopt;
    packet.resize(static_cast<size_t>(length));
    return packet;
  }

  SrtpContext context_;
};

void setPolicies(const SrtpProfile& profile, srtp_policy_t& policy) {
  srtp_crypto_policy_t& rtp = policy.rtp;
  srtp_crypto_policy_t& rtcp = policy.rtcp;
  if (profile.name == "AES_CM_128_HMAC_SHA1_80") {
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&rtp);
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&rtcp);
  } else if (profile.name == "AES_CM_128_HMAC_SHA1_32") {
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32(&rtp);
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&rtcp);
  } else if (profile.name == "AES_256_CM_HMAC_SHA1_80") {
    srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80(&rtp);
    srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80(&rtcp);
  } else if (profile.name == "AES_256_CM_HMAC_SHA1_32") {
    srtp_crypto_policy_set_aes_cm_256_hmac_sha1_32(&rtp);
    srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80(&rtcp);
  } else if (profile.name == "AEAD_AES_128_GCM") {
    srtp_crypto_policy_set_aes_gcm_128_16_auth(&rtp);
    srtp_crypto_policy_set_aes_gcm_128_16_auth(&rtcp);
  } else {
    srtp_crypto_policy_set_aes_gcm_256_16_auth(&rtp);
    srtp_crypto_policy_set_aes_gcm_256_16_auth(&rtcp);
  }
}

class Reference final : public Endpoint {
 public:
  Reference(const SrtpProfile& profile, const Key& key, SrtpDirection direction) {
    Octets material = key.key;
    material.insert(material.end(), key.salt.begin(), key.salt.end());
    srtp_policy_t policy{};
    setPolicies(profile, policy);
    policy.ssrc.type =
        direction == SrtpDirection::protect ? ssrc_any_outbound : ssrc_any_inbound;
    policy.key = material.data();
    policy.window_size = kWindow;
    expectEqual(srtp_create(&session_, &policy), srtp_err_status_ok, "srtp_create");
  }
  ~Reference() override { srtp_dealloc(session_); }

  std::optional<Octets> protect(Octets packet, bool rtcp) override {
    auto length = static_cast<int>(packet.size());
    packet.resize(kRoom);
    const auto apply = rtcp ? srtp_protect_rtcp : srtp_protect;
    if (apply(session_, packet.data(), &length) != srtp_err_status_ok) return std::nullopt;
    packet.resize(static_cast<size_t>(length));
    return packet;
  }

  std::optional<Octets> unprotect(Octets packet, bool rtcp) override {
    auto length = static_cast<int>(packet.size());
    const auto apply = rtcp ? srtp_unprotect_rtcp : srtp_unprotect;
    if (apply(session_, packet.data(), &length) != srtp_err_status_ok) return std::nullopt;
    packet.resize(static_cast<size_t>(length));
    return packet;
  }

 private:
  srtp_t session_ = nullptr;
};

enum class Sender { ours, reference };

// One sender; both receivers judge each packet that arrives, and must agree to the octet.
class Bench {
 public:
  Bench(const SrtpProfile& profile, const Key& key, Sender sender)
      : ours_(profile, key, SrtpDirection::unprotect),
        reference_(profile, key, SrtpDirection::unprotect) {
    if (sender == Sender::ours) {
      sender_ = std::make_unique<Ours>(profile, key, SrtpDirection::protect);
    } else {
      sender_ = std::make_unique<Reference>(profile, key, SrtpDirection::protect);
    }
  }

  Octets send(const Octets& plain, bool rtcp = false) {
    std::optional<Octets> wire = sender_->protect(plain, rtcp);
    expectTrue(wire.has_value(), "the sender refused its own packet");
    return *wire;
  }

  // Gives what was accepted.
  std::optional<Octets> arrive(const Octets& wire, bool rtcp = false) {
    const std::optional<Octets> mine = ours_.unprotect(wire, rtcp);
    const std::optional<Octets> theirs = reference_.unprotect(wire, rtcp);
    expectEqual(mine.has_value(), theirs.has_value(), "accepted by us, and by libsrtp");
    if (mine) expectEqual(toHex(*mine), toHex(*theirs), "plain text");
    ++(mine ? accepted : refused);
    return mine;
  }

  size_t accepted = 0;
  size_t refused = 0;

 private:
  Ours ours_;
  Reference reference_;
  std::unique_ptr<Endpoint> sender_;
};

Octets rtpPacket(uint16_t sequence, size_t payload, uint32_t ssrc = kSsrc) {
  Octets packet(kHeader + payload);
  packet[0] = 0x80;
  packet[2] = static_cast<uint8_t>(sequence >> 8);
  packet[3] = static_cast<uint8_t>(sequence);
  write32(packet.data() + 8, ssrc);
  for (size_t i = kHeader; i < packet.size(); ++i) {
    packet[i] = static_cast<uint8_t>(sequence * 31U + i);
  }
  return packet;
}

// Two CSRCs and a header extension of three words: none of it is encrypted, all of it is signed.
Octets adornedPacket(uint16_t sequence) {
  Octets packet = rtpPacket(sequence, 100);
  packet[0] = 0x92;
  packet[kHeader + 8] = 0xbe;
  packet[kHeader + 9] = 0xde;
  packet[kHeader + 10] = 0;
  packet[kHeader + 11] = 3;
  return packet;
}

Octets rtcpPacket(size_t body) {
  Octets packet(8 + body, 0x5a);
  packet[0] = 0x80;
  packet[1] = 200;
  packet[2] = 0;
  packet[3] = static_cast<uint8_t>((8 + body) / 4 - 1);
  write32(packet.data() + 4, kSsrc);
  return packet;
}

using Scenario = void (*)(const SrtpProfile&, Sender);

void wrapAround(const SrtpProfile& profile, Sender sender) {
  std::mt19937 random(1);
  Bench bench(profile, randomKey(random, profile), sender);
  for (uint32_t index = 65000; index < 65000 + 3000; ++index) {
    bench.arrive(bench.send(rtpPacket(static_cast<uint16_t>(index), 160)));
  }
  expectEqual(bench.accepted, size_t{3000}, "accepted");
}

void lossAcrossTheWrap(const SrtpProfile& profile, Sender sender) {
  std::mt19937 random(2);
  Bench bench(profile, randomKey(random, profile), sender);
  size_t expected = 0;
  for (uint32_t index = 65400; index < 65700; ++index) {
    const Octets wire = bench.send(rtpPacket(static_cast<uint16_t>(index), 160));
    if (index >= 65486 && index < 65586) continue;
    bench.arrive(wire);
    ++expected;
  }
  expectEqual(bench.accepted, expected, "accepted");
}

// Every packet is late by up to 60 places, some come twice, some are altered on the way.
void roughNetwork(const SrtpProfile& profile, Sender sender) {
  std::mt19937 random(3);
  Bench bench(profile, randomKey(random, profile), sender);
  std::vector<std::pair<uint32_t, Octets>> arrivals;
  for (uint32_t index = 60000; index < 60000 + 12000; ++index) {
    if (random() % 50 == 0) continue;
    const size_t payload = random() % 40;
    const Octets wire = bench.send(rtpPacket(static_cast<uint16_t>(index), payload));
    arrivals.emplace_back(index + random() % 60, wire);
    if (random() % 20 == 0) arrivals.emplace_back(index + random() % 300, wire);
    if (random() % 20 != 0) continue;
    Octets altered = wire;
    altered[random() % altered.size()] ^= static_cast<uint8_t>(1U << random() % 8);
    arrivals.emplace_back(index + random() % 60, altered);
  }
  std::stable_sort(arrivals.begin(), arrivals.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [at, wire] : arrivals) bench.arrive(wire);
  expectTrue(bench.accepted > 11000, "most packets arrive");
  expectTrue(bench.refused > 900, "what comes twice or altered is refused");
}

void replay(const SrtpProfile& profile, Sender sender) {
  std::mt19937 random(4);
  Bench bench(profile, randomKey(random, profile), sender);
  std::vector<Octets> recorded;
  for (uint16_t sequence = 0; sequence < 500; ++sequence) {
    recorded.push_back(bench.send(rtpPacket(sequence, 20)));
    bench.arrive(recorded.back());
  }
  for (const Octets& wire : recorded) bench.arrive(wire);
  expectEqual(bench.accepted, size_t{500}, "accepted");
  expectEqual(bench.refused, size_t{500}, "refused");
}

void windowEdge(const SrtpProfile& profile, Sender sender) {
  std::mt19937 random(5);
  Bench bench(profile, randomKey(random, profile), sender);
  std::vector<Octets> wire;
  for (uint16_t sequence = 0; sequence <= 128; ++sequence) {
    wire.push_back(bench.send(rtpPacket(sequence, 20)));
  }
  bench.arrive(wire[128]);
  expectTrue(!bench.arrive(wire[0]), "128 back is out of the window");
  expectTrue(bench.arrive(wire[1]).has_value(), "127 back is in it");
}

void manyStreams(const SrtpProfile& profile, Sender sender) {
  std::mt19937 random(6);
  Bench bench(profile, randomKey(random, profile), sender);
  for (uint32_t round = 0; round < 200; ++round) {
    for (uint32_t ssrc = 1; ssrc <= 12; ++ssrc) {
      const auto sequence = static_cast<uint16_t>(65450 + round + ssrc);
      bench.arrive(bench.send(rtpPacket(sequence, 33, ssrc)));
    }
  }
  expectEqual(bench.accepted, size_t{2400}, "accepted");
}

void headers(const SrtpProfile& profile, Sender sender) {
  std::mt19937 random(7);
  Bench bench(profile, randomKey(random, profile), sender);
  for (uint16_t sequence = 0; sequence < 50; ++sequence) {
    const std::optional<Octets> plain = bench.arrive(bench.send(adornedPacket(sequence)));
    expectTrue(plain == adornedPacket(sequence), "the packet comes out as it went in");
  }
  bench.arrive(bench.send(rtpPacket(50, 0)));
  expectEqual(bench.accepted, size_t{51}, "accepted");
}

void reKey(const SrtpProfile& profile, Sender sender) {
  std::mt19937 random(8);
  Bench before(profile, randomKey(random, profile), sender);
  Bench after(profile, randomKey(random, profile), sender);
  for (uint16_t sequence = 0; sequence < 50; ++sequence) {
    const Octets late = before.send(rtpPacket(sequence, 20));
    const auto next = static_cast<uint16_t>(sequence + 50);
    expectTrue(after.arrive(after.send(rtpPacket(next, 20))).has_value(), "new under new");
    expectTrue(!after.arrive(late), "old under new");
    expectTrue(before.arrive(late).has_value(), "old under old, after it was tried under new");
  }
}

void rtcp(const SrtpProfile& profile, Sender sender) {
  std::mt19937 random(9);
  Bench bench(profile, randomKey(random, profile), sender);
  std::vector<Octets> wire;
  for (size_t i = 0; i < 400; ++i) wire.push_back(bench.send(rtcpPacket(random() % 10 * 4), true));
  for (size_t i = 0; i + 7 < wire.size(); i += 7) {
    std::shuffle(wire.begin() + static_cast<long>(i), wire.begin() + static_cast<long>(i + 7),
                 random);
  }
  for (const Octets& packet : wire) {
    Octets altered = packet;
    altered[random() % altered.size()] ^= 0x10;
    bench.arrive(altered, true);
    bench.arrive(packet, true);
    bench.arrive(packet, true);
  }
  expectEqual(bench.accepted, wire.size(), "accepted");
}

std::vector<Case> allCases() {
  const std::array<std::pair<const char*, Scenario>, 9> scenarios{{
      {"agree while the sequence wraps around", wrapAround},
      {"agree when 100 packets are lost across the wrap", lossAcrossTheWrap},
      {"agree under loss, reordering, repetition and alteration", roughNetwork},
      {"refuse a replayed stream", replay},
      {"have the same window", windowEdge},
      {"keep SSRCs apart", manyStreams},
      {"sign but do not encrypt CSRCs and extensions", headers},
      {"change keys while packets are under way", reKey},
      {"agree on SRTCP", rtcp},
  }};
  static std::vector<std::string> titles;  // what the cases point at
  titles.reserve(scenarios.size() * kSrtpProfiles.size() * 2);
  std::vector<Case> cases;
  for (const SrtpProfile& profile : kSrtpProfiles) {
    for (const Sender sender : {Sender::ours, Sender::reference}) {
      for (const auto& [title, scenario] : scenarios) {
        titles.push_back(std::string(profile.name) + " from " +
                         (sender == Sender::ours ? "us" : "libsrtp") + ": both " + title);
        cases.push_back({titles.back().c_str(), [&profile, sender, scenario] {
                           scenario(profile, sender);
                         }});
      }
    }
  }
  return cases;
}

}  // namespace
}  // namespace causeway::test

int main() {
  using namespace causeway::test;
  if (srtp_init() != srtp_err_status_ok) return 2;
  return runCases(allCases());
}
