import CFuzzer
import FuzzRecipes

/// A connection whose client, handler and clock do what a recipe says.
private func check(_ bytes: [UInt8]) {
    var recipe = Recipe(bytes)
    var trial = Trial()
    while !recipe.isEmpty { trial.step(&recipe) }
    trial.finish()
}

@main
struct FuzzConnection {
    static func main() {
        var count = CommandLine.argc
        var arguments = unsafe CommandLine.unsafeArgv
        // SAFETY: libFuzzer reads the arguments during the call; the bytes it hands in are copied before they are used.
        let status = unsafe LLVMFuzzerRunDriver(&count, &arguments) { bytes, count in
            unsafe check(Array(UnsafeBufferPointer(start: bytes, count: count)))
            return 0
        }
        precondition(status == 0, "libFuzzer ended with status \(status)")
    }
}
