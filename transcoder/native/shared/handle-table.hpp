// Objects named by index and generation, so that a stale handle is noticed and never reused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "transcoder/native/shared/failure.hpp"

namespace causeway {

// A handle is a positive 31-bit integer: the generation above, the index below. Free places are
// taken first in, first out, and a place whose generations are used up is retired.
template <typename T>
class HandleTable {
 public:
  static constexpr uint32_t kIndexBits = 17;
  static constexpr uint32_t kMaxPlaces = 1U << kIndexBits;
  static constexpr uint32_t kLastGeneration = (1U << (31 - kIndexBits)) - 1;

  explicit HandleTable(uint32_t limit) : limit_(limit < kMaxPlaces ? limit : kMaxPlaces) {}

  int32_t insert(std::unique_ptr<T> value) {
    if (live_ == limit_) throw Failure("native.too_many", "no free handle");
    uint32_t index;
    if (!free_.empty()) {
      index = free_.front();
      free_.pop_front();
    } else if (places_.size() < kMaxPlaces) {
      index = static_cast<uint32_t>(places_.size());
      places_.push_back(Place{nullptr, 1});
    } else {
      throw Failure("native.too_many", "every handle has been used");
    }
    places_[index].value = std::move(value);
    ++live_;
    return static_cast<int32_t>(places_[index].generation << kIndexBits | index);
  }

  // The object, or null if the handle is stale or never was one.
  T* find(int32_t handle) const noexcept {
    const uint32_t index = static_cast<uint32_t>(handle) & (kMaxPlaces - 1);
    if (handle <= 0 || index >= places_.size()) return nullptr;
    const Place& place = places_[index];
    return place.generation == static_cast<uint32_t>(handle) >> kIndexBits ? place.value.get()
                                                                          : nullptr;
  }

  T& get(int32_t handle) const {
    T* value = find(handle);
    if (value == nullptr) throw Failure("native.stale_handle", "no such handle is open");
    return *value;
  }

  std::unique_ptr<T> take(int32_t handle) {
    get(handle);
    const uint32_t index = static_cast<uint32_t>(handle) & (kMaxPlaces - 1);
    Place& place = places_[index];
    std::unique_ptr<T> value = std::move(place.value);
    --live_;
    if (place.generation == kLastGeneration) {
      place.generation = 0;
    } else {
      ++place.generation;
      free_.push_back(index);
    }
    return value;
  }

  size_t size() const noexcept { return live_; }

  template <typename Visit>
  void forEach(Visit visit) const {
    for (const Place& place : places_) {
      if (place.value) visit(*place.value);
    }
  }

  void clear() {
    for (uint32_t index = 0; index < places_.size(); ++index) {
      if (!places_[index].value) continue;
      take(static_cast<int32_t>(places_[index].generation << kIndexBits | index));
    }
  }

 private:
  struct Place {
    std::unique_ptr<T> value;
    uint32_t generation;
  };

  uint32_t limit_;
  uint32_t live_ = 0;
  std::vector<Place> places_;
  std::deque<uint32_t> free_;
};

}  // namespace causeway
