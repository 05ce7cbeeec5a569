// A BIO that keeps datagram boundaries: one datagram in at a time, a bounded queue of them out.
#include "gateway/native/core/dtls-datagrams.hpp"

#include <algorithm>

namespace causeway {

// The type is a constant: BIO_get_new_index would use up one of the process's few numbers for
// every environment.
BioMethodPtr DtlsDatagrams::makeMethod() {
  BioMethodPtr method(BIO_meth_new(BIO_TYPE_SOURCE_SINK, "causeway datagrams"));
  requireCrypto(method && BIO_meth_set_read(method.get(), read) == 1 &&
                    BIO_meth_set_write(method.get(), write) == 1 &&
                    BIO_meth_set_ctrl(method.get(), control) == 1,
                "BIO method");
  return method;
}

BIO* DtlsDatagrams::makeBio(const BIO_METHOD* method) {
  BIO* bio = BIO_new(method);
  requireCrypto(bio != nullptr, "BIO");
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  return bio;
}

std::optional<std::vector<uint8_t>> DtlsDatagrams::takeOutgoing() {
  if (outgoing_.empty()) return std::nullopt;
  std::vector<uint8_t> datagram = std::move(outgoing_.front());
  outgoing_.pop_front();
  return datagram;
}

int DtlsDatagrams::read(BIO* bio, char* into, int room) {
  auto& self = *static_cast<DtlsDatagrams*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  if (self.input_.empty()) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const size_t length = std::min(self.input_.size(), static_cast<size_t>(std::max(room, 0)));
  std::copy_n(self.input_.data(), length, reinterpret_cast<uint8_t*>(into));
  self.input_ = {};
  return static_cast<int>(length);
}

// A queue that nobody drains loses what comes last, as a network would: DTLS repeats it.
int DtlsDatagrams::write(BIO* bio, const char* from, int length) {
  auto& self = *static_cast<DtlsDatagrams*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  if (length <= 0) return length;
  const auto* octets = reinterpret_cast<const uint8_t*>(from);
  if (self.outgoing_.size() < kMaxQueued) self.outgoing_.emplace_back(octets, octets + length);
  return length;
}

long DtlsDatagrams::control(BIO* bio, int command, long, void*) {
  const auto& self = *static_cast<const DtlsDatagrams*>(BIO_get_data(bio));
  switch (command) {
    case BIO_CTRL_FLUSH:
      return 1;
    case BIO_CTRL_DGRAM_QUERY_MTU:
    case BIO_CTRL_DGRAM_GET_FALLBACK_MTU:
      return self.mtu_;
    default:
      return 0;
  }
}

}  // namespace causeway
