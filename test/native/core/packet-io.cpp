// Batched UDP on the loopback: batches, sources, queues, fairness, what is closed.
#include "gateway/native/core/packet-io.hpp"

#include <arpa/inet.h>
#include <unistd.h>

#include <cstring>
#include <map>

#include "test/native/core/check.hpp"

namespace causeway::test {
namespace {

// A PacketIo with its table; loopback sockets of the kernel need no waiting once sent.
struct Bench {
  const UdpSocket& open(const char* address, int receiveBufferBytes = 0) {
    return io.openSocket({.address = parseUdpAddress(address, 0),
                          .receiveBufferBytes = receiveBufferBytes,
                          .sendBufferBytes = 0,
                          .trafficClass = 0});
  }

  int32_t path(const UdpSocket& from, const char* address, uint16_t port,
               const char* source = nullptr, int trafficClass = -1) {
    UdpAddress local{};
    if (source != nullptr) local = parseUdpAddress(source, 0);
    return io.openPath(from.handle, {.localAddress = source != nullptr ? &local : nullptr,
                                     .remote = parseUdpAddress(address, port),
                                     .trafficClass = trafficClass,
                                     .interfaceIndex = 0});
  }

  void send(int32_t path, std::string_view text) {
    const int32_t offset = io.allocateTransmit();
    std::memcpy(io.arena()->at(offset, static_cast<int32_t>(text.size())), text.data(),
                text.size());
    io.send(path, offset, static_cast<int32_t>(text.size()));
  }

  int32_t word(int32_t datagram, int32_t word) const {
    return table[static_cast<size_t>(datagram * kDatagramWords + word)];
  }

  std::string text(int32_t datagram) const {
    const int32_t length = word(datagram, kWordLength);
    const uint8_t* start = io.arena()->at(word(datagram, kWordOffset), length);
    return std::string(reinterpret_cast<const char*>(start), static_cast<size_t>(length));
  }

  int32_t read() { return io.read(table.data()); }

  PacketIo io;
  std::vector<int32_t> table = std::vector<int32_t>(kReceiveSlots * kDatagramWords);
};

int32_t loopbackWord(uint32_t last) { return static_cast<int32_t>(0x7f000000 + last); }

void describesDatagrams() {
  Bench bench;
  const UdpSocket& from = bench.open("127.0.0.1");
  const UdpSocket& to = bench.open("0.0.0.0");
  bench.send(bench.path(from, "127.0.0.7", to.bound.port()), "hello");
  expectEqual(bench.io.flush(), 1, "sent");
  expectEqual(bench.read(), 1, "read");
  expectEqual(bench.text(0), "hello", "payload");
  expectEqual(bench.word(0, kWordSocket), to.handle, "socket");
  expectEqual(bench.word(0, kWordOffset), kHeadroomBytes, "offset");
  expectEqual(bench.word(0, kWordFlags), 0, "flags");
  expectEqual(bench.word(0, kWordFamily), 4, "family");
  expectEqual(bench.word(0, kWordRemotePort), int32_t{from.bound.port()}, "port");
  expectEqual(bench.word(0, kWordRemoteAddress), loopbackWord(1), "remote address");
  expectEqual(bench.word(0, kWordLocalAddress), loopbackWord(7), "the address it was sent to");
  expectTrue(bench.word(0, kWordTimeMicros) != 0, "time");
}

void answersFromThatAddress() {
  Bench bench;
  const UdpSocket& wildcard = bench.open("0.0.0.0");
  const UdpSocket& peer = bench.open("127.0.0.1");
  bench.send(bench.path(wildcard, "127.0.0.1", peer.bound.port(), "127.0.0.9"), "pinned");
  bench.io.flush();
  expectEqual(bench.read(), 1, "read");
  expectEqual(bench.word(0, kWordRemoteAddress), loopbackWord(9), "source");
}

void version6() {
  Bench bench;
  const UdpSocket& from = bench.open("::1");
  const UdpSocket& to = bench.open("::");
  bench.send(bench.path(from, "::1", to.bound.port()), "six");
  bench.send(bench.path(to, "::1", from.bound.port(), "::1", 184), "back");
  bench.io.flush();
  expectEqual(bench.read(), 2, "read");
  for (int32_t i = 0; i < 2; ++i) {
    expectEqual(bench.word(i, kWordFamily), 6, "family");
    expectEqual(bench.word(i, kWordRemoteAddress + 3), 1, "remote address");
    expectEqual(bench.word(i, kWordLocalAddress + 3), 1, "local address");
  }
  // The wildcard of IPv6 leaves the same port of IPv4 free.
  bench.io.openSocket({.address = parseUdpAddress("0.0.0.0", to.bound.port()),
                       .receiveBufferBytes = 0,
                       .sendBufferBytes = 0,
                       .trafficClass = 0});
}

void marksTrafficClass() {
  Bench bench;
  const UdpSocket& from = bench.open("127.0.0.1");
  const int plain = socket(AF_INET, SOCK_DGRAM, 0);
  const int on = 1;
  setsockopt(plain, IPPROTO_IP, IP_RECVTOS, &on, sizeof on);
  UdpAddress address = parseUdpAddress("127.0.0.1", 0);
  bind(plain, &address.any, address.length);
  getsockname(plain, &address.any, &address.length);
  bench.send(bench.path(from, "127.0.0.1", address.port(), nullptr, 184), "EF");
  bench.io.flush();
  char payload[16];
  alignas(cmsghdr) char control[64];
  iovec vector{payload, sizeof payload};
  msghdr header{};
  header.msg_iov = &vector;
  header.msg_iovlen = 1;
  header.msg_control = control;
  header.msg_controllen = sizeof control;
  expectEqual(recvmsg(plain, &header, MSG_DONTWAIT), ssize_t{2}, "received");
  const cmsghdr* message = CMSG_FIRSTHDR(&header);
  expectTrue(message != nullptr && message->cmsg_type == IP_TOS, "a traffic class");
  expectEqual(int{*CMSG_DATA(message)}, 184, "traffic class");
  ::close(plain);
}

void batches() {
  Bench bench;
  const UdpSocket& from = bench.open("127.0.0.1");
  const UdpSocket& to = bench.open("127.0.0.1", 1 << 20);
  const int32_t path = bench.path(from, "127.0.0.1", to.bound.port());
  for (int i = 0; i < 150; ++i) bench.send(path, "x" + std::to_string(i));
  expectEqual(bench.io.flush(), 150, "sent");
  int32_t next = 0;
  for (const int32_t expected : {64, 64, 22, 0}) {
    expectEqual(bench.read(), expected, "read");
    for (int32_t i = 0; i < expected; ++i) {
      expectEqual(bench.text(i), "x" + std::to_string(next++), "in order");
    }
  }
  expectEqual(bench.io.received().batches, uint64_t{3}, "batches");
  expectEqual(bench.io.sent().flushes, uint64_t{1}, "flushes");
}

void fullQueue() {
  Bench bench;
  const UdpSocket& from = bench.open("127.0.0.1");
  const UdpSocket& to = bench.open("127.0.0.1", 1 << 22);
  const int32_t path = bench.path(from, "127.0.0.1", to.bound.port());
  for (int i = 0; i < kTransmitSlots + 10; ++i) bench.send(path, std::to_string(i));
  expectEqual(bench.io.sent().queueFull, uint64_t{1}, "it flushed itself");
  expectEqual(bench.io.flush(), 10, "the rest");
  int32_t total = 0;
  while (const int32_t count = bench.read()) {
    for (int32_t i = 0; i < count; ++i) {
      expectEqual(bench.text(i), std::to_string(total++), "none overwritten");
    }
  }
  expectEqual(total, kTransmitSlots + 10, "all arrive");
}

void fairness() {
  Bench bench;
  const UdpSocket& from = bench.open("127.0.0.1");
  const UdpSocket& flooded = bench.open("127.0.0.1", 1 << 22);
  const UdpSocket& quiet = bench.open("127.0.0.1");
  const int32_t flood = bench.path(from, "127.0.0.1", flooded.bound.port());
  for (int i = 0; i < 1000; ++i) bench.send(flood, "flood");
  bench.send(bench.path(from, "127.0.0.1", quiet.bound.port()), "quiet");
  bench.io.flush();
  std::map<int32_t, int> heard;
  const int32_t count = bench.read();
  for (int32_t i = 0; i < count; ++i) ++heard[bench.word(i, kWordSocket)];
  expectEqual(heard[quiet.handle], 1, "the quiet one is in the first batch");
}

void truncation() {
  Bench bench;
  const UdpSocket& to = bench.open("127.0.0.1");
  const int plain = socket(AF_INET, SOCK_DGRAM, 0);
  const std::string huge(kMaxDatagramBytes + 1, 'x');
  sendto(plain, huge.data(), huge.size(), 0, &to.bound.any, to.bound.length);
  sendto(plain, huge.data(), huge.size() - 1, 0, &to.bound.any, to.bound.length);
  ::close(plain);
  expectEqual(bench.read(), 2, "read");
  expectEqual(bench.word(0, kWordFlags), kFlagTruncated, "cut");
  expectEqual(bench.word(0, kWordLength), kMaxDatagramBytes, "to what a slot takes");
  expectEqual(bench.word(1, kWordFlags), 0, "whole");
  expectEqual(bench.io.received().truncated, uint64_t{1}, "counted");
}

void overflow() {
  Bench bench;
  const UdpSocket& from = bench.open("127.0.0.1");
  const UdpSocket& to = bench.open("127.0.0.1", 4096);
  const int32_t path = bench.path(from, "127.0.0.1", to.bound.port());
  const std::string payload(1000, 'x');
  uint64_t sent = 0;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 100; ++i) bench.send(path, payload);
    sent += static_cast<uint64_t>(bench.io.flush());
    while (bench.read() > 0) {
    }
  }
  expectTrue(bench.io.received().overflows > 0, "overflows are counted");
  expectEqual(bench.io.received().datagrams + bench.io.received().overflows, sent, "all told");
}

void unreachable() {
  Bench bench;
  const UdpSocket& from = bench.open("127.0.0.1");
  const UdpSocket& to = bench.open("127.0.0.1");
  const int32_t path = bench.path(from, "127.0.0.1", to.bound.port());
  const int32_t nowhere = bench.path(from, "255.255.255.255", 9);
  bench.io.closeSocket(to.handle);
  const UdpSocket& other = bench.open("127.0.0.1");
  for (int i = 0; i < 3; ++i) {
    bench.send(path, "into the void");
    bench.send(nowhere, "refused by the kernel");
    bench.send(bench.path(from, "127.0.0.1", other.bound.port()), "heard");
    bench.io.flush();
    expectEqual(bench.read(), 1, "the rest goes on");
    expectEqual(bench.text(0), "heard", "payload");
  }
  expectEqual(bench.io.sent().errors, uint64_t{3}, "send errors are counted");
}

void closing() {
  Bench bench;
  const UdpSocket& from = bench.open("127.0.0.1");
  const UdpSocket& to = bench.open("127.0.0.1");
  const int32_t path = bench.path(from, "127.0.0.1", to.bound.port());
  const int32_t socket = from.handle;
  bench.send(path, "queued");
  bench.io.closeSocket(socket);
  expectEqual(bench.read(), 1, "what was queued is sent first");
  expectFailure("native.stale_handle", [&] { bench.send(path, "x"); });
  expectFailure("native.stale_handle", [&] { bench.io.closeSocket(socket); });
  bench.io.close();
  bench.io.close();
}

void closedWhileReady() {
  Bench bench;
  const UdpSocket& from = bench.open("127.0.0.1");
  const UdpSocket& first = bench.open("127.0.0.1", 1 << 22);
  const UdpSocket& second = bench.open("127.0.0.1", 1 << 22);
  const uint16_t ports[] = {first.bound.port(), second.bound.port()};
  for (const uint16_t port : ports) {
    const int32_t path = bench.path(from, "127.0.0.1", port);
    for (int i = 0; i < 200; ++i) bench.send(path, "x");
  }
  bench.io.flush();
  expectEqual(bench.read(), kReceiveSlots, "a full batch, with more behind it");
  bench.io.closeSocket(first.handle);
  bench.io.closeSocket(second.handle);
  expectEqual(bench.read(), 0, "nothing of closed sockets");
}

void refusals() {
  Bench bench;
  const UdpSocket& socket = bench.open("127.0.0.1");
  expectFailure("native.bad_address", [&] { bench.open("localhost"); });
  expectFailure("native.bad_address", [&] { bench.open(""); });
  expectFailure("native.address_in_use", [&] {
    bench.io.openSocket({.address = parseUdpAddress("127.0.0.1", socket.bound.port()),
                         .receiveBufferBytes = 0,
                         .sendBufferBytes = 0,
                         .trafficClass = 0});
  });
  expectFailure("native.address_not_available", [&] { bench.open("192.0.2.1"); });
  expectFailure("native.bad_address", [&] { bench.path(socket, "::1", 9); });
  expectFailure("native.bad_address", [&] { bench.path(socket, "127.0.0.1", 0); });
  const int32_t path = bench.path(socket, "127.0.0.1", 9);
  const int32_t end = bench.io.arena()->length();
  expectFailure("native.out_of_range", [&] { bench.io.send(path, -1, 10); });
  expectFailure("native.out_of_range", [&] { bench.io.send(path, end - 5, 6); });
  expectFailure("native.out_of_range", [&] { bench.io.send(path, 0, INT32_MAX); });
  expectFailure("native.out_of_range", [&] { bench.io.send(path, INT32_MAX, 1); });
  expectFailure("native.out_of_range", [&] { bench.io.send(path, 0, 0); });
  expectFailure("native.stale_handle", [&] { bench.io.send(path + 1, 0, 1); });
}

}  // namespace
}  // namespace causeway::test

int main() {
  using namespace causeway::test;
  return runCases({
      {"a datagram is told with both its addresses", describesDatagrams},
      {"a path on a wildcard socket sends from the address it names", answersFromThatAddress},
      {"IPv6 sockets take IPv6 only, both ways", version6},
      {"a path marks its traffic class", marksTrafficClass},
      {"a batch has at most 64 datagrams, in order", batches},
      {"a full queue flushes itself and overwrites nothing", fullQueue},
      {"a flooded socket does not keep others waiting", fairness},
      {"a datagram too long for a slot is cut and counted", truncation},
      {"what the kernel dropped at a full buffer is counted", overflow},
      {"an unreachable peer hurts nobody else", unreachable},
      {"closing a socket sends what is queued and closes its paths", closing},
      {"a socket closed between two batches brings nothing more", closedWhileReady},
      {"what is not possible fails with its own code", refusals},
  });
}
