/// Who goes first when several wait for the compute pool.
public enum Priority: Int, Comparable, Sendable, CaseIterable {
    /// Long sweeps that nobody watches second by second.
    case background
    /// A person or a client waits for the answer.
    case interactive

    /// Background comes below interactive.
    public static func < (left: Priority, right: Priority) -> Bool { left.rawValue < right.rawValue }
}
