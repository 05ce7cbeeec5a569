// An expected failure of a native primitive, carrying the stable code that JavaScript will see.
#pragma once

#include <stdexcept>
#include <string>

namespace causeway {

class Failure : public std::runtime_error {
 public:
  Failure(const char* code, const std::string& detail) : std::runtime_error(detail), code_(code) {}
  const char* code() const noexcept { return code_; }

 private:
  const char* code_;
};

}  // namespace causeway
