import FuzzDriver
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
        // SAFETY: the bytes are valid during the call, and copied in it.
        unsafe runFuzzer { bytes, count in
            check(unsafe fuzzedInput(bytes, count))
            return 0
        }
    }
}
