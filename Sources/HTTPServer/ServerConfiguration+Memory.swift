internal import HTTP

/// The parts of the bound on memory that follow from how the server holds what clients send; `Documentation/Limits.md` has
/// the sum.
extension ServerConfiguration {
    /// What one connection may hold besides bodies and large answers.
    ///
    /// Each byte of a head is held twice at most: what is read of it in its parts, where names of fields with capitals stand
    /// as sent and in small letters and targets as sent and decoded; the rest in a buffer that is at most twice as large
    /// as what is in it, like that for the requests behind. Trailers count as header. Strings and arrays have
    /// overheads of their own besides.
    package var connectionBytes: Int {
        let sent =
            limits.maximumRequestLineBytes + limits.maximumHeaderBytes + max(Self.leastReadBytes, maximumPipelinedBytes)
        // A line has four bytes at least: a letter, the colon and the line's end.
        let fields = min(limits.maximumHeaderCount, limits.maximumHeaderBytes / 4)
        return 2 * sent + fields * Self.fieldBytes + Self.ownBytes
    }

    /// What bodies that are read may take together: a body that grows is counted when it has grown.
    package var bodyBytes: Int {
        let (sum, overflow) = max(maximumHeldBodyBytes, limits.maximumBodyBytes)
            .addingReportingOverflow(limits.maximumBodyBytes)
        return overflow ? .max : sum
    }

    /// What the storage takes that is kept for the next body.
    package var spareBodyBytes: Int { min(EventLoop.keptBodies.upperBound, limits.maximumBodyBytes) }

    /// Answers that handlers have given and the loop has not dealt with: as many in the mailbox as it has just taken out.
    ///
    /// A larger answer is on its way alone, while its handler waits or has just begun with another request.
    package static let answersOnTheWayBytes = 2 * mailboxBytes

    /// Bytes of answers that the mailbox has room for.
    static let mailboxBytes = 16 << 20

    /// What is read of a head at once, at least: a record of TLS has room in it.
    static let leastReadBytes = 16 << 10
    /// What a field takes besides its bytes: three strings with 32 bytes of their own and what the allocator rounds up
    /// (56 each), and twice its place of 56 bytes in an array that grows.
    private static let fieldBytes = 288
    /// A connection itself, a small answer, and what the parts of a target take besides their bytes: 16 pairs of two strings
    /// and 8 segments, more are not kept (`TargetDetails`).
    private static let ownBytes = 12 << 10
}
