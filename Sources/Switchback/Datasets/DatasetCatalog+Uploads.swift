public import Concurrency

extension DatasetCatalog {
    /// Keeps the set in a tar archive.
    ///
    /// - Parameters:
    ///   - name: 1 to 48 letters, digits, `-` and `_`.
    ///   - adding: whether the images come to those that the set of that name has; else there must be no other such set.
    /// - Returns: the set as it is now, and whether there was none of that name.
    /// - Throws: `SwitchbackError.badDataset` for what is wrong with the name or the archive, `datasetInUse` where the name
    ///   is taken or somebody else is changing the set, `noRoom`, `undefined` where nothing can be uploaded, and `Stopped`
    ///   when `token` says so; nothing then has changed.
    public func upload(
        _ archive: [UInt8], as name: String, adding: Bool, token: CancellationToken = .never
    ) throws -> (dataset: Dataset, isNew: Bool) {
        let store = try writable(name)
        guard DatasetStore.isName(name) else {
            throw SwitchbackError.badDataset(
                .malformed,
                reason: """
                    a data set cannot be called '\(Spelling.shortened(name))'; allowed: 1 to \
                    \(DatasetStore.maximumNameLength) letters of ASCII, digits, '-' and '_'
                    """)
        }
        return try store.changing(name) {
            let (sent, places) = try DatasetArchive(limits: limits, images: images)
                .dataset(named: name, size: archive.count, token: token) { Array(archive[$0]) }
            let before = try store.dataset(named: name)?.dataset
            let after = try before.map { adding ? try $0.joined(with: sent, limits: limits) : sent } ?? sent
            if let before, !adding, before.digest != after.digest {
                throw SwitchbackError.datasetInUse(
                    reason: "there is another data set '\(name)': DELETE it first, or POST to add images to it")
            }
            try store.keep(after, limits: limits) { image in
                try token.check()
                guard let place = places[image.name] else {
                    throw SwitchbackError.brokenStore(reason: "image '\(image.name)' of data set '\(name)' is gone")
                }
                return Array(archive[place])
            }
            return (after, before == nil)
        }
    }

    /// Removes an uploaded set.
    ///
    /// - Parameter requireUnused: throws where something still needs the set; asked when nobody can begin with it any more,
    ///   and what it throws leaves the set as it was.
    /// - Throws: `SwitchbackError.noDataset`, or `datasetInUse` for one of configuration, or one that is being changed.
    public func remove(_ name: String, unless requireUnused: () throws -> Void = {}) throws {
        let store = try writable(name)
        try store.changing(name) {
            // What is left of an upload that was killed goes with it, though there is no set then.
            let isThere = try store.dataset(named: name) != nil
            _ = try store.remove(name, unless: requireUnused)
            guard isThere else { throw try unknown(name) }
        }
    }

    /// Whether the set is there still, as it is.
    func has(_ dataset: Dataset) throws -> Bool {
        try isConfigured(dataset.name) || uploaded?.has(dataset) == true
    }

    private func writable(_ name: String) throws(SwitchbackError) -> DatasetStore {
        guard let uploaded else {
            throw .undefined(
                reason: "this service keeps no data sets: it has no folder for its data, and no database")
        }
        if isConfigured(name) {
            throw .datasetInUse(
                reason: "the data set '\(name)' is one of this service's configuration, which requests do not change")
        }
        return uploaded
    }
}

extension Dataset {
    /// This set with the images of another one; what is broken here and usable there is usable.
    ///
    /// Throws `SwitchbackError.badDataset` for an image of the same name that is another, and where there are too many.
    fileprivate func joined(with other: Dataset, limits: DatasetLimits) throws(SwitchbackError) -> Dataset {
        // A folder may have names that are one to Unicode and not to the file system.
        var known = Dictionary(images.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for image in other.images {
            if let here = known[image.name], here != image {
                throw .badDataset(
                    .malformed, reason: "the data set '\(name)' has another image, or another label, '\(image.name)'")
            }
            known[image.name] = image
        }
        let broken = Dictionary((self.broken + other.broken).map { ($0.name, $0) }, uniquingKeysWith: { $1 })
            .values.filter { known[$0.name] == nil }
        guard known.count + broken.count <= limits.maximumImages else {
            throw .badDataset(.tooLarge, reason: "the data set has more than \(limits.maximumImages) images")
        }
        return Dataset(name: name, images: Array(known.values), broken: broken)
    }
}
