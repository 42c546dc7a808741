import Models
import Networks
import Tensors

/// What the patch is filled with.
public struct OcclusionFill: Hashable, Sendable {
    /// What the numbers of a fill mean.
    public enum Units: String, Hashable, Sendable {
        /// Pixel values, 0 … 255, preprocessed like the image.
        case pixel
        /// Values of the network's input.
        case network
    }

    /// What `values` mean.
    public let units: Units
    /// The fill as it was asked for: one number, or one a channel.
    public let values: [Float]
    /// The values written into the channels of the network's input.
    public let networkValues: [Float]

    /// A fill of these parts.
    public init(units: Units, values: [Float], networkValues: [Float]) {
        self.units = units
        self.values = values
        self.networkValues = networkValues
    }
}

extension OcclusionFill {
    /// The fill meant by the numbers of a request: in pixel units for an image, in the network's for an array.
    init(_ asked: [Float]?, model: Model, input: PreparedInput) throws(ExplainersError) {
        let channels = model.network.inputShape[0]
        if let preprocessing = model.preprocessing, input.frame != nil {
            let values = try Self.checked(asked ?? [128], channels: channels)
            guard let network = preprocessing.networkValues(ofPixel: values) else {
                throw .fillCount(values.count, channels: channels)
            }
            self.init(units: .pixel, values: values, networkValues: network)
        } else {
            let values = try Self.checked(asked ?? [0], channels: channels)
            let network = values.count == channels ? values : [Float](repeating: values[0], count: channels)
            self.init(units: .network, values: values, networkValues: network)
        }
    }

    private static func checked(_ values: [Float], channels: Int) throws(ExplainersError) -> [Float] {
        guard values.count == 1 || values.count == channels else {
            throw .fillCount(values.count, channels: channels)
        }
        if let index = values.firstIndex(where: { !$0.isFinite }) { throw .fillValue(index: index) }
        return values
    }
}
