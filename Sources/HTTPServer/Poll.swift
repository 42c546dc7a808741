/// An epoll descriptor: what is watched is reported for as long as it is so, or with ``Interest/newsOnly`` once.
///
/// Its owner closes it.
struct Poll {
    private let descriptor: Int32
    private let syscalls: Syscalls
    private var reports: [Readiness]

    /// A descriptor that watches nothing and reports up to `capacity` readinesses at once.
    init(syscalls: Syscalls, capacity: Int = 256) throws(HTTPServerError) {
        let descriptor = syscalls.createPoll()
        guard descriptor >= 0 else { throw .system(call: "epoll_create1", errno: Int32(-descriptor)) }
        self.descriptor = Int32(descriptor)
        self.syscalls = syscalls
        reports = [Readiness](repeating: Readiness(), count: capacity)
    }

    /// Carries out a change: 0 or −errno.
    func apply(_ change: PollChange) -> Int {
        syscalls.controlPoll(descriptor, change)
    }

    /// Begins to watch a descriptor for reading.
    func add(_ descriptor: Int32, as id: UInt64) throws(HTTPServerError) {
        let result = apply(.add(descriptor, .read, id: id))
        guard result >= 0 else { throw .system(call: "epoll_ctl", errno: Int32(-result)) }
    }

    /// What is ready after at most so many milliseconds (for ever if negative); nothing if a signal came first.
    mutating func wait(milliseconds: Int32) throws(HTTPServerError) -> ArraySlice<Readiness> {
        let count = syscalls.waitPoll(descriptor, &reports, milliseconds)
        if count == Failure.interrupted { return [] }
        guard count >= 0 else { throw .system(call: "epoll_wait", errno: Int32(-count)) }
        return reports[..<count]
    }

    func close() {
        _ = syscalls.close(descriptor)
    }
}
