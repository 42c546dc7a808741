#pragma clang fp contract(off)

#include <string.h>

#include "CKernels.h"

static ptrdiff_t limited(ptrdiff_t value, ptrdiff_t low, ptrdiff_t high) {
    return value < low ? low : value > high ? high : value;
}

// One row of a part: zeros before the map, the map, zeros behind it.
static void copy_row(const sb_crop *c, const float *maps, float *to, ptrdiff_t row, sb_bounds part) {
    const ptrdiff_t first = limited(0, part.first_column, part.end_column), end = limited(c->width, first, part.end_column);
    const ptrdiff_t before = first - part.first_column, behind = part.end_column - end;
    if (before > 0) memset(to, 0, (size_t)(before * c->lanes) * sizeof(float));
    to += before * c->lanes;
    memcpy(to, maps + (row * c->width + first) * c->lanes, (size_t)((end - first) * c->lanes) * sizeof(float));
    if (behind > 0) memset(to + (end - first) * c->lanes, 0, (size_t)(behind * c->lanes) * sizeof(float));
}

static void copy_part(const sb_crop *c, sb_bounds part) {
    if (part.first_row >= part.end_row || part.first_column >= part.end_column) return;
    const ptrdiff_t columns = part.end_column - part.first_column;
    for (ptrdiff_t block = 0; block < c->blocks; block++) {
        const float *maps = c->maps + block * c->maps_block;
        float *to = c->crop + block * c->crop_block + (part.first_row - c->corner_row) * c->crop_row +
                    (part.first_column - c->corner_column) * c->lanes;
        for (ptrdiff_t row = part.first_row; row < part.end_row; row++, to += c->crop_row) {
            if (row >= 0 && row < c->height) {
                copy_row(c, maps, to, row, part);
            } else {
                memset(to, 0, (size_t)(columns * c->lanes) * sizeof(float));
            }
        }
    }
}

void sb_copy_frame(const sb_crop *c, sb_bounds outer, sb_bounds inner) {
    if (inner.first_row >= inner.end_row || inner.first_column >= inner.end_column) {
        copy_part(c, outer);
        return;
    }
    copy_part(c, (sb_bounds){outer.first_row, inner.first_row, outer.first_column, outer.end_column});
    copy_part(c, (sb_bounds){inner.first_row, inner.end_row, outer.first_column, inner.first_column});
    copy_part(c, (sb_bounds){inner.first_row, inner.end_row, inner.end_column, outer.end_column});
    copy_part(c, (sb_bounds){inner.end_row, outer.end_row, outer.first_column, outer.end_column});
}
