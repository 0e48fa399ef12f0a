/// The entry of libFuzzer: a complaint ends the program, so that the input is kept.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  if let complaint = exercise(input) { fatalError(complaint) }
  return 0
}
