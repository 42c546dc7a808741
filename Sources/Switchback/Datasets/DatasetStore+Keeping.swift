internal import Blobs

extension DatasetStore {
    /// Keeps a set, in place of the one with its name; `read` gives the bytes of those images that are not here yet.
    ///
    /// - Throws: `SwitchbackError.noRoom`, `badDataset` for too long a list, and `datasetInUse` where another machine has
    ///   changed the set meanwhile; nothing then has changed.
    func keep(
        _ dataset: Dataset, limits: DatasetLimits = DatasetLimits(), read: (DatasetImage) throws -> [UInt8]
    ) throws {
        try translated {
            let document = try document(of: dataset, limits)
            let key = DatasetKey(.uploaded, name: dataset.name, list: Digest.sha256(of: document))
            let others = try keys().filter { $0.name == dataset.name && $0 != key }
            try put(dataset, document, as: key, read: read) {
                if try keys().contains(where: { $0.name == dataset.name && $0 != key && !others.contains($0) }) {
                    try blobs.remove(key.list)
                    throw Self.isBeingChanged(dataset.name)
                }
            }
            for other in others { try forget(other) }
        }
    }

    /// Keeps a set of configuration for jobs on other machines, beside all others: sets that were uploaded, whatever their
    /// names, stay as they are.
    ///
    /// - Throws: as ``keep(_:limits:read:)`` does.
    func share(_ dataset: Dataset, read: (DatasetImage) throws -> [UInt8]) throws {
        try translated {
            // Other bytes than the list of an uploaded set has, so that neither stands for the other.
            let document = try document(of: dataset, DatasetLimits()) + [UInt8(ascii: "\n")]
            let key = DatasetKey(.shared, name: dataset.name, list: Digest.sha256(of: document))
            try put(dataset, document, as: key, read: read)
        }
    }

    private func document(of dataset: Dataset, _ limits: DatasetLimits) throws -> [UInt8] {
        let document = try dataset.document()
        guard document.count <= limits.maximumListBytes else {
            throw SwitchbackError.badDataset(
                .tooLarge,
                reason: "the list of the data set would have \(document.count) bytes; at most "
                    + "\(limits.maximumListBytes) are allowed")
        }
        return document
    }

    /// Keeps the images, then the list; `check` says whether it may stay.
    private func put(
        _ dataset: Dataset, _ document: [UInt8], as key: DatasetKey, read: (DatasetImage) throws -> [UInt8],
        check: () throws -> Void = {}
    ) throws {
        let isKnown = try keys(key.kind).contains(key)
        do {
            // Also of a set that is here already: it may have lost an image to a damaged disk.
            for image in dataset.images {
                guard let digest = Digest(hex: image.sha256) else { continue }
                if try blobs.keep(digest, for: key.owner) { continue }
                try blobs.put(try read(image), for: key.owner)
            }
            try blobs.put(document, for: key.owner)
            try check()
        } catch {
            // Somebody else may have come to the end of the same.
            if !isKnown, (try? blobs.contains(key.list)) == false { try blobs.letGo(key.owner) }
            throw error
        }
    }
}
