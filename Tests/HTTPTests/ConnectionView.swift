import HTTP

/// What a connection says of itself, in a copy: `#expect` cannot look into a value that has none.
struct ConnectionView {
    let wantsToRead: Bool
    let hasOutput: Bool
    let outputByteCount: Int
    let outputSegmentCount: Int
    let bufferedByteCount: Int
    let deadline: UInt64?
    let sequence: UInt64
    let isIdle: Bool
    let isClosed: Bool
    let isStreaming: Bool

    init(_ connection: borrowing ConnectionState) {
        wantsToRead = connection.wantsToRead
        hasOutput = connection.hasOutput
        outputByteCount = connection.outputByteCount
        outputSegmentCount = connection.outputSegmentCount
        bufferedByteCount = connection.bufferedByteCount
        deadline = connection.deadline
        sequence = connection.sequence
        isIdle = connection.isIdle
        isClosed = connection.isClosed
        isStreaming = connection.isStreaming
    }
}
