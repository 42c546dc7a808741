internal import Explainers

/// Which items a job's shard has, as bytes: the first and the count, 32-bit little-endian each.
enum ShardItems {
    static func bytes(of shard: Shard) -> [UInt8] {
        precondition(shard.first <= Int32.max && shard.count <= Int32.max, "\(shard) does not fit into 32 bits")
        return [shard.first, shard.count].flatMap { value in
            [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: value >> $0) }
        }
    }

    /// Throws `brokenStore` for bytes that are no shard.
    static func shard(in bytes: [UInt8]) throws -> Shard {
        guard bytes.count == 8 else { throw SwitchbackError.brokenStore(reason: "a shard has \(bytes.count) bytes") }
        let values = [bytes[..<4], bytes[4...]].map { part in
            part.reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        guard values[0] <= Int32.max, (1...Int(Int32.max)).contains(values[1]) else {
            throw SwitchbackError.brokenStore(reason: "a shard has \(values[1]) items from \(values[0])")
        }
        return Shard(first: values[0], count: values[1])
    }
}
