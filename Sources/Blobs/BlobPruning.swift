public import Dispatch
internal import Foundation

/// The duty of removing what is over the age limit of a store, time and again for as long as it lives.
///
/// Such blobs are absent anyway; this gives back their room.
public final class BlobPruning {
    private let timer: any DispatchSourceTimer

    /// Prunes `store` every so often, beginning after the first interval.
    public init(_ store: any BlobStore, every interval: DispatchTimeInterval = .seconds(600)) {
        timer = DispatchSource.makeTimerSource(queue: .global(qos: .utility))
        timer.schedule(deadline: .now() + interval, repeating: interval, leeway: .seconds(10))
        timer.setEventHandler { @Sendable [store] in Self.run(store, now: Date()) }
        timer.activate()
    }

    deinit { timer.cancel() }

    /// Prunes once; a store that fails is tried again the next time.
    static func run(_ store: any BlobStore, now: Date) {
        do {
            try store.prune(now: now)
        } catch {
            return
        }
    }
}

// @unchecked because the timer is never changed, and Dispatch's sources are made to be shared.
extension BlobPruning: @unchecked Sendable {}
