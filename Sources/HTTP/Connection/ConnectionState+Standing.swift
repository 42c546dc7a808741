extension ConnectionState {
    /// What a server asks in every turn.
    package struct Standing {
        package let wantsToRead: Bool
        package let hasOutput: Bool
        package let hasMoreSegments: Bool
        package let heldOutputByteCount: Int
        package let deadline: UInt64?
    }

    /// Where the connection stands; nothing changes.
    ///
    /// It is declared as a change since a state lent for one is never copied first, and this one has 440 bytes.
    package mutating func standing() -> Standing {
        Standing(
            wantsToRead: wantsToRead, hasOutput: hasOutput, hasMoreSegments: outputSegmentCount > 1,
            heldOutputByteCount: heldOutputByteCount, deadline: deadline)
    }

    /// As ``withOutput(_:)``, for the same reason.
    package mutating func sendOutput<R>(_ send: (Span<UInt8>) throws -> R) rethrows -> R {
        try output.withFirst(send)
    }
}
