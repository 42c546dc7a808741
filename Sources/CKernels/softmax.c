#pragma clang fp contract(off)

#include "CKernels.h"

void sb_softmax(const float *logits, float *probabilities, ptrdiff_t count) {
    float greatest = logits[0];
    for (ptrdiff_t i = 1; i < count; i++) greatest = logits[i] > greatest ? logits[i] : greatest;
    double sum = 0;
    for (ptrdiff_t i = 0; i < count; i++) sum += sb_exp((double)logits[i] - (double)greatest);
    for (ptrdiff_t i = 0; i < count; i++) {
        probabilities[i] = (float)(sb_exp((double)logits[i] - (double)greatest) / sum);
    }
}
