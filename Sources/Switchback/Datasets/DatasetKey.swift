internal import Blobs

/// A set in a store of blobs, by the name of the owner that it is there.
struct DatasetKey: Hashable {
    /// Where a set comes from.
    enum Kind: String {
        /// It was uploaded.
        case uploaded = "dataset"
        /// A service has it of its configuration, and other machines look here for the images of jobs about it.
        case shared
    }

    let kind: Kind
    let name: String
    let list: Digest

    init(_ kind: Kind, name: String, list: Digest) {
        self.kind = kind
        self.name = name
        self.list = list
    }

    /// Nil for an owner that is no set.
    init?(_ owner: BlobOwner) {
        let parts = owner.name.split(separator: "-", maxSplits: 2)
        guard parts.count == 3, let kind = Kind(rawValue: String(parts[0])), let list = Digest(hex: String(parts[1]))
        else { return nil }
        self.init(kind, name: String(parts[2]), list: list)
    }

    var owner: BlobOwner {
        guard let owner = BlobOwner("\(kind.rawValue)-\(list.hex)-\(name)") else {
            preconditionFailure("no data set can be called '\(name)'")
        }
        return owner
    }
}
