package import Blobs

/// The data sets that were uploaded, in a store of blobs: the images, and the list of each set.
///
/// A set is an owner (`BlobOwner`) of its images and its list, whose name says the set's name and the list's digest. So a
/// set is there exactly when its list is, on every machine that uses the store; the list comes last, and until it has come
/// there is no set. Nothing of a set goes for age or room.
public final class DatasetStore: Sendable {
    private let blobs: any BlobStore

    /// Sets in `blobs`.
    package init(blobs: any BlobStore) { self.blobs = blobs }

    /// Sets in the store that `make` makes with these limits.
    ///
    /// What no set keeps is left over from one that was removed, or that was never finished, and goes after a day.
    ///
    /// - Parameter maximumBytes: how much all sets together may take.
    /// - Throws: `SwitchbackError.brokenStore` with what is wrong with the store.
    package convenience init(
        maximumBytes: Int, make: (BlobLimits) throws -> any BlobStore
    ) throws {
        do {
            self.init(blobs: try make(BlobLimits(maximumBytes: maximumBytes, maximumAge: 86_400)))
        } catch {
            throw SwitchbackError.translating(error)
        }
    }

    /// Sets in a directory, which is made unless it is there.
    public convenience init(directory: String, maximumBytes: Int) throws {
        try self.init(maximumBytes: maximumBytes) { try DirectoryBlobStore(directory: directory, limits: $0) }
    }

    /// The longest name of a set, in letters.
    public static let maximumNameLength = 48

    /// Whether a set can have that name: letters and digits of ASCII, `-` and `_`.
    public static func isName(_ name: String) -> Bool {
        name.utf8.count <= maximumNameLength && BlobOwner(name) != nil
    }

    /// All sets, by name.
    func datasets() throws -> [Dataset] {
        try translated { try keys().compactMap { try list(of: $0) }.sorted { $0.name < $1.name } }
    }

    /// The set with that name; nil where there is none.
    func dataset(named name: String) throws -> OpenDataset? {
        try translated {
            guard let set = try keys().filter({ $0.name == name }).lazy.compactMap({ try list(of: $0) }).first else {
                return nil
            }
            return OpenDataset(set) { [self] image in
                guard let bytes = try bytes(image.sha256) else {
                    throw SwitchbackError.brokenDataset(
                        reason: "image '\(image.name)' of data set '\(name)' is no longer kept")
                }
                return bytes
            }
        }
    }

    /// The bytes of an image of any set; nil if there are none.
    func bytes(_ sha256: String) throws -> [UInt8]? {
        try translated { try Digest(hex: sha256).flatMap { try blobs.get($0) } }
    }

    /// Keeps a set, in place of the one with its name; `read` gives the bytes of those images that are not here yet.
    ///
    /// - Throws: `SwitchbackError.noRoom`; nothing then has changed.
    func keep(_ dataset: Dataset, read: (DatasetImage) throws -> [UInt8]) throws {
        try translated {
            let document = try dataset.document()
            let key = Key(name: dataset.name, list: Digest.sha256(of: document))
            let known = try keys()
            if known.contains(key), try list(of: key) != nil { return }
            let others = known.filter { $0.name == dataset.name && $0 != key }
            do {
                for image in dataset.images {
                    guard let digest = Digest(hex: image.sha256) else { continue }
                    if try blobs.keep(digest, for: key.owner) { continue }
                    try blobs.put(try read(image), for: key.owner)
                }
                try blobs.put(document, for: key.owner)
            } catch {
                try blobs.letGo(key.owner)
                throw error
            }
            for other in others { try forget(other) }
        }
    }

    /// Removes a set; whether there was one.
    func remove(_ name: String) throws -> Bool {
        try translated {
            let mine = try keys().filter { $0.name == name }
            for key in mine { try forget(key) }
            return !mine.isEmpty
        }
    }

    /// A set by its owner's name.
    private struct Key: Hashable {
        let name: String
        let list: Digest

        init(name: String, list: Digest) {
            self.name = name
            self.list = list
        }

        /// Nil for an owner that is no set.
        init?(_ owner: BlobOwner) {
            let parts = owner.name.split(separator: "-", maxSplits: 2)
            guard parts.count == 3, parts[0] == "dataset", let list = Digest(hex: String(parts[1])) else { return nil }
            self.init(name: String(parts[2]), list: list)
        }

        var owner: BlobOwner {
            guard let owner = BlobOwner("dataset-\(list.hex)-\(name)") else {
                preconditionFailure("no data set can be called '\(name)'")
            }
            return owner
        }
    }

    private func keys() throws -> [Key] { try blobs.owners().compactMap(Key.init) }

    private func list(of key: Key) throws -> Dataset? {
        try blobs.get(key.list).map { try Dataset(document: $0) }
    }

    /// The list goes first: without it there is no set.
    private func forget(_ key: Key) throws {
        try blobs.remove(key.list)
        try blobs.letGo(key.owner)
    }

    private func translated<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            throw SwitchbackError.translating(error)
        }
    }
}
