/// When a crowd of connections has dispersed so far that freed memory is worth giving back to the system.
///
/// A crowd is 1,024 connections or more. It is told to have dispersed each time that no more than a quarter is left of
/// what there was at the last time, down to the last few: what the rest held, most of all half-sent heads, would lie
/// between pieces in use otherwise. Fewer connections never begin one, so that ordinary coming and going costs nothing.
struct Crowd {
    /// So many connections are one.
    static let least = 1024
    /// So few are none any more.
    private static let last = 16
    /// The most connections since it was last told to have dispersed; 0 without a crowd.
    private var size = 0

    /// There are so many connections, one more than before.
    mutating func grow(to count: Int) {
        if count >= Self.least || size > 0 { size = max(size, count) }
    }

    /// There are so many connections, one less than before; returns whether most of the crowd has gone.
    mutating func shrink(to count: Int) -> Bool {
        guard size > 0, count <= size / 4 else { return false }
        size = count > Self.last ? count : 0
        return true
    }
}
