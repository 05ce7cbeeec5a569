// Handles: a stale one is noticed, none is reused, their number is bounded.
#include "transcoder/native/shared/handle-table.hpp"

#include <set>

#include "test/native/core/check.hpp"

namespace causeway::test {
namespace {

void staleHandles() {
  HandleTable<int> table(4);
  const int32_t first = table.insert(std::make_unique<int>(1));
  expectEqual(table.get(first), 1, "the object");
  table.take(first);
  expectTrue(table.find(first) == nullptr, "it is gone");
  const int32_t second = table.insert(std::make_unique<int>(2));
  expectTrue(first != second, "its place has another generation");
  expectFailure("native.stale_handle", [&] { table.get(first); });
  expectFailure("native.stale_handle", [&] { table.take(first); });
}

void foreignNumbers() {
  HandleTable<int> table(4);
  table.insert(std::make_unique<int>(1));
  for (const int32_t number : {0, -1, 1, 7, INT32_MIN, INT32_MAX}) {
    expectFailure("native.stale_handle", [&] { table.get(number); });
  }
}

void limit() {
  HandleTable<int> table(2);
  table.insert(std::make_unique<int>(1));
  const int32_t second = table.insert(std::make_unique<int>(2));
  expectFailure("native.too_many", [&] { table.insert(std::make_unique<int>(3)); });
  table.take(second);
  table.insert(std::make_unique<int>(3));
  expectEqual(table.size(), size_t{2}, "size");
}

void neverReused() {
  using Table = HandleTable<int>;
  Table table(1);
  std::set<int32_t> seen;
  for (uint32_t i = 0; i < Table::kLastGeneration + 10; ++i) {
    const int32_t handle = table.insert(std::make_unique<int>(0));
    expectTrue(handle > 0 && seen.insert(handle).second, "a handle comes once");
    table.take(handle);
  }
}

void clearing() {
  HandleTable<int> table(8);
  const int32_t handle = table.insert(std::make_unique<int>(1));
  table.insert(std::make_unique<int>(2));
  table.clear();
  expectEqual(table.size(), size_t{0}, "size");
  expectFailure("native.stale_handle", [&] { table.get(handle); });
}

}  // namespace
}  // namespace causeway::test

int main() {
  using namespace causeway::test;
  return runCases({
      {"a closed handle is stale for ever", staleHandles},
      {"a number that never was a handle is refused", foreignNumbers},
      {"the number of handles is bounded", limit},
      {"no handle comes twice, however often its place is used", neverReused},
      {"clearing makes every handle stale", clearing},
  });
}
