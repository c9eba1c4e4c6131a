// SPDX-License-Identifier: AGPL-3.0-or-later
// Each table's key is its own type, so that mixing an area with a person does not compile.
// 0 is "no such thing": keys start at 1.
#ifndef BASE_IDS_H
#define BASE_IDS_H

#include "base/base.h"

#define ID_TYPE(name)                                                                              \
    typedef struct name {                                                                          \
        int64_t v;                                                                                 \
    } name

ID_TYPE(area_id);
ID_TYPE(layer_id);
ID_TYPE(zone_id);
ID_TYPE(indicator_id);
ID_TYPE(import_id);
ID_TYPE(mapping_id);
ID_TYPE(upload_id);
ID_TYPE(organisation_id);
ID_TYPE(org_role_id);
ID_TYPE(account_id);
ID_TYPE(session_id);

// A whole number that may be absent (SQL NULL).
typedef struct {
    bool has;
    int64_t v;
} opt_i64;

typedef struct {
    bool has;
    double v;
} opt_f64;

static inline opt_i64 some_i64(int64_t v)
{
    return (opt_i64){true, v};
}
static inline opt_f64 some_f64(double v)
{
    return (opt_f64){true, v};
}

#endif
