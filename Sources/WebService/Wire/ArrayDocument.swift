import Switchback
import Tensors

/// Arrays in JSON: base64 of little-endian values with shape and type, or nested lists of numbers.
struct ArrayDocument {
    let encoding: ArrayEncoding

    /// `tensor` as `{"shape", "dtype": "float32", "data"}` or nested lists.
    func json(_ tensor: Tensor) -> JSON { json(.floats(tensor)) }

    /// `indices` as `{"shape", "dtype": "int32", "data"}` or nested lists.
    func json(_ indices: IndexTensor) -> JSON { json(.indices(indices)) }

    private func json(_ values: ArrayValues) -> JSON {
        switch encoding {
        case .base64:
            .members([
                "shape": .array(values.shape.dimensions.map(JSON.integer)), "dtype": .string(values.type),
                "data": .packed(values),
            ])
        case .nested: .nested(values)
        }
    }
}
