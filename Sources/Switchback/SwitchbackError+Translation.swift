internal import Blobs
internal import Concurrency
internal import Explainers
internal import Imaging
internal import Jobs
internal import Kernels
internal import Models
internal import Networks
internal import Tensors

extension SwitchbackError {
    /// The error of a lower module in the words of the interface; `Stopped` and what is unknown pass through.
    static func translating(_ error: any Error) -> any Error {
        switch error {
        case let error as ImageError: badImage(fault(of: error), reason: error.description)
        case let error as NPYError: badImage(.malformed, reason: "the NPY array cannot be read: \(error)")
        case let error as ModelsError: translating(models: error)
        case let error as NetworksError: translating(networks: error)
        case let error as ExplainersError: translating(explainers: error)
        case let error as BlobError: translating(blobs: error)
        case let error as JobsError: translating(jobs: error)
        case let error as KernelsError: undefined(reason: error.description)
        default: error
        }
    }

    private static func fault(of error: ImageError) -> ImageFault {
        switch error {
        case .tooManyBytes, .tooManyPixels: .tooLarge
        case .unsupported, .animated, .unrecognized: .unsupported
        case .empty, .truncated, .corrupt: .malformed
        }
    }

    private static func translating(blobs error: BlobError) -> SwitchbackError {
        switch error {
        case .full, .noSpace: noRoom(reason: error.description)
        case .away: storeAway(reason: error.description)
        case .failed, .refused: brokenStore(reason: error.description)
        }
    }

    private static func translating(jobs error: JobsError) -> SwitchbackError {
        switch error {
        case .unknownJob(let id): noJob(id: id.text)
        case .ended: jobState(reason: error.description)
        case .keyUsed(let key): keyUsed(key: key)
        case .tooManyJobs(_, let maximum): tooManyJobs(limit: maximum)
        case .noSpace: noRoom(reason: error.description)
        case .busy, .away: storeAway(reason: error.description)
        case .leaseLost, .failed: brokenStore(reason: error.description)
        }
    }

    private static func translating(models error: ModelsError) -> SwitchbackError {
        switch error {
        case .unknownModel: noModel(reason: error.description)
        case .unknownClass, .ambiguousClass: outOfRange(option: "target", reason: error.description)
        case .imageRefused(let model): noPreprocessing(model: model)
        case .inputShape, .inputNotFinite, .imageSize: badImage(.malformed, reason: error.description)
        default: brokenModel(reason: error.description)
        }
    }

    private static func translating(networks error: NetworksError) -> SwitchbackError {
        switch error {
        case .unknownLayer, .ambiguousLayer: outOfRange(option: "layer", reason: error.description)
        case .inputShape: badImage(.malformed, reason: error.description)
        case .notFinite, .activationRefused: undefined(reason: error.description)
        default: brokenModel(reason: error.description)
        }
    }

    private static func translating(explainers error: ExplainersError) -> SwitchbackError {
        if error.isRefusal { return undefined(reason: error.description) }
        if case .malformedPartial = error { return brokenStore(reason: error.description) }
        let option: String? =
            switch error {
            case .featureMap, .repeatedFeatureMap, .noFeatureMaps: "feature_map"
            case .top(_, _, let of): of == "classes" ? "top" : "feature_map"
            case .unit, .unitOfDenseLayer: "unit"
            case .patch: "patch"
            case .stride: "stride"
            case .fillCount, .fillValue: "fill"
            case .classIndex: "target"
            case .selectionOfOneImage: "feature_map"
            case .targetOfLabelledSet: "target"
            case .noImages: "dataset"
            case .notFinite, .malformedPartial: nil
            }
        return outOfRange(option: option, reason: error.description)
    }
}
