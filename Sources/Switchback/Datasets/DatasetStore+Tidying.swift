internal import Blobs
internal import Concurrency
internal import Jobs

extension DatasetStore {
    /// How long what nobody uses is left alone after that is first seen, in milliseconds: longer than an upload takes.
    private static let patience: Int64 = 6 * 3_600_000

    /// Lets go what is left of uploads that were killed, and sets of configuration that no job is about any more.
    ///
    /// To be called every now and then. Their bytes are then as others that nobody keeps: they make room, and go after a day.
    ///
    /// - Parameter isNeeded: whether a job is about a set of configuration; asked once more while its list is away, as
    ///   ``remove(_:unless:)`` does.
    func tidy(now: WallTime, isNeeded: (Dataset) throws -> Bool) throws {
        try translated {
            let uploads = try keys().filter { key in
                let isBeingChanged = beingChanged.withLock { $0.contains(key.name) }
                return try !isBeingChanged && !blobs.contains(key.list)
            }
            let shared = try keys(.shared).filter { key in try list(of: key).map { try !isNeeded($0) } ?? true }
            let old = leftOver.withLock { known in
                known = Dictionary(
                    (uploads + shared).map { ($0, known[$0] ?? now) }, uniquingKeysWith: { first, _ in first })
                return known.filter { now >= $0.value.advanced(byMilliseconds: Self.patience) }.keys
            }
            for key in old { try forget(key, unless: isNeeded) }
        }
    }

    private func forget(_ key: DatasetKey, unless isNeeded: (Dataset) throws -> Bool) throws {
        guard let set = try list(of: key), let document = try blobs.get(key.list) else { return try forget(key) }
        // The upload has come to its end after all.
        if key.kind == .uploaded { return }
        try blobs.remove(key.list)
        if try isNeeded(set) {
            try blobs.put(document, for: key.owner)
        } else {
            try blobs.letGo(key.owner)
        }
    }
}
