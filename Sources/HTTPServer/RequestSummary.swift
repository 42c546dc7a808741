public import Concurrency
public import HTTP

/// A request that is over, for whoever counts.
public struct RequestSummary: Sendable {
    /// Nil where the request was too broken to have one.
    public var head: RequestHead?
    /// The status of the answer; 499 where the client went away before there was one, as in nginx.
    public var status: Int
    /// Bytes of the request's body that were read.
    public var receivedBytes: Int
    /// Bytes of the answer, head included, that the kernel took.
    public var sentBytes: Int
    /// From the first byte of the request to the last of the answer.
    public var duration: Timeout

    /// A summary; handlers' tests make them.
    public init(
        head: RequestHead?, status: Int, receivedBytes: Int = 0, sentBytes: Int = 0,
        duration: Timeout = Timeout(nanoseconds: 0)
    ) {
        self.head = head
        self.status = status
        self.receivedBytes = receivedBytes
        self.sentBytes = sentBytes
        self.duration = duration
    }
}
