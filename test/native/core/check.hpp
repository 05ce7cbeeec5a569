// The smallest test runner that serves: named tests, expectations that tell both sides.
#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "transcoder/native/shared/failure.hpp"

namespace causeway::test {

using Octets = std::vector<uint8_t>;

inline Octets fromHex(std::string_view text) {
  Octets octets;
  for (size_t i = 0; i + 1 < text.size(); i += 2) {
    octets.push_back(static_cast<uint8_t>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16)));
  }
  return octets;
}

inline std::string toHex(std::span<const uint8_t> octets) {
  std::string text;
  char digits[3];
  for (const uint8_t octet : octets) {
    std::snprintf(digits, sizeof digits, "%02x", octet);
    text += digits;
  }
  return text;
}

template <typename A, typename B>
void expectEqual(const A& got, const B& wanted, std::string_view what) {
  if (got == wanted) return;
  std::ostringstream text;
  text << what << ": got " << got << ", expected " << wanted;
  throw std::runtime_error(text.str());
}

inline void expectTrue(bool holds, std::string_view what) {
  if (!holds) throw std::runtime_error(std::string(what));
}

// That `body` fails with this code of Failure.
inline void expectFailure(std::string_view code, const std::function<void()>& body) {
  try {
    body();
  } catch (const Failure& failure) {
    return expectEqual(std::string_view(failure.code()), code, "the failure");
  }
  throw std::runtime_error("expected to fail with " + std::string(code));
}

struct Case {
  const char* title;
  std::function<void()> body;
};

// Prints `ok title` or `not ok title: reason` for each; gives the exit code.
inline int runCases(const std::vector<Case>& cases) {
  int failed = 0;
  for (const Case& one : cases) {
    std::string reason;
    try {
      one.body();
    } catch (const std::exception& exception) {
      reason = exception.what();
      if (reason.empty()) reason = "failed";
    }
    if (!reason.empty()) ++failed;
    std::printf(reason.empty() ? "ok %s\n" : "not ok %s: %s\n", one.title, reason.c_str());
  }
  return failed == 0 ? 0 : 1;
}

}  // namespace causeway::test
