// The memory that JavaScript and the primitives share, cut into slots of one datagram each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "transcoder/native/shared/failure.hpp"

namespace causeway {

// These repeat gateway/native/contract.ts, which says what they mean; a test compares the two.
constexpr int32_t kSlotBytes = 2112;
constexpr int32_t kHeadroomBytes = 64;
constexpr int32_t kTailroomBytes = 160;
constexpr int32_t kMaxDatagramBytes = kSlotBytes - kHeadroomBytes - kTailroomBytes;
constexpr int32_t kReceiveSlots = 64;
constexpr int32_t kTransmitSlots = 256;

class Arena {
 public:
  static constexpr int32_t kMaxSlots = 65536;

  explicit Arena(int32_t slots, int32_t slotBytes = kSlotBytes)
      : bytes_(new uint8_t[size_t(slots) * size_t(slotBytes)]()), length_(slots * slotBytes) {}

  uint8_t* start() const noexcept { return bytes_.get(); }
  int32_t length() const noexcept { return length_; }

  // The octets at `offset`, if `length` of them lie inside the arena.
  uint8_t* at(int32_t offset, int32_t length) const {
    if (offset < 0 || length < 0 || length > length_ || offset > length_ - length) {
      throw Failure("native.out_of_range", "not inside the arena");
    }
    return bytes_.get() + offset;
  }

  // How many octets there are from `offset` to the end of its slot.
  static int32_t roomAt(int32_t offset) noexcept { return kSlotBytes - offset % kSlotBytes; }

 private:
  std::unique_ptr<uint8_t[]> bytes_;
  int32_t length_;
};

}  // namespace causeway
