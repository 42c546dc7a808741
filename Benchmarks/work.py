"""What the peers do for each row: Captum's attributions, and the same by hand, as somebody would who knows the network."""
import numpy as np
import torch
import torch.nn.functional as F
from captum.attr import LayerFeatureAblation, NeuronDeconvolution, Occlusion

from engines import timed


def occluded(subject, patch, stride, count):
    """So many occluded inputs, spread evenly over the sweep: patches centred, cut at the border, filled with 0."""
    centres = range(stride // 2, subject.x.shape[2], stride)
    every = [(y, x) for y in centres for x in centres]
    half = patch // 2
    for k in range(count):
        y, x = every[k * len(every) // count]
        out = subject.x.copy()
        out[:, :, max(0, y - half):y - half + patch, max(0, x - half):x - half + patch] = 0
        yield out


def onnx_occlusion(subject, patch, stride, sample):
    """Seconds a position."""
    inputs = np.concatenate(list(occluded(subject, patch, stride, sample)))
    def run(batch, items=sample):
        parts = [inputs[i:min(items, i + batch)] for i in range(0, items, batch)]
        return timed(lambda: [subject.onnx(p) for p in parts]) / items
    return run


def captum_occlusion(subject, patch):
    """Seconds a position: 64 of them, with patches that lie as far apart as that takes."""
    occlusion, stride = Occlusion(subject.torch), 28
    steps = -(-(subject.x.shape[2] - patch) // stride) + 1
    def run(batch, items=None):
        work = lambda: occlusion.attribute(subject.tx, (3, patch, patch), strides=(3, stride, stride),
                                           target=subject.target, baselines=0, perturbations_per_eval=batch)
        return timed(work) / steps ** 2
    return run


class Projections:
    """Projections of the strongest units of a layer's maps, for networks whose layers follow each other."""

    def __init__(self, subject, layer):
        self.subject, self.layer, self.twin = subject, layer, subject.torch
        activation = self.twin.prefix(layer, subject.tx)[0]
        self.size = activation.shape
        flat = activation.flatten(1)
        self.strength, place = flat.max(1)
        self.y, self.x = place // self.size[2], place % self.size[2]
        self.maps = self.strength.argsort(descending=True, stable=True)
        self.captum = NeuronDeconvolution(self.twin, self.twin.layer(layer))

    def captum_run(self, batch, items):
        """Seconds a projection; the units of a batch beside each other, each in an image of its own."""
        def work():
            for first in range(0, items, batch):
                maps = self.maps[first:min(items, first + batch)]
                ys, xs, rows = self.y[maps], self.x[maps], torch.arange(len(maps))
                images = self.subject.tx.repeat(len(maps), 1, 1, 1).requires_grad_(True)
                self.captum.attribute(images, lambda out: out[rows, maps, ys, xs])
        return timed(work) / items

    def keep(self):
        """The pass with what the way back needs: sizes, and the places that pooling chose."""
        value, self.kept = self.subject.tx, []
        for name, _, output in self.twin.steps[:self.twin.place(self.layer) + 1]:
            module, before = getattr(self.twin, name), value
            if isinstance(module, torch.nn.MaxPool2d):
                value, indices = F.max_pool2d(before, module.kernel_size, module.stride, module.padding,
                                              ceil_mode=module.ceil_mode, return_indices=True)
                self.kept.append((module, before, indices))
            else:
                value = module(before)
                self.kept.append((module, before, None))

    def by_hand(self, maps, counted=None):
        """The projections of these maps, [n, 3, H, W], from the pass kept. `counted` gets the multiply-adds needed."""
        n = len(maps)
        signal = torch.zeros(n, *self.size)
        signal[torch.arange(n), maps, self.y[maps], self.x[maps]] = self.strength[maps]
        for module, before, indices in reversed(self.kept):
            if isinstance(module, torch.nn.ReLU):
                signal = F.relu(signal)
            elif isinstance(module, torch.nn.MaxPool2d):
                signal = torch.ops.aten.max_pool2d_with_indices_backward(
                    signal, before.expand(n, -1, -1, -1), module.kernel_size, module.stride, module.padding, (1, 1),
                    module.ceil_mode, indices.expand(n, -1, -1, -1))
            elif isinstance(module, torch.nn.Conv2d):
                if counted is not None:
                    counted.append(int((signal != 0).sum()) * module.weight[0].numel())
                lost = [(size + 2 * p - k) % s for size, p, k, s in
                        zip(before.shape[2:], module.padding, module.kernel_size, module.stride)]
                signal = F.conv_transpose2d(signal, module.weight, None, module.stride, module.padding, lost)
        return signal

    def hand_run(self, batch, items):
        def work():
            for first in range(0, items, batch): self.by_hand(self.maps[first:min(items, first + batch)])
        return timed(work) / items

    def needed(self, items):
        """Multiply-adds of so many projections where nothing is computed that is zero."""
        counted = []
        for first in range(0, items, 8): self.by_hand(self.maps[first:min(items, first + 8)], counted)
        return sum(counted)

    def check(self):
        """Our first projection against that by hand: the largest difference, as a part of the largest value."""
        mine = np.asarray(self.subject.ours.ask("projection", self.layer)["values"], dtype=np.float32)
        theirs = self.by_hand(self.maps[:1])[0].numpy().ravel()
        return np.abs(mine - theirs).max() / np.abs(theirs).max()


class Ablations:
    """Each of the first maps of a layer set to zero by itself."""

    def __init__(self, subject, layer):
        self.subject, self.layer, self.twin = subject, layer, subject.torch
        self.base = self.twin.prefix(layer, subject.tx)
        self.captum = LayerFeatureAblation(self.twin, self.twin.layer(layer))

    def captum_run(self, batch, items):
        """Seconds a map; all maps but the first `items` are one more, removed together."""
        maps, height, width = self.base.shape[1:]
        groups = torch.arange(maps).clamp(max=items)
        mask = groups.reshape(1, maps, 1, 1).expand(1, maps, height, width)
        work = lambda: self.captum.attribute(self.subject.tx, target=self.subject.target, layer_baselines=0,
                                             layer_mask=mask, perturbations_per_eval=batch)
        return timed(work) / (int(groups.max()) + 1)

    def hand_run(self, batch, items):
        """Seconds a map, the pass up to the layer kept."""
        def work():
            for first in range(0, items, batch):
                part = self.base.repeat(min(batch, items - first), 1, 1, 1)
                for k in range(part.shape[0]): part[k, first + k] = 0
                self.twin.rest(self.layer, part)
        return timed(work) / items
