/// Bytes of the fuzzer as a row of choices; when they run out, the first choice is taken.
public struct Recipe {
    private var rest: ArraySlice<UInt8>

    /// The choices in these bytes.
    public init(_ bytes: some Collection<UInt8>) {
        rest = Array(bytes)[...]
    }

    /// Whether all choices are taken.
    public var isEmpty: Bool { rest.isEmpty }

    /// A number below `count`, which is 256 at most.
    public mutating func number(below count: Int) -> Int {
        Int(rest.popFirst() ?? 0) % count
    }

    /// One of the elements.
    public mutating func choose<Element>(_ elements: [Element]) -> Element {
        elements[number(below: elements.count)]
    }

    /// Whether something that happens once in `count` times happens.
    public mutating func happens(onceIn count: Int) -> Bool {
        !isEmpty && number(below: count) == count - 1
    }

    /// At most so many bytes as they are.
    public mutating func bytes(upTo count: Int) -> [UInt8] {
        let taken = Array(rest.prefix(number(below: count + 1)))
        rest = rest.dropFirst(taken.count)
        return taken
    }
}
