internal import Concurrency
internal import HTTP
internal import Synchronization

/// Finished answers, kept up to a number of bytes, and answers being made: who asks for one of either waits for no
/// computation of its own.
///
/// An answer's bytes follow from its entity tag, so that nobody can tell where they come from.
final class AnswerCache: Sendable {
    /// What an answer costs besides its bytes.
    private static let overhead = 512

    private let finished: BoundedCache<String, [UInt8]>
    private let underWay = SharedWork<String, [UInt8]>()
    private let shared = Atomic<Int>(0)

    /// A cache of so many bytes; with 0 nothing is shared, and every request computes its own answer.
    init(byteLimit: Int) { finished = BoundedCache(byteLimit: byteLimit) }

    /// What the finished answers have done and take.
    var statistics: BoundedCache<String, [UInt8]>.Statistics { finished.statistics }

    /// How many requests had the answer that another one was waiting for.
    var sharedCount: Int { shared.load(ordering: .relaxed) }

    /// The body of the answer with that tag, made by `make` unless it is there or being made.
    ///
    /// - Throws: `Stopped` when `token` says so, and what `make` throws, for all who wait for it.
    func body(
        for tag: EntityTag, token: CancellationToken, make: (CancellationToken) throws -> [UInt8]
    ) throws -> [UInt8] {
        guard finished.byteLimit > 0 else { return try make(token) }
        let key = tag.opaque
        if let body = finished.value(for: key) { return body }
        return try underWay.value(
            for: key, token: token,
            isShared: { if $0 { shared.add(1, ordering: .relaxed) } },
            { token in
                let body = try make(token)
                finished.keep(body, for: key, bytes: body.capacity + Self.overhead)
                return body
            })
    }
}
