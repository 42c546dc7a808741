internal import CFuzzer

/// What libFuzzer calls with one input after another: a closure that captures nothing.
public typealias FuzzedBody = @convention(c) (_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32

/// Gives `body` one input after another until it crashes or the limits in the program's arguments are reached.
public func runFuzzer(_ body: FuzzedBody) {
    var count = CommandLine.argc
    var arguments = unsafe CommandLine.unsafeArgv
    // SAFETY: libFuzzer reads the arguments during the call, which the process keeps for its whole life.
    let status = unsafe LLVMFuzzerRunDriver(&count, &arguments, body)
    precondition(status == 0, "libFuzzer ended with status \(status)")
}

/// A copy of an input.
public func fuzzedInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
    // SAFETY: libFuzzer keeps `count` bytes valid during the call of the body, and they are copied in it.
    unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
}
