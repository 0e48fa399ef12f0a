/// The unfinished lists of a composer, one above the other in one piece of memory.
///
/// Each finished list leaves it as an array of exactly its size, so that no list is moved as it grows and none
/// keeps room that it does not need.
@safe
struct BuildStack<Element>: ~Copyable {
  private var base: UnsafeMutablePointer<Element>
  private var capacity = 256
  private(set) var count = 0

  init() {
    unsafe base = .allocate(capacity: capacity)
  }

  deinit {
    unsafe base.deinitialize(count: count)
    unsafe base.deallocate()
  }

  mutating func push(_ element: consuming Element) {
    if count == capacity { grow() }
    unsafe (base + count).initialize(to: element)
    count += 1
  }

  subscript(index: Int) -> Element {
    _read {
      precondition(index >= 0 && index < count)
      yield unsafe base[index]
    }
    _modify {
      precondition(index >= 0 && index < count)
      yield &(unsafe base)[index]
    }
  }

  /// Takes away all that was pushed since the stack had `start` elements.
  mutating func pop(from start: Int) -> [Element] {
    precondition(start >= 0 && start <= count)
    let size = count - start
    if size == 0 { return [] }
    count = start
    var popped: [Element] = []
    popped.reserveCapacity(size)
    for index in start..<start + size { unsafe popped.append((base + index).move()) }
    return popped
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
    unsafe larger.moveInitialize(from: base, count: count)
    unsafe base.deallocate()
    unsafe base = larger
    capacity *= 2
  }
}
