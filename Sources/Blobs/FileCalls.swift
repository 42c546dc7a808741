/// The one door of the directory store to the file system: every call goes through a closure of this structure, so that
/// a test can make any of them fail, or write less than asked, n times.
///
/// Each returns what the kernel does: a value that is not negative, or the negated error number.
package struct FileCalls: Sendable {
    /// A descriptor of a new file, for writing, that nobody but this user may read.
    package var create: @Sendable (_ path: String) -> Int
    /// How many of the bytes the kernel took.
    package var write: @Sendable (_ descriptor: Int32, _ bytes: ArraySlice<UInt8>) -> Int
    /// Waits until what was written is on the medium.
    package var synchronize: @Sendable (_ descriptor: Int32) -> Int
    /// Closes a descriptor.
    package var close: @Sendable (_ descriptor: Int32) -> Int
    /// A descriptor of a directory, for ``synchronize``.
    package var openDirectory: @Sendable (_ path: String) -> Int
    /// Waits until no other process and no other descriptor has what an open file stands for locked: to itself, or at all
    /// where this one is to have it to itself; it has until the descriptor is closed.
    package var lock: @Sendable (_ descriptor: Int32, _ isExclusive: Bool) -> Int
    /// Gives a file another name, in place of what has it.
    package var rename: @Sendable (_ path: String, _ newPath: String) -> Int
    /// Removes a file.
    package var unlink: @Sendable (_ path: String) -> Int
    /// Makes a directory that nobody but this user may enter.
    package var makeDirectory: @Sendable (_ path: String) -> Int
    /// Removes a directory that is empty.
    package var removeDirectory: @Sendable (_ path: String) -> Int
    /// Sets the times of a file: when it was last used, when it was stored.
    package var setTimes: @Sendable (_ path: String, _ used: FileTime, _ stored: FileTime) -> Int
    /// The bytes of a regular file.
    package var contents: @Sendable (_ path: String) -> (result: Int, bytes: [UInt8])
    /// What kind of file a path names, its size and its times.
    package var status: @Sendable (_ path: String) -> (result: Int, status: FileStatus)
    /// The names in a directory, `.` and `..` left out.
    package var names: @Sendable (_ path: String) -> (result: Int, names: [String])
}

/// A time as a file system keeps it: seconds and nanoseconds since 1970.
package struct FileTime: Equatable, Sendable {
    package var seconds: Int
    package var nanoseconds: Int

    package init(seconds: Int, nanoseconds: Int) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }
}

/// What a file system says of a file.
package struct FileStatus: Equatable, Sendable {
    /// Whether it is a regular file: no directory, link or device.
    package var isRegular: Bool
    package var byteCount: Int
    /// When it was last used, and when it was stored.
    package var used: FileTime, stored: FileTime

    package init(
        isRegular: Bool = false, byteCount: Int = 0, used: FileTime = FileTime(seconds: 0, nanoseconds: 0),
        stored: FileTime = FileTime(seconds: 0, nanoseconds: 0)
    ) {
        self.isRegular = isRegular
        self.byteCount = byteCount
        self.used = used
        self.stored = stored
    }
}
