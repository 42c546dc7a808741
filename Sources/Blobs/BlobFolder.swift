internal import Foundation

/// Where the files of a directory store lie, and what is done to them.
///
/// A blob is `ab/cd/abcd…`, its whole digest under two levels of folders; its file's time of change is when it was
/// stored, its time of access when it was last used. Files being written are in `incoming`. Who keeps what is the name of
/// an empty file, `kept/OWNER/abcd…`.
struct BlobFolder: Sendable {
    let root: String
    let calls: FileCalls

    /// The path of a blob.
    func path(of digest: Digest) -> String { folders(of: digest)[1] + "/" + digest.hex }

    private func folders(of digest: Digest) -> [String] {
        let hex = digest.hex
        let first = root + "/" + hex.prefix(2)
        return [first, first + "/" + hex.dropFirst(2).prefix(2)]
    }

    private var incoming: String { root + "/incoming" }

    /// Makes the directory, and those above it, unless they are there.
    func prepare() throws(BlobError) {
        var path = root.hasPrefix("/") ? "/" : ""
        for name in root.split(separator: "/") {
            path += path.isEmpty || path.hasSuffix("/") ? String(name) : "/" + name
            try makeDirectory(path)
        }
        try makeDirectory(incoming)
    }

    func makeDirectory(_ path: String) throws(BlobError) {
        let result = calls.makeDirectory(path)
        if result == -Int(EEXIST) { return }
        try check(result, "make the directory", path)
        try synchronize(directory: String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
    }

    /// Writes bytes to a new file under a name of its own, down to the medium; its path.
    func write(_ bytes: [UInt8]) throws(BlobError) -> String {
        let path = incoming + "/" + UUID().uuidString
        let descriptor = calls.create(path)
        try check(descriptor, "create", path)
        do {
            try fill(Int32(descriptor), path, with: bytes)
        } catch {
            _ = calls.close(Int32(descriptor))
            _ = calls.unlink(path)
            throw error
        }
        // Some file systems report a lack of room only here.
        let closed = calls.close(Int32(descriptor))
        if closed < 0, closed != -Int(EINTR) {
            _ = calls.unlink(path)
            try check(closed, "close", path)
        }
        return path
    }

    private func fill(_ descriptor: Int32, _ path: String, with bytes: [UInt8]) throws(BlobError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = calls.write(descriptor, rest)
            if count == -Int(EINTR) { continue }
            try check(count == 0 ? -Int(EIO) : count, "write", path)
            rest = rest.dropFirst(count)
        }
        var synchronized = calls.synchronize(descriptor)
        while synchronized == -Int(EINTR) { synchronized = calls.synchronize(descriptor) }
        try check(synchronized, "synchronize", path)
    }

    /// Gives a written file the name of its blob.
    func name(_ temporary: String, _ digest: Digest) throws(BlobError) {
        do {
            for folder in folders(of: digest) { try makeDirectory(folder) }
            try check(calls.rename(temporary, path(of: digest)), "name", path(of: digest))
        } catch {
            _ = calls.unlink(temporary)
            throw error
        }
    }

    /// Puts the name of a blob down to the medium.
    func synchronizeName(of digest: Digest) throws(BlobError) {
        try synchronize(directory: folders(of: digest)[1])
    }

    func synchronize(directory path: String) throws(BlobError) {
        let path = path.isEmpty ? root.hasPrefix("/") ? "/" : "." : path
        let descriptor = calls.openDirectory(path)
        // A directory that may be written to but not read cannot be synchronized; its files can.
        if descriptor == -Int(EACCES) { return }
        try check(descriptor, "open", path)
        let result = calls.synchronize(Int32(descriptor))
        _ = calls.close(Int32(descriptor))
        // EINVAL: the file system does not synchronize directories.
        if result != -Int(EINVAL), result != -Int(EINTR) { try check(result, "synchronize", path) }
    }

    /// The bytes of a blob's file; nil where there is none, or something else has its name.
    func contents(of digest: Digest) throws(BlobError) -> [UInt8]? {
        let (result, bytes) = calls.contents(path(of: digest))
        if [ENOENT, ENOTDIR, ELOOP, EINVAL, EISDIR].contains(where: { result == -Int($0) }) { return nil }
        try check(result, "read", path(of: digest))
        return bytes
    }

    /// What the file system says of a blob's file; nil where there is none.
    func status(of digest: Digest) -> FileStatus? {
        let (result, status) = calls.status(path(of: digest))
        return result >= 0 && status.isRegular ? status : nil
    }

    func remove(_ digest: Digest) { _ = calls.unlink(path(of: digest)) }

    func setTimes(of digest: Digest, used: Date, stored: Date) {
        _ = calls.setTimes(path(of: digest), FileTime(used), FileTime(stored))
    }

    /// The blobs there are, whatever else lies beside them.
    func blobs() throws(BlobError) -> [(digest: Digest, status: FileStatus)] {
        var found: [(digest: Digest, status: FileStatus)] = []
        let (result, firsts) = calls.names(root)
        try check(result, "list", root)
        for first in firsts where first.utf8.count == 2 {
            for second in calls.names(root + "/" + first).names where second.utf8.count == 2 {
                for name in calls.names(root + "/" + first + "/" + second).names {
                    guard let digest = Digest(hex: name), name.hasPrefix(first + second),
                        let status = status(of: digest)
                    else { continue }
                    found.append((digest, status))
                }
            }
        }
        return found
    }

    /// Removes files whose writing began more than an hour before `now`: whoever wrote them has died.
    func removeTorn(now: Date) {
        for name in calls.names(incoming).names {
            let path = incoming + "/" + name
            let (result, status) = calls.status(path)
            guard result >= 0, status.isRegular, now.timeIntervalSince(status.stored.date) > 3600 else { continue }
            _ = calls.unlink(path)
        }
    }

    func check(_ result: Int, _ operation: String, _ path: String) throws(BlobError) {
        guard result < 0 else { return }
        if result == -Int(ENOSPC) || result == -Int(EDQUOT) { throw .noSpace }
        throw .failed(operation: operation, path: path, code: Int32(-result))
    }
}

extension FileTime {
    init(_ date: Date) {
        let seconds = date.timeIntervalSince1970.rounded(.down)
        self.init(
            seconds: Int(seconds), nanoseconds: min(999_999_999, Int((date.timeIntervalSince1970 - seconds) * 1e9)))
    }

    var date: Date { Date(timeIntervalSince1970: Double(seconds) + Double(nanoseconds) / 1e9) }
}
