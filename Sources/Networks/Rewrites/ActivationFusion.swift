internal import Kernels

/// Makes a ReLU or clip behind a convolution, dense layer or addition part of that layer.
enum ActivationFusion {
    /// Leaves no ReLU or clip behind such a layer, where nothing else reads in between.
    static func apply(to draft: inout GraphDraft) throws(NetworksError) {
        try draft.mergeTails { (producer, next) throws(NetworksError) in
            guard case .activation(let activation) = next.operation, producer.activation == .identity else {
                return false
            }
            switch activation {
            case .relu, .clip: break
            default: return false
            }
            switch producer.operation {
            case .convolution, .innerProduct, .add: break
            default: return false
            }
            producer.activation = activation
            return true
        }
    }
}
