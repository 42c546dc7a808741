/// Whoever keeps bytes in a store for as long as it needs them, a data set for example: across restarts, on all machines.
public struct BlobOwner: Hashable, Sendable, CustomStringConvertible {
    /// The most bytes of a name.
    public static let maximumNameLength = 128

    /// Its name in the store.
    public let name: String

    /// The owner of that name; nil unless it is made of 1 to 128 letters and digits of ASCII, `-` and `_`.
    public init?(_ name: String) {
        let isAllowed: (UInt8) -> Bool = { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard (1...Self.maximumNameLength).contains(name.utf8.count), name.utf8.allSatisfy(isAllowed) else {
            return nil
        }
        self.name = name
    }

    /// Its name in the store.
    public var description: String { name }
}
