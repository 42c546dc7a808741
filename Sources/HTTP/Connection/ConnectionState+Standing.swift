extension ConnectionState {
    /// What a server asks in every turn.
    package struct Standing {
        /// As ``ConnectionState/wantsToRead``.
        package let wantsToRead: Bool
        /// As ``ConnectionState/expectedByteCount``.
        package let expectedByteCount: Int
        /// As ``ConnectionState/hasOutput``.
        package let hasOutput: Bool
        /// Whether what is lent of the output is not all of it.
        package let hasMoreSegments: Bool
        /// As ``ConnectionState/heldOutputByteCount``.
        package let heldOutputByteCount: Int
        /// As ``ConnectionState/deadline``.
        package let deadline: UInt64?
        /// As ``ConnectionState/sequence``.
        package let sequence: UInt64
    }

    /// Where the connection stands; nothing changes.
    ///
    /// It is declared as a change since a large value lent for one stays where it is: to be asked it would be copied
    /// first.
    package mutating func standing() -> Standing {
        Standing(
            wantsToRead: wantsToRead, expectedByteCount: expectedByteCount, hasOutput: hasOutput,
            hasMoreSegments: outputSegmentCount > 1, heldOutputByteCount: heldOutputByteCount, deadline: deadline,
            sequence: sequence)
    }

    /// As ``withOutput(_:)``, for the same reason.
    package mutating func sendOutput<R>(_ send: (Span<UInt8>) throws -> R) rethrows -> R {
        try output.withFirst(send)
    }
}
