internal import Explainers
internal import Imaging

extension ClassAnswer {
    init(_ prediction: Prediction) {
        classIndex = prediction.classIndex
        label = prediction.label
        probability = prediction.probability
        logit = prediction.logit
    }
}

extension ProjectionAnswer {
    init(_ projection: Projection) {
        featureMap = projection.featureMap
        unit = projection.unit.map { [$0.y, $0.x] }
        activation = projection.activation
        let field = projection.receptiveField
        receptiveField = [field.y0, field.x0, field.y1, field.x1]
        scale = projection.scale
        self.projection = projection.values
    }
}

extension OcclusionAnswer {
    init(_ explanation: OcclusionExplanation) {
        let grid = explanation.grid
        self.grid = Grid(
            rows: grid.rows, columns: grid.columns, centersY: grid.centersY, centersX: grid.centersX, patch: grid.patch,
            stride: grid.stride, fill: explanation.fill.values, uncovered: grid.uncovered)
        target = ClassAnswer(explanation.target)
        delta = explanation.delta
        occluded = explanation.occluded
        topClass = explanation.topClass
        classes = explanation.classes.map { ($0.classIndex, $0.label) }
        let activity = explanation.activity
        self.activity = Activity(
            layer: activity.layer, featureMap: activity.featureMap, unoccluded: activity.unoccluded, map: activity.map,
            projection: activity.projection?.values, refusal: activity.refusal)
    }
}

extension AblationAnswer {
    init(_ explanation: AblationExplanation) {
        layer = explanation.layer
        target = ClassAnswer(explanation.target)
        ablations = explanation.ranked.map(Removal.init)
        layerRemoved = Removal(explanation.layerRemoved)
        allClasses =
            explanation.coversAllClasses ? (explanation.deltaLogit, explanation.deltaProbability) : nil
    }
}

extension AblationAnswer.Removal {
    init(_ ablation: Ablation) {
        featureMaps = ablation.featureMaps
        deltaLogit = ablation.deltaLogit
        deltaProbability = ablation.deltaProbability
        topClass = ablation.topClass
        topLabel = ablation.topLabel
        flipped = ablation.flipped
    }
}
