// Which packet indices have been seen: a sliding bitmap below the highest one (RFC 3711 §3.3.2).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

namespace causeway {

class ReplayWindow {
 public:
  static constexpr uint32_t kMostSize = 1024;

  explicit ReplayWindow(uint32_t size) : size_((std::min(size, kMostSize) + 63) / 64 * 64) {}

  bool started() const noexcept { return started_; }
  uint64_t highest() const noexcept { return highest_; }

  // Whether `index` is neither in the window already nor too old for it to tell.
  bool isFresh(uint64_t index) const noexcept {
    if (!started_ || index > highest_) return true;
    if (highest_ - index >= size_) return false;
    return (bits_[index % size_ / 64] >> (index % 64) & 1) == 0;
  }

  void commit(uint64_t index) noexcept {
    if (!started_) {
      started_ = true;
      highest_ = index;
    } else if (index > highest_) {
      forget(index);
      highest_ = index;
    }
    bits_[index % size_ / 64] |= uint64_t{1} << (index % 64);
  }

  // Takes `index` as the highest, and everything at or below it as seen.
  void restore(uint64_t index) noexcept {
    started_ = true;
    highest_ = index;
    for (uint64_t& word : bits_) word = ~uint64_t{0};
  }

 private:
  // Frees the places of the indices between the old highest and the new one.
  void forget(uint64_t next) noexcept {
    if (next - highest_ >= size_) {
      for (uint64_t& word : bits_) word = 0;
      return;
    }
    for (uint64_t index = highest_ + 1; index <= next; ++index) {
      bits_[index % size_ / 64] &= ~(uint64_t{1} << (index % 64));
    }
  }

  // Everything in one place: whoever looks at one packet touches two cache lines.
  uint64_t size_;
  uint64_t highest_ = 0;
  bool started_ = false;
  std::array<uint64_t, kMostSize / 64> bits_{};
};

}  // namespace causeway
