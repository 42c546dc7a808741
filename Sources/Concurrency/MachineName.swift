import CLinux
import Glibc

/// A name that one process of the machine at a time can hold, and that others can watch.
///
/// It is an abstract name of a Unix-domain socket (unix(7)): free again the moment its holder ends, by `kill -9` too, and
/// nothing is left in any folder. It is known in one network namespace, and anybody there may hold it.
struct MachineName: Hashable, Sendable {
    let text: String

    /// Holds the name for as long as the descriptor lives; nil if somebody has it.
    func claim() throws(MachineCoresError) -> Descriptor? {
        // SAFETY: the name is read during the call only, and ends with the NUL that Swift puts behind it.
        let status = unsafe sb_claim_name(text)
        return try descriptor(status, or: EADDRINUSE)
    }

    /// Becomes readable when the holder lets go; nil where it cannot be watched.
    ///
    /// Most likely nobody holds it any more. Else too many have watched it, or the system allows names but no connections.
    func watch() throws(MachineCoresError) -> Descriptor? {
        // SAFETY: as for `claim`.
        let status = unsafe sb_watch_name(text)
        return try descriptor(status, or: ECONNREFUSED, EAGAIN, EACCES, EPERM)
    }

    private func descriptor(_ status: Int32, or usual: Int32...) throws(MachineCoresError) -> Descriptor? {
        if status >= 0 { return Descriptor(status) }
        if usual.contains(-status) { return nil }
        throw .failed(name: text, code: -status)
    }
}

/// A descriptor that is closed with its last owner.
final class Descriptor: Sendable {
    fileprivate let number: Int32

    fileprivate init(_ number: Int32) { self.number = number }

    deinit { _ = sb_close(number) }

    /// A counter that nobody has counted up yet.
    static func bell() throws(MachineCoresError) -> Descriptor {
        let status = sb_eventfd_create()
        if status < 0 { throw .failed(name: "eventfd", code: -status) }
        return Descriptor(status)
    }

    /// Makes a counter readable.
    func ring() { _ = sb_eventfd_signal(number) }

    /// Makes a counter readable no more.
    func silence() { _ = sb_eventfd_clear(number) }

    /// Which of the descriptors are readable, after so many milliseconds at most.
    ///
    /// - Throws: where there are more than 1,024, too.
    static func readable(_ descriptors: [Descriptor], within milliseconds: Int32) throws(MachineCoresError) -> [Bool] {
        var ready = [UInt8](repeating: 0, count: descriptors.count)
        // SAFETY: both arrays have `count` elements, and the kernel uses them during the call only. The descriptors are
        // open: `descriptors` owns them until this returns.
        let status = unsafe sb_wait_readable(
            descriptors.map(\.number), Int32(clamping: descriptors.count), milliseconds, &ready)
        if status < 0 { throw .failed(name: "poll", code: -status) }
        return ready.map { $0 != 0 }
    }
}
