internal import Glibc

extension FileCalls {
    /// The real file system.
    package static let kernel = FileCalls(
        create: { open($0, O_WRONLY | O_CREAT | O_EXCL) },
        write: { write($0, $1) },
        synchronize: { result(fsync($0)) },
        close: { result(Glibc.close($0)) },
        openDirectory: { open($0, O_RDONLY | O_DIRECTORY) },
        lock: { result(flock($0, $1 ? LOCK_EX : LOCK_SH)) },
        rename: { path, newPath in
            // SAFETY: both C strings live for the call, which copies them.
            result(unsafe Glibc.rename(path, newPath))
        },
        unlink: { path in
            // SAFETY: the C string lives for the call, which copies it.
            result(unsafe Glibc.unlink(path))
        },
        makeDirectory: { path in
            // SAFETY: the C string lives for the call, which copies it.
            result(unsafe mkdir(path, 0o700))
        },
        removeDirectory: { path in
            // SAFETY: the C string lives for the call, which copies it.
            result(unsafe rmdir(path))
        },
        setTimes: { setTimes(of: $0, used: $1, stored: $2) },
        contents: { contents(of: $0) },
        status: { status(of: $0) },
        names: { names(in: $0) })

    private static func result(_ value: Int32) -> Int { value < 0 ? -Int(errno) : Int(value) }

    private static func open(_ path: String, _ flags: Int32) -> Int {
        // SAFETY: the C string lives for the call, which copies it.
        result(unsafe Glibc.open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0o600))
    }

    private static func write(_ descriptor: Int32, _ bytes: ArraySlice<UInt8>) -> Int {
        // SAFETY: the slice keeps its bytes alive for the closure, and the kernel reads `count` of them.
        let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
        return count < 0 ? -Int(errno) : count
    }

    private static func contents(of path: String) -> (Int, [UInt8]) {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK)
        guard descriptor >= 0 else { return (descriptor, []) }
        defer { _ = Glibc.close(Int32(descriptor)) }
        var information = stat()
        // SAFETY: the call writes to a local variable and keeps no pointer.
        guard unsafe fstat(Int32(descriptor), &information) == 0 else { return (-Int(errno), []) }
        guard information.st_mode & S_IFMT == S_IFREG else { return (-Int(EINVAL), []) }
        var failure = 0
        // SAFETY: the array owns `count` bytes for the closure; the kernel writes into what is left of them, and
        // `filled` of them are initialised.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Int(information.st_size)) { buffer, filled in
            while filled < buffer.count {
                guard let base = buffer.baseAddress else { return }
                let count = unsafe read(Int32(descriptor), base + filled, buffer.count - filled)
                if count > 0 {
                    filled += count
                } else if count == 0 {
                    return
                } else if errno != EINTR {
                    failure = -Int(errno)
                    return
                }
            }
        }
        return (failure, failure == 0 ? bytes : [])
    }

    private static func status(of path: String) -> (Int, FileStatus) {
        var information = stat()
        // SAFETY: the C string lives for the call, which writes to a local variable and keeps no pointer.
        guard unsafe lstat(path, &information) == 0 else { return (-Int(errno), FileStatus()) }
        return (
            0,
            FileStatus(
                isRegular: information.st_mode & S_IFMT == S_IFREG, byteCount: Int(information.st_size),
                used: FileTime(information.st_atim), stored: FileTime(information.st_mtim))
        )
    }

    private static func setTimes(of path: String, used: FileTime, stored: FileTime) -> Int {
        let times = [used, stored].map { timespec(tv_sec: $0.seconds, tv_nsec: $0.nanoseconds) }
        // SAFETY: the C string and the two times live for the call, which reads exactly two.
        return result(unsafe utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW))
    }

    private static func names(in path: String) -> (Int, [String]) {
        // SAFETY: the stream is this function's alone and closed at its end; an entry is read before the next call.
        guard let stream = unsafe opendir(path) else { return (-Int(errno), []) }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return (0, names)
    }
}

extension FileCalls {
    /// The system's words for an error number.
    static func reason(of code: Int32) -> String {
        // SAFETY: strerror_r writes at most 128 bytes into the buffer or returns a constant; the text is copied at once.
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
            guard let base = buffer.baseAddress, unsafe strerror_r(code, base, buffer.count) == 0 else {
                return "error \(code)"
            }
            return unsafe String(cString: base)
        }
    }
}

extension FileTime {
    fileprivate init(_ time: timespec) { self.init(seconds: time.tv_sec, nanoseconds: time.tv_nsec) }
}
