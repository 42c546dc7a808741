extension DatasetCatalog {
    /// Keeps the set in a tar archive.
    ///
    /// - Parameters:
    ///   - name: 1 to 48 letters, digits, `-` and `_`.
    ///   - adding: whether the images come to those that the set of that name has; else there must be no other such set.
    /// - Returns: the set as it is now, and whether there was none of that name.
    /// - Throws: `SwitchbackError.badDataset` for what is wrong with the name or the archive, `datasetInUse` where the name
    ///   is taken, `noRoom`, and `undefined` where nothing can be uploaded.
    public func upload(
        _ archive: [UInt8], as name: String, adding: Bool
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
        let (sent, places) = try DatasetArchive(limits: limits, images: images)
            .dataset(named: name, size: archive.count) { Array(archive[$0]) }
        let before = try store.dataset(named: name)?.dataset
        let after = try before.map { adding ? try $0.joined(with: sent, limits: limits) : sent } ?? sent
        if let before, !adding, before.digest != after.digest {
            throw SwitchbackError.datasetInUse(
                reason: "there is another data set '\(name)': DELETE it first, or POST to add images to it")
        }
        try store.keep(after) { image in
            guard let place = places[image.name] else {
                throw SwitchbackError.brokenStore(reason: "image '\(image.name)' of data set '\(name)' is gone")
            }
            return Array(archive[place])
        }
        return (after, before == nil)
    }

    /// Removes an uploaded set.
    ///
    /// - Throws: `SwitchbackError.noDataset`, or `datasetInUse` for one of configuration.
    public func remove(_ name: String) throws {
        let store = try writable(name)
        _ = try dataset(named: name)
        guard try store.remove(name) else { throw SwitchbackError.noDataset(reason: "no data set '\(name)'") }
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
        var known = Dictionary(uniqueKeysWithValues: images.map { ($0.name, $0) })
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
