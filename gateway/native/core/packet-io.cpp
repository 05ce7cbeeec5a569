// Batched UDP: the sockets, their paths, and who closes whom.
#include "gateway/native/core/packet-io.hpp"

#include <algorithm>

namespace causeway {

const UdpSocket& PacketIo::openSocket(const UdpSocketOptions& options) {
  auto opened = std::make_unique<UdpSocket>(options);
  UdpSocket& socket = *opened;
  socket.handle = sockets_.insert(std::move(opened));
  try {
    receiver_.watch(socket);
  } catch (...) {
    sockets_.take(socket.handle);
    throw;
  }
  return socket;
}

void PacketIo::closeSocket(int32_t handle) {
  UdpSocket& socket = sockets_.get(handle);
  flush();
  for (const int32_t path : socket.paths) paths_.take(path);
  receiver_.countOverflows(socket);
  receiver_.forget(socket);
  sockets_.take(handle);
}

int32_t PacketIo::openPath(int32_t socketHandle, const UdpPathOptions& options) {
  UdpSocket& socket = sockets_.get(socketHandle);
  const int32_t handle = paths_.insert(std::make_unique<UdpPath>(socket, options));
  socket.paths.push_back(handle);
  return handle;
}

void PacketIo::closePath(int32_t handle) {
  UdpSocket& socket = paths_.get(handle).socket;
  flush();
  std::erase(socket.paths, handle);
  paths_.take(handle);
}

const UdpSocket& PacketIo::counted(int32_t handle) {
  UdpSocket& socket = sockets_.get(handle);
  receiver_.countOverflows(socket);
  return socket;
}

const ReceiveCounters& PacketIo::received() noexcept {
  sockets_.forEach([this](UdpSocket& socket) { receiver_.countOverflows(socket); });
  return receiver_.counters();
}

void PacketIo::close() {
  flush();
  sockets_.forEach([this](const UdpSocket& socket) { receiver_.forget(socket); });
  paths_.clear();
  sockets_.clear();
}

}  // namespace causeway
