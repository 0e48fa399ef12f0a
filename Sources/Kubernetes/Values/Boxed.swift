/// A large value behind one reference, so that what holds it is cheap to copy; changed in place.
@propertyWrapper
package struct Boxed<Value: Sendable>: Sendable {
  private var storage: [Value]

  package init(wrappedValue: Value) {
    storage = [wrappedValue]
  }

  package var wrappedValue: Value {
    get { storage[0] }
    _modify { yield &storage[0] }
  }
}
