// One SSRC under one key: its packet index, its replay windows, and the table of all of them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "gateway/native/core/srtp-replay-window.hpp"

namespace causeway {

constexpr uint64_t kLastRtpIndex = (uint64_t{1} << 48) - 1;
constexpr uint32_t kLastRtcpIndex = 0x7fffffff;

struct SrtpStream {
  SrtpStream(uint32_t ssrc, uint32_t window) : ssrc(ssrc), rtp(window), rtcp(window) {}

  // The index nearest to the highest one that ends in `sequence` (RFC 3711 §3.3.1, Appendix A).
  // It may come out below zero or beyond kLastRtpIndex: the caller looks.
  int64_t estimate(uint16_t sequence) const noexcept {
    if (!rtp.started()) return sequence;
    const auto highest = static_cast<uint16_t>(rtp.highest());
    auto rollover = static_cast<int64_t>(rtp.highest() >> 16);
    if (highest < 32768) {
      if (sequence - highest > 32768) rollover -= 1;
    } else if (highest - 32768 > sequence) {
      rollover += 1;
    }
    return rollover * 65536 + sequence;
  }

  uint32_t ssrc;
  ReplayWindow rtp;
  ReplayWindow rtcp;
};

class SrtpStreams {
 public:
  SrtpStreams(uint32_t limit, uint32_t window) : limit_(limit), window_(window) {}

  SrtpStream* find(uint32_t ssrc) noexcept {
    if (recent_ != nullptr && recent_->ssrc == ssrc) return recent_;
    for (size_t i = 0; i < ssrcs_.size(); ++i) {
      if (ssrcs_[i] != ssrc) continue;
      recent_ = streams_[i].get();
      return recent_;
    }
    return nullptr;
  }

  // The one that was asked for last, which is the one that is asked for next.
  const SrtpStream* recent() const noexcept { return recent_; }

  bool full() const noexcept { return streams_.size() >= limit_; }

  SrtpStream& add(uint32_t ssrc) {
    streams_.push_back(std::make_unique<SrtpStream>(ssrc, window_));
    ssrcs_.push_back(ssrc);
    recent_ = streams_.back().get();
    return *recent_;
  }

 private:
  SrtpStream* recent_ = nullptr;
  size_t limit_;
  uint32_t window_;
  std::vector<uint32_t> ssrcs_;  // apart from the streams, so that a search stays in few lines
  std::vector<std::unique_ptr<SrtpStream>> streams_;
};

}  // namespace causeway
