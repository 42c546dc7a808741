import PostgresStore
import Switchback

extension Setting {
    static let datasets = SettingGroup(
        title: "Data sets", isAdvanced: true,
        settings: [
            Setting(
                "datasets", SettingType.text("dir", allowed: "folders").list, \.datasets,
                "Folder of data sets (folders or tar files of labelled images); may be repeated, the first goes first.",
                default: "none"),
            Setting(
                "max-dataset-images", .count(1...10_000_000), \.datasetLimits.maximumImages,
                "The images of a data set, broken ones included."),
            Setting(
                "max-dataset-bytes", .bytes((1 << 20)...(1 << 50)), \.datasetLimits.maximumBytes,
                "The images of a data set, all together."),
            Setting(
                "dataset-store-bytes", .bytes((1 << 20)...(1 << 50)), \.datasetStoreBytes,
                "How much the data sets that were uploaded may take, in 'datasets' below the data folder, or in the database."
            ),
        ])
}

extension ServiceSettings {
    /// The data sets that the settings name, read.
    func makeCatalog() throws -> DatasetCatalog {
        try DatasetCatalog(
            directories: datasets, limits: datasetLimits, images: engine, uploaded: try makeStore(),
            isShared: database != nil)
    }

    private func makeStore() throws -> DatasetStore? {
        if let address = database {
            return try DatasetStore(maximumBytes: datasetStoreBytes) { limits in
                try PostgresBlobStore(address: address, collection: "datasets", limits: limits)
            }
        }
        return try dataFolder.map {
            try DatasetStore(directory: $0 + "/datasets", maximumBytes: datasetStoreBytes)
        }
    }
}
