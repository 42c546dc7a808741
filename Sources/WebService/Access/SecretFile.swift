internal import Foundation
internal import Glibc

/// A file that nobody but its owner should be able to read.
enum SecretFile {
    /// More is no file of tokens or keys.
    static let maximumBytes = 1 << 20

    /// The file's bytes.
    ///
    /// - Throws: `AccessError.exposed` where others may read or change it, or it belongs to neither this user nor root.
    static func read(_ path: String) throws(AccessError) -> [UInt8] {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw .unreadable(path: path, reason: "there is none, or this user may not open it")
        }
        defer { try? file.close() }
        // Asked of what is open, and not of the path, which may lead elsewhere a moment later.
        var status = stat()
        // SAFETY: the call writes to a local variable and keeps no pointer.
        guard unsafe fstat(file.fileDescriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .unreadable(path: path, reason: "it is no ordinary file")
        }
        if let fault = fault(mode: status.st_mode, owner: status.st_uid, user: geteuid()) {
            throw .exposed(path: path, reason: fault)
        }
        guard status.st_size <= maximumBytes else {
            throw .unreadable(path: path, reason: "it is larger than \(maximumBytes) bytes")
        }
        guard let bytes = try? file.read(upToCount: maximumBytes) ?? Data() else {
            throw .unreadable(path: path, reason: "reading fails")
        }
        return [UInt8](bytes)
    }

    /// Why a file with these permissions is no place for a secret; nil if it is one.
    ///
    /// A group may read it, as a service's own group does where root owns its configuration.
    static func fault(mode: mode_t, owner: uid_t, user: uid_t) -> String? {
        guard owner == user || owner == 0 else {
            return "it belongs to user \(owner), not to user \(user) or root"
        }
        guard mode & 0o037 == 0 else {
            return "its mode is \(String(mode & 0o7777, radix: 8)); 'chmod 600' keeps others from it"
        }
        return nil
    }
}
