// SPDX-License-Identifier: AGPL-3.0-or-later
// The gate: a request line and headers from strangers. What it lets in must keep its own promises.
#include "base/base.h"
#include "web/gate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void promises(const struct gate_request *r, const struct gate_verdict *v)
{
    int hosts = 0, lengths = 0, encodings = 0;
    for (size_t i = 0; i < r->n; i++) {
        hosts += str_eq_nocase(r->header[i].name, STR("Host"));
        lengths += str_eq_nocase(r->header[i].name, STR("Content-Length"));
        encodings += str_eq_nocase(r->header[i].name, STR("Transfer-Encoding"));
        for (size_t k = 0; k < r->header[i].value.n; k++)
            ASSERT(r->header[i].value.p[k] != '\n' && r->header[i].value.p[k] != 0);
    }
    ASSERT(hosts == 1 && lengths + encodings <= 1);
    ASSERT(v->body >= -1 && v->chunked == (encodings == 1));
    ASSERT(r->raw_target.n && r->raw_target.p[0] == '/');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct gate_header h[GATE_HEADERS_MAX + 8];
    str rest = {(const char *)data, size}, line;
    struct gate_request r = {.header = h};
    if (size == 0)
        return 0;
    if (str_next(&rest, '\n', &line)) {
        size_t sp = str_find_byte(line, ' ');
        r.version = str_slice(line, 0, sp);
        r.raw_target = str_slice(line, sp + 1, line.n);
    }
    while (r.n < countof(h) && str_next(&rest, '\n', &line)) {
        size_t colon = str_find_byte(line, ':');
        h[r.n++] =
            (struct gate_header){str_slice(line, 0, colon), str_slice(line, colon + 1, line.n)};
    }
    struct gate_verdict v = gate_judge(&r);
    if (!v.refused)
        promises(&r, &v);
    return 0;
}
