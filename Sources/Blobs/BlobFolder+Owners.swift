internal import Foundation

/// Who keeps what, for every process that uses the directory.
extension BlobFolder {
    private var kept: String { root + "/kept" }

    private func place(of owner: BlobOwner) -> String { kept + "/" + owner.name }

    /// Runs `body` while no other process, and no other thread, does so, or notes meanwhile who keeps what.
    ///
    /// To be asked for before any lock of this process. A file system without locks has everybody go on at once: what was
    /// noted between a look at the owners and a removal is then not heeded.
    func alone<Value>(_ body: () throws(BlobError) -> Value) throws(BlobError) -> Value {
        try locked(isExclusive: true, body)
    }

    private func locked<Value>(
        isExclusive: Bool, _ body: () throws(BlobError) -> Value
    ) throws(BlobError) -> Value {
        let descriptor = calls.openDirectory(root)
        try check(descriptor, "open", root)
        defer { _ = calls.close(Int32(descriptor)) }
        var result = calls.lock(Int32(descriptor), isExclusive)
        while result == -Int(EINTR) { result = calls.lock(Int32(descriptor), isExclusive) }
        if ![ENOLCK, EOPNOTSUPP, ENOSYS].contains(where: { result == -Int($0) }) { try check(result, "lock", root) }
        return try body()
    }

    /// Notes on the medium that an owner keeps a blob, there or not.
    func keep(_ digest: Digest, for owner: BlobOwner) throws(BlobError) {
        let place = place(of: owner)
        let path = place + "/" + digest.hex
        if calls.status(path).result >= 0 { return }
        try makeDirectory(kept)
        try makeDirectory(place)
        // Not between somebody's look at the owners and what is then removed.
        let descriptor = try locked(isExclusive: false) { () throws(BlobError) in calls.create(path) }
        if descriptor == -Int(EEXIST) { return }
        try check(descriptor, "create", path)
        _ = calls.close(Int32(descriptor))
        try synchronize(directory: place)
    }

    /// Removes what says that an owner keeps something.
    func letGo(_ owner: BlobOwner) throws(BlobError) {
        let place = place(of: owner)
        for name in try names(place) { _ = calls.unlink(place + "/" + name) }
        let result = calls.removeDirectory(place)
        if result != -Int(ENOENT) { try check(result, "remove", place) }
    }

    /// Whoever keeps something, whatever else lies beside it; what they keep is not looked at, and may be a lot.
    func ownerNames() throws(BlobError) -> [BlobOwner] {
        try names(kept).compactMap(BlobOwner.init).filter { owner in
            let (result, status) = calls.status(place(of: owner))
            return result >= 0 && !status.isRegular
        }
    }

    /// Who keeps what, whatever else lies beside it.
    func owners() throws(BlobError) -> [BlobOwner: Set<Digest>] {
        var owners: [BlobOwner: Set<Digest>] = [:]
        for owner in try ownerNames() {
            let digests = try names(place(of: owner)).compactMap(Digest.init(hex:))
            if !digests.isEmpty { owners[owner] = Set(digests) }
        }
        return owners
    }

    /// The names in a directory; none where it is not there, or is none.
    private func names(_ path: String) throws(BlobError) -> [String] {
        let (result, names) = calls.names(path)
        if result == -Int(ENOENT) || result == -Int(ENOTDIR) { return [] }
        try check(result, "list", path)
        return names
    }
}
