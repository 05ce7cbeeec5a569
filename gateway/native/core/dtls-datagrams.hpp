// A BIO that keeps datagram boundaries: one datagram in at a time, a bounded queue of them out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "gateway/native/core/openssl.hpp"

namespace causeway {

// Must outlive the SSL that uses its BIO.
class DtlsDatagrams {
 public:
  static constexpr size_t kMaxQueued = 64;

  explicit DtlsDatagrams(int mtu) : mtu_(mtu) {}
  DtlsDatagrams(const DtlsDatagrams&) = delete;
  DtlsDatagrams& operator=(const DtlsDatagrams&) = delete;

  // The method of the BIOs of one environment.
  static BioMethodPtr makeMethod();
  // A BIO over this object, for both directions of one SSL, which then owns it.
  BIO* makeBio(const BIO_METHOD* method);

  // What the SSL reads next; `datagram` must live until it has, or until `endInput`.
  void beginInput(std::span<const uint8_t> datagram) noexcept { input_ = datagram; }
  bool hasInput() const noexcept { return !input_.empty(); }
  void endInput() noexcept { input_ = {}; }

  std::optional<std::vector<uint8_t>> takeOutgoing();

 private:
  static int read(BIO* bio, char* into, int room);
  static int write(BIO* bio, const char* from, int length);
  static long control(BIO* bio, int command, long number, void* pointer);

  int mtu_;
  std::span<const uint8_t> input_;
  std::deque<std::vector<uint8_t>> outgoing_;
};

}  // namespace causeway
